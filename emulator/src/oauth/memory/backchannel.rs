//! Backchannel requests that wait for their users.

use crate::oauth::memory::decision::{Decision, Request};
use serde::{Deserialize, Serialize};

/// A request that waits for its user.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BackchannelAuthorization {
    /// Whom the client means.
    pub(crate) user: u64,
    pub(crate) request: Request,
    pub(crate) decision: Decision,
}
