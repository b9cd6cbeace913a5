//! Backchannel requests that wait for their users.

use crate::oauth::memory::decision::{Decision, Request};
use crate::tracked::expiring::Expiring;
use serde::{Deserialize, Serialize};

/// A request that waits for its user.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BackchannelAuthorization {
    /// Whom the client means.
    pub(crate) user: u64,
    pub(crate) request: Request,
    pub(crate) decision: Decision,
}

impl Expiring for BackchannelAuthorization {
    fn forgotten_from(&self) -> i64 {
        self.decision.forgotten_from()
    }
}
