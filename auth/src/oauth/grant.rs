//! Grants that have no method of their own.

use super::form::Form;
use super::id_token::IdTokenRule;
use super::token_request::TokenRequest;
use super::{OAuthClient, Scopes, Tokens};
use crate::verifier::IdTokenChecks;
use crate::{Error, Secret};

/// A grant of any type, about to be sent. Made by [`OAuthClient::grant`].
#[must_use = "nothing is sent before `send`"]
#[derive(Clone, Debug)]
pub struct Grant<'a> {
    client: &'a OAuthClient,
    form: Form,
    scopes: Vec<String>,
}

impl OAuthClient {
    /// Gets tokens by a grant that has no method of its own, such as a SAML assertion (RFC 7522,
    /// `urn:ietf:params:oauth:grant-type:saml2-bearer`). It is sent once.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/customas/tokencustomas>
    ///
    /// ```no_run
    /// # use okta_auth::{Error, oauth::OAuthClient};
    /// # async fn run(oauth: OAuthClient, assertion: &str) -> Result<(), Error> {
    /// let tokens = oauth
    ///     .grant("urn:ietf:params:oauth:grant-type:saml2-bearer")
    ///     .param("assertion", assertion)
    ///     .scopes(["openid"])
    ///     .send()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn grant(&self, grant_type: &str) -> Grant<'_> {
        Grant {
            client: self,
            form: Form::grant(grant_type),
            scopes: Vec::new(),
        }
    }
}

impl Grant<'_> {
    /// Adds a parameter.
    pub fn param(mut self, name: &str, value: impl Into<Secret>) -> Self {
        self.form.add(name, value);
        self
    }

    /// What the token is to allow.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Gets the tokens.
    ///
    /// # Errors
    /// An argument error for a parameter that is given twice and a scope that cannot be one;
    /// OAuth's error; a credentials error for an ID token that does not verify; a decode error
    /// for an answer without a usable token.
    pub async fn send(self) -> Result<Tokens, Error> {
        let scopes = Scopes::new(self.scopes)?;
        let form = self.form.with_scopes(&scopes);
        form.check_names()?;
        let checks = IdTokenChecks::new().any_nonce();
        let request = TokenRequest::new(form)
            .id_token(IdTokenRule::new(checks, scopes.contains("openid")))
            .scopes(scopes);
        self.client.request_tokens(request).await
    }
}
