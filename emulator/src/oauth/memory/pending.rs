//! What waits for its user at a page.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::oauth::memory::authorization::AuthorizationRequest;
use crate::tracked::expiring::Expiring;

/// How long a page waits, in seconds.
const LIFETIME: i64 = 3600;

/// What a user logs in for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Errand {
    Authorization(Box<AuthorizationRequest>),
    /// To let in the device that shows this code.
    Device(String),
}

/// A login of which the second factor is missing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Halfway {
    /// The state token under which it goes on.
    pub(crate) token: String,
    /// When the user gave the password, in seconds since the epoch.
    pub(crate) since: i64,
}

/// What waits for its user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) errand: Errand,
    /// None before the password.
    pub(crate) login: Option<Halfway>,
    expires: Timestamp,
}

impl Expiring for Pending {
    fn forgotten_from(&self) -> i64 {
        self.expires.0.timestamp_millis()
    }
}

impl Pending {
    pub(crate) fn new(errand: Errand, login: Option<Halfway>, now: Timestamp) -> Self {
        Self {
            errand,
            login,
            expires: now.later(LIFETIME),
        }
    }

    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires
    }
}
