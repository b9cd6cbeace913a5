//! Remembering for a moment what the server said of a token.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use quick_cache::sync::Cache;

use super::Introspection;
use crate::jose::sha256;
use crate::oauth::{OAuthClient, TokenKind};
use crate::{Error, Secret};

/// The longest time for which an answer is kept.
const LONGEST: Duration = Duration::from_secs(600);

/// Asks the server about tokens, and keeps its answers for a short while. Clones share them.
///
/// A token that is revoked meanwhile counts as good until its answer is old, unless the cache is
/// told to [`forget`](IntrospectionCache::forget) it. Only answers about active tokens are kept,
/// and none beyond the token's `exp`.
///
/// ```no_run
/// use std::time::Duration;
/// use okta_auth::Secret;
/// use okta_auth::oauth::{IntrospectionCache, OAuthClient, TokenKind};
///
/// # async fn run(oauth: OAuthClient, token: Secret) -> Result<(), okta_auth::Error> {
/// let introspection = IntrospectionCache::new(oauth, Duration::from_secs(30), 10_000);
/// let answer = introspection.introspect(&token, TokenKind::AccessToken).await?;
/// println!("good: {}", answer.active);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct IntrospectionCache(Arc<Inner>);

struct Inner {
    oauth: OAuthClient,
    lifetime: Duration,
    answers: Cache<Key, Arc<Answer>>,
    /// How often something was forgotten: an answer that was asked for before that is not kept.
    forgotten: AtomicU64,
}

/// SHA-256 of a token. Its kind is no more than a hint for the server.
type Key = [u8; 32];

struct Answer {
    introspection: Introspection,
    from: SystemTime,
    until: SystemTime,
}

impl IntrospectionCache {
    /// Keeps up to `capacity` answers, each for `lifetime`, up to 10 minutes.
    #[must_use]
    pub fn new(oauth: OAuthClient, lifetime: Duration, capacity: usize) -> Self {
        Self(Arc::new(Inner {
            oauth,
            lifetime: lifetime.min(LONGEST),
            answers: Cache::new(capacity),
            forgotten: AtomicU64::new(0),
        }))
    }

    /// The client that asks.
    #[must_use]
    pub fn oauth(&self) -> &OAuthClient {
        &self.0.oauth
    }

    /// As [`OAuthClient::introspect`], by what is kept if there is an answer.
    ///
    /// # Errors
    /// As [`OAuthClient::introspect`]. Errors are not kept.
    pub async fn introspect(
        &self,
        token: &Secret,
        kind: TokenKind,
    ) -> Result<Introspection, Error> {
        let inner = &*self.0;
        let key = key(token);
        let now = inner.oauth.clock().now();
        if let Some(answer) = inner.answers.get(&key) {
            if (answer.from..answer.until).contains(&now) {
                return Ok(answer.introspection.clone());
            }
            inner.answers.remove(&key);
        }
        let forgotten = inner.forgotten.load(Ordering::SeqCst);
        let introspection = inner.oauth.introspect(token, kind).await?;
        if introspection.active && inner.forgotten.load(Ordering::SeqCst) == forgotten {
            inner.keep(key, &introspection, now);
            if inner.forgotten.load(Ordering::SeqCst) != forgotten {
                inner.answers.remove(&key);
            }
        }
        Ok(introspection)
    }

    /// Forgets the answers about `token`, such as after it was revoked or its user logged out.
    pub fn forget(&self, token: &Secret) {
        self.0.forgotten.fetch_add(1, Ordering::SeqCst);
        self.0.answers.remove(&key(token));
    }

    /// Forgets all answers.
    pub fn forget_all(&self) {
        self.0.forgotten.fetch_add(1, Ordering::SeqCst);
        self.0.answers.clear();
    }
}

impl Inner {
    fn keep(&self, key: Key, introspection: &Introspection, now: SystemTime) {
        let latest = now + self.lifetime;
        let until = introspection
            .expires_at
            .map_or(latest, |end| end.min(latest));
        let answer = Answer {
            introspection: introspection.clone(),
            from: now,
            until,
        };
        self.answers.insert(key, Arc::new(answer));
    }
}

fn key(token: &Secret) -> Key {
    sha256(token.expose())
}

impl fmt::Debug for IntrospectionCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntrospectionCache")
            .field("lifetime", &self.0.lifetime)
            .finish_non_exhaustive()
    }
}
