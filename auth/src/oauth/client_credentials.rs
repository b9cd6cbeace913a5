//! A service that acts for itself.

use super::form::Form;
use super::token_request::TokenRequest;
use super::{OAuthClient, Scopes, Tokens};
use crate::Error;

/// The client credentials flow (RFC 6749, section 4.4), about to be sent. Made by
/// [`OAuthClient::client_credentials`].
#[must_use = "nothing is sent before `send`"]
#[derive(Clone, Debug)]
pub struct ClientCredentials<'a> {
    client: &'a OAuthClient,
    scopes: Vec<String>,
    resources: Vec<String>,
}

impl OAuthClient {
    /// Gets an access token for the client itself, with no user (RFC 6749, section 4.4).
    ///
    /// The org's own server issues tokens for Okta's APIs this way, to clients with a private
    /// key; a custom server for yours.
    ///
    /// Source: <https://developer.okta.com/docs/guides/implement-grant-type/clientcreds/main/>
    pub fn client_credentials(&self) -> ClientCredentials<'_> {
        ClientCredentials {
            client: self,
            scopes: Vec::new(),
            resources: Vec::new(),
        }
    }
}

impl ClientCredentials<'_> {
    /// What the token is to allow, such as `["okta.users.read"]`. Without any, Okta grants the
    /// server's default scopes, if it has some.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The API that the token is for, as a URL (RFC 8707). Called again, it adds one more.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resources.push(resource.into());
        self
    }

    /// Gets the token.
    ///
    /// # Errors
    /// A configuration error for a client that cannot prove who it is; an argument error for a
    /// scope or resource that cannot be one; OAuth's error, such as `invalid_client` or `invalid_scope`; a
    /// decode error for an answer without a usable token.
    pub async fn send(self) -> Result<Tokens, Error> {
        self.client
            .require_confidential("the client credentials flow")?;
        let scopes = Scopes::new(self.scopes)?;
        let form = Form::grant("client_credentials")
            .with_scopes(&scopes)
            .with_resources(&self.resources)?;
        let request = TokenRequest::new(form).scopes(scopes).repeatable();
        self.client.request_tokens(request).await
    }
}
