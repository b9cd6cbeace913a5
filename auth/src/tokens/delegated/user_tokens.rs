//! How the tokens of a user are renewed.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::time::sleep;

use super::refused_tokens::RefusedTokens;
use super::store::Store;
use crate::oauth::{OAuthClient, Tokens};
use crate::tokens::cache::{AccessToken, TokenSource};
use crate::{Error, Secret};

/// How long whoever has won the race for a refresh token may take to save its successor.
const STORE_WAITS: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_secs(1),
];

/// The waits before a store that has failed is given the tokens again, in turn. After that it is
/// given them before the next renewal.
const SAVE_WAITS: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(10),
    Duration::from_secs(60),
];

/// The newest tokens of a user that are known here, and where to get newer ones.
#[derive(Debug)]
pub(super) struct UserTokens {
    oauth: OAuthClient,
    newest: Mutex<Tokens>,
    store: Mutex<Option<Arc<dyn Store>>>,
    /// The store does not have the newest tokens.
    unsaved: AtomicBool,
    /// One saving at a time, so that older tokens never replace newer ones.
    saving: tokio::sync::Mutex<()>,
    refused: RefusedTokens,
}

impl UserTokens {
    pub(super) fn new(oauth: OAuthClient, tokens: Tokens) -> Self {
        Self {
            oauth,
            newest: Mutex::new(tokens),
            store: Mutex::default(),
            unsaved: AtomicBool::new(false),
            saving: tokio::sync::Mutex::default(),
            refused: RefusedTokens::default(),
        }
    }

    pub(super) fn keep_in(&self, store: Arc<dyn Store>) {
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = Some(store);
    }

    fn store(&self) -> Option<Arc<dyn Store>> {
        let store = self.store.lock();
        store.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn tokens(&self) -> Tokens {
        self.newest().clone()
    }

    fn newest(&self) -> MutexGuard<'_, Tokens> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn renewed(self: &Arc<Self>) -> Result<Tokens, Error> {
        if let Some(tokens) = self.renewed_elsewhere().await? {
            return Ok(tokens);
        }
        let before = self.tokens();
        let was_refused = self.is_refused(&before);
        match self.refresh(&before).await {
            Err(error) if error.code() == Some("invalid_grant") && !was_refused => {
                self.after_lost_race(&before, error).await
            }
            result => result,
        }
    }

    /// Good tokens of the store that are newer than those here.
    async fn renewed_elsewhere(&self) -> Result<Option<Tokens>, Error> {
        let newest = self.tokens();
        if self.is_unsaved() {
            self.save().await;
            return Ok(None);
        }
        let Some(stored) = self.load().await else {
            return Ok(None);
        };
        let is_refused = |tokens| self.is_refused(tokens);
        let replaces_refused = is_refused(&newest) && !is_refused(&stored);
        if stored.expires_at <= newest.expires_at && !replaces_refused {
            return Ok(None);
        }
        let stored = self.adopt(stored)?;
        Ok(self.is_good(&stored).then_some(stored))
    }

    /// The refresh token is of no use any more. If another process has used it, the store has
    /// its successor, or will have in a moment.
    async fn after_lost_race(
        self: &Arc<Self>,
        before: &Tokens,
        error: Error,
    ) -> Result<Tokens, Error> {
        for wait in STORE_WAITS {
            sleep(wait).await;
            let Some(stored) = self.load().await else {
                break;
            };
            if stored.refresh_token == before.refresh_token {
                continue;
            }
            let stored = self.adopt(stored)?;
            return match self.is_good(&stored) {
                true => Ok(stored),
                false => self.refresh(&stored).await,
            };
        }
        Err(error)
    }

    /// Takes the tokens of the store in place of those here.
    ///
    /// # Errors
    /// A credentials error if they are of another user: the store mixes users up, and neither
    /// may act for the other.
    fn adopt(&self, mut stored: Tokens) -> Result<Tokens, Error> {
        let mut newest = self.newest();
        stored.succeed(&newest).inspect_err(|_| {
            tracing::error!("the store has the tokens of another user; they are not taken over");
        })?;
        tracing::debug!("another process has renewed the tokens; they are taken over");
        newest.clone_from(&stored);
        Ok(stored)
    }

    fn is_good(&self, tokens: &Tokens) -> bool {
        let now = self.oauth.clock().now();
        tokens.expires_at.is_none_or(|end| now < end)
    }

    fn is_refused(&self, tokens: &Tokens) -> bool {
        let token = tokens.refresh_token.as_ref();
        token.is_some_and(|token| self.refused.check(token).is_err())
    }

    async fn refresh(self: &Arc<Self>, before: &Tokens) -> Result<Tokens, Error> {
        let token = refresh_token(before)?;
        self.refused.check(token)?;
        let refreshed = self.oauth.refresh(token).replacing(before).send().await;
        let tokens = refreshed.inspect_err(|error| self.refused.note(token, error))?;
        // Before they are used or saved: whatever fails from here on, they are not lost.
        self.newest().clone_from(&tokens);
        self.save().await;
        if self.is_unsaved() {
            tokio::spawn(Arc::clone(self).save_later());
        }
        Ok(tokens)
    }

    async fn load(&self) -> Option<Tokens> {
        let store = self.store()?;
        let loaded = guarded(async move { store.load().await }).await;
        loaded
            .inspect_err(|error| tracing::warn!(%error, "the tokens could not be loaded"))
            .ok()?
    }

    fn is_unsaved(&self) -> bool {
        self.unsaved.load(Ordering::Relaxed)
    }

    async fn save(&self) {
        let Some(store) = self.store() else {
            return;
        };
        let _one = self.saving.lock().await;
        let tokens = self.tokens();
        let saved = guarded(async { store.save(&tokens).await }).await;
        if let Err(error) = &saved {
            tracing::error!(%error, "the renewed tokens could not be saved");
        }
        self.unsaved.store(saved.is_err(), Ordering::Relaxed);
    }

    /// Gives the store again what it failed to keep. Until then the tokens are here alone, and
    /// other processes have a refresh token that is used up.
    async fn save_later(self: Arc<Self>) {
        for wait in SAVE_WAITS {
            sleep(wait).await;
            if !self.is_unsaved() {
                return;
            }
            self.save().await;
        }
    }
}

/// The store is the caller's code: a panic in it is a failure like any other, for the tokens must
/// outlive it.
async fn guarded<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    outcome.unwrap_or_else(|_| Err(Error::credentials("the store of the tokens panicked")))
}

fn refresh_token(tokens: &Tokens) -> Result<&Secret, Error> {
    tokens.refresh_token.as_ref().ok_or_else(|| {
        Error::credentials(
            "the access token has ended and there is no refresh token; ask for the scope \
             `offline_access` at login",
        )
    })
}

impl TokenSource for Arc<UserTokens> {
    async fn fetch(&self) -> Result<AccessToken, Error> {
        self.oauth.access_token(&self.renewed().await?)
    }
}
