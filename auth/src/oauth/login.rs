//! A login that has begun.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Scopes, exposed};
use crate::Secret;
use crate::verifier::IdTokenChecks;

/// A login that has begun: where to send the browser, and what its answer will be held against.
/// Made by [`LoginBuilder::start`](super::LoginBuilder::start).
///
/// Keep it in the user's session **on the server**, bound to the very browser, and take it out
/// when the callback comes, so that it serves once. **It serializes with its secrets in clear
/// text**: neither a cookie that the browser can read nor a log is a place for it. `Debug` shows
/// none of them.
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
}

impl Login {
    /// Where to send the browser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the callback will repeat: with it, the login can be found again among several that
    /// one browser has begun.
    #[must_use]
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// What the ID token must say.
    pub(super) fn checks(&self) -> IdTokenChecks {
        let mut checks = IdTokenChecks::new();
        if let Some(nonce) = &self.nonce {
            checks = checks.nonce(nonce.clone());
        }
        if let Some(max_age) = self.max_age {
            checks = checks.max_age(Duration::from_secs(max_age));
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
