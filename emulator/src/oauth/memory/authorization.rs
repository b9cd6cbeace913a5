//! Requests of browsers that wait for their user.

use crate::oauth::words::response_mode::ResponseMode;
use crate::oauth::words::server::Server;
use serde::{Deserialize, Serialize};

/// A request that was found in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AuthorizationRequest {
    pub(crate) server: Server,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) mode: ResponseMode,
    pub(crate) scopes: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) acr: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) prompt: Vec<String>,
    pub(crate) max_age: Option<i64>,
    pub(crate) login_hint: Option<String>,
}

impl AuthorizationRequest {
    pub(crate) fn prompts(&self, what: &str) -> bool {
        self.prompt.iter().any(|word| word == what)
    }
}
