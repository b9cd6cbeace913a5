//! Pushed requests, RFC 9126.

use crate::oauth::words::request::Form;
use crate::oauth::words::server::Server;
use serde::{Deserialize, Serialize};

/// A request that waits for its browser.
#[derive(Serialize, Deserialize)]
pub(crate) struct PushedRequest {
    pub(crate) server: Server,
    pub(crate) form: Form,
    pub(crate) client_id: String,
    /// Seconds since the epoch.
    pub(crate) expires: i64,
}
