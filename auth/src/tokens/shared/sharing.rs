//! Taking a token from the store, or putting one there.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::place::Place;
use super::refused::RefusedTokens;
use super::sealing::{Sealed, open, seal};
use super::{SharedEntry, SharedTokens};
use crate::jose::{base64url, random};
use crate::oauth::{OAuthClient, Scopes, Tokens};
use crate::tokens::cache::{AccessToken, early};
use crate::{Error, Secret};

/// How long one process may ask before another one does too.
const LOCK_LIFE: Duration = Duration::from_secs(10);

/// How long a process waits for the token that another one is asking for, and how often it looks.
const LONGEST_WAIT: Duration = Duration::from_secs(3);
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// The part of one process in sharing tokens.
#[derive(Debug)]
pub(in crate::tokens) struct Sharing {
    shared: SharedTokens,
    refused: RefusedTokens,
}

/// A token of the store.
struct Opened {
    token: Secret,
    /// How long it was good when it was new, and how long it still is.
    life: Duration,
    left: Duration,
}

impl Sharing {
    pub(in crate::tokens) fn new(shared: SharedTokens) -> Self {
        let refused = RefusedTokens::default();
        Self { shared, refused }
    }

    /// `token` was refused: it is not to come back from the store.
    pub(in crate::tokens) fn refuse(&self, token: &AccessToken) {
        self.refused.note(token.text());
    }

    /// A token of the store, or else that of `ask`, which is then put there.
    pub(in crate::tokens) async fn token(
        &self,
        client: &OAuthClient,
        scopes: &Scopes,
        ask: impl Future<Output = Result<Tokens, Error>>,
    ) -> Result<AccessToken, Error> {
        let Some(place) = Place::of(client, scopes) else {
            return client.access_token(&ask.await?);
        };
        let holder = holder()?;
        match self.find(&place, &holder).await {
            Ok(Some(token)) => Ok(token),
            Ok(None) => {
                let tokens = ask.await;
                let kept = self.keep(&place, &holder, tokens.as_ref().ok()).await;
                kept.unwrap_or_else(|error| {
                    tracing::warn!(%error, "the access token could not be shared");
                });
                client.access_token(&tokens?)
            }
            Err(error) => {
                tracing::warn!(%error, "the shared tokens are out of reach; this process asks for \
                                        its own");
                client.access_token(&ask.await?)
            }
        }
    }

    /// `None` if it is the turn of this process to ask: it has the lock, or has waited long enough.
    async fn find(&self, place: &Place<'_>, holder: &str) -> Result<Option<AccessToken>, Error> {
        let store = &self.shared.store;
        let end = Instant::now() + LONGEST_WAIT;
        while Instant::now() < end {
            if let Some(token) = self.look(place).await? {
                return Ok(Some(token));
            }
            if store.lock(&place.name, holder, LOCK_LIFE).await? {
                let token = self.last_look(place).await?;
                if token.is_some() {
                    // Else it ends by itself.
                    store.unlock(&place.name, holder).await.ok();
                }
                return Ok(token);
            }
            sleep(BETWEEN_LOOKS).await;
        }
        Ok(None)
    }

    async fn look(&self, place: &Place<'_>) -> Result<Option<AccessToken>, Error> {
        let entry = self.shared.store.load(&place.name).await?;
        let opened = entry.and_then(|entry| self.open(place, &entry));
        Ok(opened.and_then(|opened| self.usable(place, opened)))
    }

    /// A look with the lock: who had it before may have saved a token since the look before. Whoever
    /// has it is about to replace the entry.
    async fn last_look(&self, place: &Place<'_>) -> Result<Option<AccessToken>, Error> {
        let Some(entry) = self.shared.store.load(&place.name).await? else {
            return Ok(None);
        };
        let opened = self.open(place, &entry);
        if opened.is_none() {
            tracing::warn!(
                "a shared token does not open, so that it is replaced: it was sealed with another \
                 key, or changed in the store"
            );
        }
        Ok(opened.and_then(|opened| self.usable(place, opened)))
    }

    /// The token of an entry, with the life that it has left.
    fn open(&self, place: &Place<'_>, entry: &SharedEntry) -> Option<Opened> {
        let Sealed { token, life } = open(&self.shared.keys, &place.name, &entry.sealed)?;
        let left = entry.left.min(life);
        Some(Opened { token, life, left })
    }

    /// The token, unless it is of no use here: about to be renewed, or refused.
    fn usable(&self, place: &Place<'_>, opened: Opened) -> Option<AccessToken> {
        if opened.left <= early(opened.life) || self.refused.has(&opened.token) {
            return None;
        }
        let end = place.client.clock().now().checked_add(opened.left)?;
        place.access_token(opened.token, end).ok()
    }

    /// Puts the token into the store, if there is one, and lets the next process have its turn.
    async fn keep(
        &self,
        place: &Place<'_>,
        holder: &str,
        tokens: Option<&Tokens>,
    ) -> Result<(), Error> {
        if let Some(entry) = tokens.and_then(|tokens| self.entry(place, tokens)) {
            self.shared.store.save(&place.name, entry).await?;
        }
        self.shared.store.unlock(&place.name, holder).await
    }

    /// `None` for a token of which it is not known when it ends.
    fn entry(&self, place: &Place<'_>, tokens: &Tokens) -> Option<SharedEntry> {
        let now = place.client.clock().now();
        let life = tokens.expires_at?.duration_since(now).ok()?;
        let token = Secret::clone(&tokens.access_token);
        let sealed = seal(&self.shared.keys, &place.name, &Sealed { token, life })?;
        Some(SharedEntry::new(sealed, life))
    }
}

/// A name for the holder of a lock that no other one has.
fn holder() -> Result<String, Error> {
    Ok(base64url::encode(random::<16>()?))
}

#[cfg(test)]
mod tests;
