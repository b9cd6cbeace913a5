//! Devices that wait for their users, RFC 8628.

use crate::oauth::memory::decision::{Decision, Request};
use crate::tracked::expiring::Expiring;
use serde::{Deserialize, Serialize};

/// A device that waits for its user.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeviceAuthorization {
    pub(crate) user_code: String,
    pub(crate) request: Request,
    pub(crate) decision: Decision,
}

impl Expiring for DeviceAuthorization {
    fn forgotten_from(&self) -> i64 {
        self.decision.forgotten_from()
    }
}
