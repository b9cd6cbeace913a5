//! How the tokens of a user are renewed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use super::store::Store;
use crate::oauth::{OAuthClient, Tokens};
use crate::tokens::cache::{AccessToken, RefusedTokens, TokenSource};
use crate::{Error, Secret};

/// How long whoever has won the race for a refresh token may take to save its successor.
const STORE_WAITS: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_secs(1),
];

/// The newest tokens of a user that are known here, and where to get newer ones.
#[derive(Debug)]
pub(super) struct UserTokens {
    oauth: OAuthClient,
    newest: Mutex<Tokens>,
    store: Mutex<Option<Arc<dyn Store>>>,
    /// The store does not have the newest tokens.
    unsaved: AtomicBool,
    refused: RefusedTokens,
}

impl UserTokens {
    pub(super) fn new(oauth: OAuthClient, tokens: Tokens) -> Self {
        Self {
            oauth,
            newest: Mutex::new(tokens),
            store: Mutex::default(),
            unsaved: AtomicBool::new(false),
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

    async fn renewed(&self) -> Result<Tokens, Error> {
        if let Some(tokens) = self.renewed_elsewhere().await {
            return Ok(tokens);
        }
        let before = self.tokens();
        match self.refresh(&before).await {
            Err(error) if error.code() == Some("invalid_grant") => {
                self.after_lost_race(&before, error).await
            }
            result => result,
        }
    }

    /// Good tokens of the store that are newer than those here.
    async fn renewed_elsewhere(&self) -> Option<Tokens> {
        if self.unsaved.load(Ordering::Relaxed) {
            self.save(&self.tokens()).await;
            return None;
        }
        let stored = self.load().await?;
        if stored.expires_at <= self.tokens().expires_at {
            return None;
        }
        self.adopt(&stored);
        self.is_good(&stored).then_some(stored)
    }

    /// The refresh token is of no use any more. If another process has used it, the store has
    /// its successor, or will have in a moment.
    async fn after_lost_race(&self, before: &Tokens, error: Error) -> Result<Tokens, Error> {
        for wait in STORE_WAITS {
            sleep(wait).await;
            let Some(stored) = self.load().await else {
                break;
            };
            if stored.refresh_token == before.refresh_token {
                continue;
            }
            self.adopt(&stored);
            return match self.is_good(&stored) {
                true => Ok(stored),
                false => self.refresh(&stored).await,
            };
        }
        Err(error)
    }

    fn adopt(&self, stored: &Tokens) {
        tracing::debug!("another process has renewed the tokens; they are taken over");
        self.newest().clone_from(stored);
    }

    fn is_good(&self, tokens: &Tokens) -> bool {
        let now = self.oauth.clock().now();
        tokens.expires_at.is_none_or(|end| now < end)
    }

    async fn refresh(&self, before: &Tokens) -> Result<Tokens, Error> {
        let token = refresh_token(before)?;
        self.refused.check(token)?;
        let refreshed = self.oauth.refresh(token).replacing(before).send().await;
        let tokens = refreshed.inspect_err(|error| self.refused.note(token, error))?;
        self.newest().clone_from(&tokens);
        self.save(&tokens).await;
        Ok(tokens)
    }

    async fn load(&self) -> Option<Tokens> {
        let loaded = self.store()?.load().await;
        loaded
            .inspect_err(|error| tracing::warn!(%error, "the tokens could not be loaded"))
            .ok()?
    }

    async fn save(&self, tokens: &Tokens) {
        let Some(store) = self.store() else {
            return;
        };
        let saved = store.save(tokens).await;
        if let Err(error) = &saved {
            tracing::error!(%error, "the renewed tokens could not be saved");
        }
        self.unsaved.store(saved.is_err(), Ordering::Relaxed);
    }
}

fn refresh_token(tokens: &Tokens) -> Result<&Secret, Error> {
    tokens.refresh_token.as_ref().ok_or_else(|| {
        Error::credentials(
            "the access token has ended and there is no refresh token; ask for the scope \
             `offline_access` at login",
        )
    })
}

impl TokenSource for UserTokens {
    async fn fetch(&self) -> Result<AccessToken, Error> {
        self.oauth.access_token(&self.renewed().await?)
    }
}
