//! Requests of browsers that wait for their user at a page.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::oauth::memory::authorization::AuthorizationRequest;
use crate::tracked::expiring::Expiring;

/// How long a page waits, in seconds.
const LIFETIME: i64 = 3600;

/// A request that waits for its user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) authorization: AuthorizationRequest,
    expires: Timestamp,
}

impl Expiring for Pending {
    fn forgotten_from(&self) -> i64 {
        self.expires.0.timestamp_millis()
    }
}

impl Pending {
    pub(crate) fn new(authorization: AuthorizationRequest, now: Timestamp) -> Self {
        Self {
            authorization,
            expires: now.later(LIFETIME),
        }
    }

    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires
    }
}
