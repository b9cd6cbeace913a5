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

impl DeviceAuthorization {
    /// Whether it shows this code, with or without hyphens, in capitals or not.
    pub(crate) fn shows(&self, user_code: &str) -> bool {
        let wanted = user_code.replace('-', "");
        self.user_code.eq_ignore_ascii_case(&wanted)
    }
}
