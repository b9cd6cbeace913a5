//! What all grants start from.

use crate::oauth::clients::access_policy::{self, Asked};
use crate::oauth::clients::client::Client;
use crate::oauth::memory::approval::Terms;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

/// `grant_type` of RFC 6749 section 4.3.
const PASSWORD: &str = "password";

/// Turns a grant into tokens.
pub(super) type Grant = fn(&mut Org, &Exchange<'_>) -> Result<Issued, OAuthError>;

/// What a grant needs to be turned into tokens.
pub(crate) struct Exchange<'r> {
    pub(super) request: &'r OAuthRequest,
    pub(super) client: Client,
    /// `grant_type`.
    pub(super) kind: &'r str,
    pub(super) grant: Grant,
    /// The thumbprint of the key behind the DPoP proof, if there is one.
    pub(super) key: Option<String>,
}

impl Exchange<'_> {
    /// The name and the password that the grant consists of, if it is `password`.
    pub(crate) fn credentials(&self) -> Option<(&str, &str)> {
        let form = &self.request.form;
        let credentials = (form.get("username")?, form.get("password")?);
        (self.kind == PASSWORD).then_some(credentials)
    }

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
