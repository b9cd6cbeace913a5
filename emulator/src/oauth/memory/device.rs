//! Devices that wait for their users, RFC 8628.

use crate::oauth::memory::decision::{Decision, Request};
use serde::{Deserialize, Serialize};

/// A device that waits for its user.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeviceAuthorization {
    pub(crate) user_code: String,
    pub(crate) request: Request,
    pub(crate) decision: Decision,
}
