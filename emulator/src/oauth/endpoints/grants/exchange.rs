//! What all grants start from.

use crate::oauth::clients::access_policy::{self, Asked};
use crate::oauth::clients::client::Client;
use crate::oauth::memory::approval::Terms;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

/// What a grant needs to be turned into tokens.
pub(super) struct Exchange<'r> {
    pub(super) request: &'r OAuthRequest,
    pub(super) client: Client,
    /// `grant_type`.
    pub(super) kind: &'r str,
    /// The thumbprint of the key behind the DPoP proof, if there is one.
    pub(super) key: Option<String>,
}

impl Exchange<'_> {
    /// How long the tokens of this grant are good, if the server's access policy allows it.
    pub(super) fn terms(
        &self,
        org: &Org,
        user: Option<u64>,
        scopes: &[String],
    ) -> Result<Terms, OAuthError> {
        let asked = Asked {
            server: self.request.server,
            client: &self.client,
            grant_type: self.kind,
            user,
            scopes,
        };
        access_policy::terms(org, &asked)
    }
}
