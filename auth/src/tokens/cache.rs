//! An access token that is renewed in time, once for all who need it.

mod access_token;
mod of_oauth;
mod provider;

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::HeaderValue;

pub(crate) use self::access_token::AccessToken;
use crate::fetch::SharedFetch;
use crate::{Clock, Error};

/// A token is renewed this long before its end, or when a tenth of its life is left if that is
/// later.
const EARLY: Duration = Duration::from_secs(5 * 60);

/// A token that was refused (401) is replaced at most once in this time: a server that refuses all
/// tokens, or some calls whatever the token, does not make the other one hand out more of them.
const FORCED_EVERY: Duration = Duration::from_secs(10);

/// How long before its end a token that is good for `life` is renewed.
pub(crate) fn early(life: Duration) -> Duration {
    EARLY.min(life / 10)
}

/// Where tokens come from.
pub(crate) trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// Asks for a token. It is never called again before it has ended, and it is not cancelled
    /// with whoever waits for it, so a rotated refresh token is not lost.
    fn fetch(&self) -> impl Future<Output = Result<AccessToken, Error>> + Send;

    /// `token` was refused, and is given up: the next one has to be another.
    fn refused(&self, _token: &AccessToken) {}
}

/// Keeps the token of a source. Any number of tasks may ask for it; one request at a time is
/// made.
///
/// - A token that nears its end is renewed in the background and used meanwhile. If that fails,
///   whatever the reason, the old one is used as long as it is good.
/// - Without a good token everyone waits for the one request, and gets its token or its error.
/// - An error is remembered for a while, and handed out without asking again; see
///   [`SharedFetch`].
pub(crate) struct TokenCache<S>(Arc<Inner<S>>);

struct Inner<S> {
    source: S,
    clock: Clock,
    state: Mutex<State>,
    renewal: SharedFetch<Held>,
}

#[derive(Default)]
struct State {
    held: Option<Arc<Held>>,
    /// When a token was refused and given up last.
    forced_at: Option<SystemTime>,
}

/// A token, and what has become of it.
pub(crate) struct Held {
    token: AccessToken,
    renew_at: Option<SystemTime>,
}

impl<S: TokenSource> TokenCache<S> {
    /// An empty cache; nothing is asked for yet.
    pub(crate) fn new(source: S, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            source,
            state: Mutex::default(),
            renewal: SharedFetch::new(clock.clone()),
            clock,
        }))
    }

    /// A cache that holds `token` already.
    pub(crate) fn holding(self, token: AccessToken) -> Self {
        let now = self.0.clock.now();
        self.0.state().held = Some(Arc::new(Held::new(token, now)));
        self
    }

    pub(crate) fn source(&self) -> &S {
        &self.0.source
    }

    /// A token that has not ended.
    ///
    /// # Errors
    /// That of the one request that everybody waited for, or of one a while ago.
    pub(crate) async fn token(&self) -> Result<Arc<Held>, Error> {
        let now = self.0.clock.now();
        let held = self.0.state().held.clone();
        let Some(held) = held.filter(|held| held.is_good(now)) else {
            return self.0.renewal.get(Arc::clone(&self.0).renew()).await;
        };
        if held.is_due(now) {
            // It goes on without us.
            drop(self.0.renewal.get(Arc::clone(&self.0).renew()));
        }
        Ok(held)
    }

    /// The server refused the token that was sent as `authorization`. True if there is, or will
    /// be, another one to send.
    fn refused(&self, authorization: &HeaderValue) -> bool {
        let now = self.0.clock.now();
        let mut state = self.0.state();
        let is_held = state
            .held
            .as_ref()
            .is_some_and(|held| held.token.authorization() == authorization);
        if is_held {
            if state.was_forced_lately(now) {
                return false;
            }
            if let Some(held) = state.held.take() {
                self.0.source.refused(&held.token);
            }
            state.forced_at = Some(now);
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
        let token = self.source.fetch().await;
        let now = self.clock.now();
        let held = token.and_then(|token| Held::new(token, now).if_good(now));
        let mut state = self.state();
        match held {
            Ok(held) => {
                let held = Arc::new(held);
                state.held = Some(Arc::clone(&held));
                Ok(held)
            }
            Err(error) => {
                if state.held.as_ref().is_some_and(|held| held.is_good(now)) {
                    tracing::warn!(%error, "the access token could not be renewed; it is used on");
                }
                Err(Error::no_credentials(error))
            }
        }
    }
}

impl<S> Inner<S> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A time in the future means that the clock was set back: it does not count.
    fn was_forced_lately(&self, now: SystemTime) -> bool {
        let passed = self.forced_at.and_then(|at| now.duration_since(at).ok());
        passed.is_some_and(|passed| passed < FORCED_EVERY)
    }
}

impl Held {
    fn new(token: AccessToken, now: SystemTime) -> Self {
        let renew_at = token.expires_at().map(|end| {
            let life = end.duration_since(now).unwrap_or_default();
            end - early(life)
        });
        Self { token, renew_at }
    }

    /// A token that comes ended would be asked for again by each call.
    fn if_good(self, now: SystemTime) -> Result<Self, Error> {
        match self.is_good(now) {
            true => Ok(self),
            false => Err(Error::credentials(
                "the access token had ended when it came; its `expires_in` is 0",
            )),
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
}

impl<S: fmt::Debug> fmt::Debug for TokenCache<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenCache").field(&self.0.source).finish()
    }
}

#[cfg(test)]
mod tests;
