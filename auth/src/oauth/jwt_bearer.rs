//! A JWT that somebody else signed, for tokens.

use super::form::Form;
use super::id_token::IdTokenRule;
use super::token_request::TokenRequest;
use super::{OAuthClient, Scopes, Tokens};
use crate::verifier::IdTokenChecks;
use crate::{Error, Secret};

/// The JWT bearer grant, about to be sent. Made by [`OAuthClient::jwt_bearer`].
#[must_use = "nothing is sent before `send`"]
#[derive(Clone, Debug)]
pub struct JwtBearer<'a> {
    client: &'a OAuthClient,
    assertion: Secret,
    scopes: Vec<String>,
    resources: Vec<String>,
}

impl OAuthClient {
    /// Gets tokens for a JWT about a user, by an issuer that the server trusts (RFC 7523, section
    /// 2.1). It is sent once, for servers take an assertion once.
    ///
    /// ```no_run
    /// # use okta_auth::{Error, Secret, oauth::OAuthClient};
    /// # async fn run(oauth: OAuthClient, assertion: Secret) -> Result<(), Error> {
    /// let tokens = oauth.jwt_bearer(&assertion).scopes(["orders:read"]).send().await?;
    /// # Ok(()) }
    /// ```
    pub fn jwt_bearer(&self, assertion: &Secret) -> JwtBearer<'_> {
        JwtBearer {
            client: self,
            assertion: assertion.clone(),
            scopes: Vec::new(),
            resources: Vec::new(),
        }
    }
}

impl JwtBearer<'_> {
    /// What the tokens are to allow.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The API that the access token is for, as a URL (RFC 8707). Called again, it adds one more.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resources.push(resource.into());
        self
    }

    /// Gets the tokens.
    ///
    /// # Errors
    /// An argument error for an empty assertion and a scope or resource that cannot be one;
    /// OAuth's error, such as `invalid_grant` for an assertion that is not taken; a credentials
    /// error for an ID token that does not verify; a decode error for an answer without a usable
    /// token.
    pub async fn send(self) -> Result<Tokens, Error> {
        if self.assertion.expose().is_empty() {
            return Err(Error::invalid_argument(
                "assertion",
                "is empty; give the JWT that tokens are wanted for",
            ));
        }
        let scopes = Scopes::new(self.scopes)?;
        let form = Form::grant("urn:ietf:params:oauth:grant-type:jwt-bearer")
            .with("assertion", self.assertion)
            .with_scopes(&scopes)
            .with_resources(&self.resources)?;
        let checks = IdTokenChecks::new().any_nonce();
        let request = TokenRequest::new(form)
            .id_token(IdTokenRule::new(checks, scopes.contains("openid")))
            .scopes(scopes);
        self.client.request_tokens(request).await
    }
}
