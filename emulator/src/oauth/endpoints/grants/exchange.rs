//! What all grants start from.

use crate::oauth::clients::client::Client;
use crate::oauth::words::request::OAuthRequest;

/// What a grant needs to be turned into tokens.
pub(super) struct Exchange<'r> {
    pub(super) request: &'r OAuthRequest,
    pub(super) client: Client,
    /// `grant_type`.
    pub(super) kind: &'r str,
    /// The thumbprint of the key behind the DPoP proof, if there is one.
    pub(super) key: Option<String>,
}
