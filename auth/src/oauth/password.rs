//! The flow that there should be no need for.

use super::form::Form;
use super::id_token::IdTokenRule;
use super::token_request::TokenRequest;
use super::{OAuthClient, Scopes, Tokens};
use crate::{Error, Secret};

/// The resource owner password flow, about to be sent. Made by [`OAuthClient::password`].
#[must_use = "nothing is sent before `send`"]
#[derive(Clone, Debug)]
pub struct Password<'a> {
    client: &'a OAuthClient,
    username: Secret,
    password: Secret,
    scopes: Vec<String>,
}

impl OAuthClient {
    /// Gets tokens for a user's name and password (RFC 6749, section 4.3).
    ///
    /// # Warning
    /// Your program sees the password, so it can leak it; the user learns to type it into any
    /// program; no second factor is possible; and OAuth 2.1 has removed this flow. Use it only to
    /// move an old program away from passwords, with first-party clients. Everywhere else use
    /// [`OAuthClient::login`] or, with no browser, [`OAuthClient::device`].
    ///
    /// Source: <https://developer.okta.com/docs/guides/implement-grant-type/ropassword/main/>
    pub fn password(&self, username: impl Into<String>, password: &Secret) -> Password<'_> {
        Password {
            client: self,
            username: username.into().into(),
            password: password.clone(),
            scopes: Vec::new(),
        }
    }
}

impl Password<'_> {
    /// What the tokens are to allow. Default: `openid` alone.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Gets the tokens. It is sent once: repeated failures lock the user out.
    ///
    /// # Errors
    /// An argument error for an empty name or password and a scope that cannot be one; OAuth's
    /// error, such as `invalid_grant` for a wrong password; a credentials error for an ID token
    /// that does not verify; a decode error for an answer without a usable token.
    pub async fn send(self) -> Result<Tokens, Error> {
        for (name, value) in [("username", &self.username), ("password", &self.password)] {
            if value.expose().is_empty() {
                return Err(Error::invalid_argument(
                    name,
                    "is empty; ask the user for it",
                ));
            }
        }
        let mut scopes = Scopes::new(self.scopes)?;
        if scopes.is_empty() {
            scopes = Scopes::new(["openid"])?;
        }
        let form = Form::grant("password")
            .with("username", self.username)
            .with("password", self.password)
            .with_scopes(&scopes);
        let request = TokenRequest::new(form)
            .id_token(IdTokenRule::for_scopes(&scopes))
            .scopes(scopes);
        self.client.request_tokens(request).await
    }
}
