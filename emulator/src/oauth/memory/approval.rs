//! What tokens and codes stand for.

use crate::oauth::words::server::Server;

/// What a user or an administrator allowed a client to do.
#[derive(Clone, Debug)]
pub(crate) struct Approval {
    pub(crate) server: Server,
    pub(crate) client_id: String,
    /// None where the client acts on its own.
    pub(crate) user: Option<u64>,
    pub(crate) scopes: Vec<String>,
    /// When the user gave the password, in seconds since the epoch.
    pub(crate) authenticated: i64,
    pub(crate) nonce: Option<String>,
    /// The assurance that the client asked for.
    pub(crate) acr: Option<String>,
    /// All tokens that came from one approval; they fall together.
    pub(crate) family: String,
}

impl Approval {
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}
