//! An access token that is renewed in time, once for all who need it.

mod access_token;
mod of_oauth;
mod provider;

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::HeaderValue;

pub(crate) use self::access_token::AccessToken;
use crate::fetch::SingleFlight;
use crate::{Clock, Error};

/// A token is renewed this long before its end, or when a tenth of its life is left if that is
/// later.
const EARLY: Duration = Duration::from_secs(5 * 60);

/// After a renewal that failed the next one waits this long, while the token is still good.
const PAUSE: Duration = Duration::from_secs(10);

/// A token that was got because its predecessor was refused, and is refused too, is kept this
/// long: a server that refuses all tokens does not make the other one hand out more of them.
const FORCED_EVERY: Duration = Duration::from_secs(10);

/// Where tokens come from.
pub(crate) trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// Asks for a token. It is never called again before it has ended, and it is not cancelled
    /// with whoever waits for it, so a rotated refresh token is not lost.
    fn fetch(&self) -> impl Future<Output = Result<AccessToken, Error>> + Send;
}

/// Keeps the token of a source. Any number of tasks may ask for it; one request at a time is
/// made.
///
/// - A token that nears its end is renewed in the background and used meanwhile. If that fails,
///   whatever the reason, the old one is used as long as it is good.
/// - Without a good token everyone waits for the one request, and gets its token or its error.
pub(crate) struct TokenCache<S>(Arc<Inner<S>>);

struct Inner<S> {
    source: S,
    clock: Clock,
    state: Mutex<State>,
    renewal: SingleFlight<Held>,
}

#[derive(Default)]
struct State {
    held: Option<Arc<Held>>,
    /// No renewal in the background before this.
    paused_until: Option<SystemTime>,
    /// The token was refused, and there is no other yet.
    refused: bool,
}

/// A token, and what has become of it.
pub(crate) struct Held {
    token: AccessToken,
    since: SystemTime,
    renew_at: Option<SystemTime>,
    /// Its predecessor was refused.
    forced: bool,
    /// It was taken at least once.
    proven: AtomicBool,
}

impl<S: TokenSource> TokenCache<S> {
    /// An empty cache; nothing is asked for yet.
    pub(crate) fn new(source: S, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            source,
            clock,
            state: Mutex::default(),
            renewal: SingleFlight::new(),
        }))
    }

    /// A cache that holds `token` already.
    pub(crate) fn holding(self, token: AccessToken) -> Self {
        let now = self.0.clock.now();
        self.0.state().held = Some(Arc::new(Held::new(token, now, false)));
        self
    }

    pub(crate) fn source(&self) -> &S {
        &self.0.source
    }

    /// A token that has not ended.
    ///
    /// # Errors
    /// That of the one request that everybody waited for.
    pub(crate) async fn token(&self) -> Result<Arc<Held>, Error> {
        let now = self.0.clock.now();
        let (good, is_time) = {
            let state = self.0.state();
            let good = state.held.clone().filter(|held| held.is_good(now));
            let is_due = good.as_ref().is_some_and(|held| held.is_due(now));
            (good, is_due && !state.is_paused(now))
        };
        let Some(held) = good else {
            return self.0.renewal.join(Arc::clone(&self.0).renew()).await;
        };
        if is_time {
            // It goes on without us.
            drop(self.0.renewal.join(Arc::clone(&self.0).renew()));
        }
        Ok(held)
    }

    /// The server refused the token that was sent as `authorization`. True if there is, or will
    /// be, another one to send.
    fn refused(&self, authorization: &HeaderValue) -> bool {
        let now = self.0.clock.now();
        let mut state = self.0.state();
        if let Some(held) = &state.held
            && held.token.authorization() == authorization
        {
            if held.is_hopeless(now) {
                return false;
            }
            state.held = None;
            state.refused = true;
        }
        true
    }

    /// The token that was sent as `authorization`, if it is still held.
    fn held(&self, authorization: &HeaderValue) -> Option<Arc<Held>> {
        let held = self.0.state().held.clone();
        held.filter(|held| held.token.authorization() == authorization)
    }
}

impl<S: TokenSource> Inner<S> {
    async fn renew(self: Arc<Self>) -> Result<Arc<Held>, Error> {
        // Another request may have ended between the look at the token and this.
        let now = self.clock.now();
        if let Some(held) = self.state().held.clone().filter(|held| held.is_fresh(now)) {
            return Ok(held);
        }
        let result = self.source.fetch().await;
        let now = self.clock.now();
        self.state().settle(result, now)
    }
}

impl<S> Inner<S> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_paused(&self, now: SystemTime) -> bool {
        self.paused_until.is_some_and(|until| now < until)
    }

    fn settle(
        &mut self,
        result: Result<AccessToken, Error>,
        now: SystemTime,
    ) -> Result<Arc<Held>, Error> {
        match result {
            Ok(token) => {
                let held = Arc::new(Held::new(token, now, self.refused));
                self.held = Some(Arc::clone(&held));
                self.paused_until = None;
                self.refused = false;
                Ok(held)
            }
            Err(error) => {
                if self.held.as_ref().is_some_and(|held| held.is_good(now)) {
                    tracing::warn!(%error, "the access token could not be renewed; it is used on");
                }
                let pause = error.retry_after().unwrap_or_default().max(PAUSE);
                self.paused_until = now.checked_add(pause);
                Err(Error::no_credentials(error))
            }
        }
    }
}

impl Held {
    fn new(token: AccessToken, now: SystemTime, forced: bool) -> Self {
        let renew_at = token.expires_at().map(|end| {
            let life = end.duration_since(now).unwrap_or_default();
            end - EARLY.min(life / 10)
        });
        Self {
            token,
            since: now,
            renew_at,
            forced,
            proven: AtomicBool::new(false),
        }
    }

    fn is_good(&self, now: SystemTime) -> bool {
        self.token.expires_at().is_none_or(|end| now < end)
    }

    fn is_due(&self, now: SystemTime) -> bool {
        self.renew_at.is_some_and(|due| due <= now)
    }

    fn is_fresh(&self, now: SystemTime) -> bool {
        self.is_good(now) && !self.is_due(now)
    }

    /// Another one would most likely be refused too.
    fn is_hopeless(&self, now: SystemTime) -> bool {
        let age = now.duration_since(self.since).unwrap_or_default();
        self.forced && !self.proven.load(Ordering::Relaxed) && age < FORCED_EVERY
    }
}

impl<S: fmt::Debug> fmt::Debug for TokenCache<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenCache").field(&self.0.source).finish()
    }
}

#[cfg(test)]
mod tests;
