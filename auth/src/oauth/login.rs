//! A login that has begun.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{Scopes, exposed};
use crate::verifier::IdTokenChecks;
use crate::verifier::claims::time;
use crate::{Error, Secret};

/// How far the clocks of processes that share logins may be apart, in seconds.
const SKEW: i64 = 120;

/// A login that has begun: where to send the browser, and what its answer will be held against.
/// Made by [`LoginBuilder::start`](super::LoginBuilder::start).
///
/// Keep it in the user's session **on the server**, bound to the very browser, and take it out
/// when the callback comes, so that it serves once. **It serializes with its secrets in clear
/// text**: neither a cookie that the browser can read nor a log is a place for it. `Debug` shows
/// none of them.
///
/// It ends at [`expires_at`](Login::expires_at), whatever became of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Login {
    pub(super) url: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) scopes: Scopes,
    #[serde(with = "exposed")]
    pub(super) state: Secret,
    #[serde(with = "exposed")]
    pub(super) code_verifier: Secret,
    /// Only where an ID token is to come.
    #[serde(with = "exposed::option")]
    pub(super) nonce: Option<Secret>,
    /// In seconds.
    pub(super) max_age: Option<u64>,
    pub(super) acr_values: Vec<String>,
    #[serde(default)]
    pub(super) resources: Vec<String>,
    pub(super) began_at: BeganAt,
    /// In seconds since 1970.
    pub(super) ends_at: i64,
    /// When the URL ends, where that is before the login does. In seconds since 1970.
    pub(super) url_ends_at: Option<i64>,
}

/// When a login began, in seconds since 1970. Logins of releases before there was a time are
/// refused as they are read.
#[derive(Clone, Copy, Serialize)]
pub(super) struct BeganAt(pub(super) i64);

impl<'de> Deserialize<'de> for BeganAt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = Option::deserialize(deserializer)?;
        seconds.map(Self).ok_or_else(|| {
            de::Error::custom(
                "the stored login does not say when it began (`began_at`), so an older release \
                 stored it; begin a new login",
            )
        })
    }
}

impl Login {
    /// Where to send the browser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same without its [`url`](Login::url), which is most of what it takes to keep one: for
    /// after the browser has been sent there. The login ends as before.
    #[must_use]
    pub fn without_url(mut self) -> Self {
        self.url = String::new();
        self
    }

    /// What the callback will repeat: with it, the login can be found again among several that
    /// one browser has begun.
    #[must_use]
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// When the login ends: its code is not exchanged after that. See
    /// [`LoginBuilder::lifetime`](super::LoginBuilder::lifetime).
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        time(self.ends_at).unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// Until when the browser can be sent to [`url`](Login::url). Where the parameters were sent
    /// ahead, the server says how long it keeps them (`expires_in`; RFC 9126, section 2.2), which
    /// may be a minute. After that begin a new login. The user may take longer to log in, once
    /// the browser is there.
    #[must_use]
    pub fn url_expires_at(&self) -> SystemTime {
        let ends_at = self
            .url_ends_at
            .map_or(self.ends_at, |end| end.min(self.ends_at));
        time(ends_at).unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// That it has not ended at `now`, in seconds since 1970.
    pub(super) fn check_age(&self, now: i64) -> Result<(), Error> {
        let refuse = |why| {
            Err(Error::credentials(format!(
                "the login {why}; begin a new login"
            )))
        };
        if now >= self.ends_at {
            return refuse("has ended: it began too long ago");
        }
        if self.began_at.0 > now.saturating_add(SKEW) {
            return refuse("says that it begins in the future");
        }
        Ok(())
    }

    /// What the ID token must say.
    pub(super) fn checks(&self) -> IdTokenChecks {
        let mut checks = IdTokenChecks::new();
        if let Some(nonce) = &self.nonce {
            checks = checks.nonce(nonce.clone());
        }
        if let Some(max_age) = self.max_age {
            checks = checks.max_age(Duration::from_secs(max_age));
            checks = checks.login_began_at(time(self.began_at.0));
        }
        checks.acr(&self.acr_values)
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
