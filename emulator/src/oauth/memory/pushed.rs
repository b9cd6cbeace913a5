//! Pushed requests, RFC 9126.

use crate::oauth::words::request::Form;
use crate::oauth::words::server::Server;
use crate::tracked::expiring::Expiring;
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

impl Expiring for PushedRequest {
    fn forgotten_from(&self) -> i64 {
        self.expires.saturating_mul(1000)
    }
}

impl PushedRequest {
    /// How long a pushed request waits for its browser, in seconds.
    pub(crate) const LIFETIME: i64 = 3600;
}
