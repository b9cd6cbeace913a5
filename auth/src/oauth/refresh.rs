//! Getting new tokens when the user is not there.

use std::fmt;
use std::future::IntoFuture;

use futures::FutureExt;
use futures::future::BoxFuture;

use super::form::Form;
use super::id_token::IdTokenRule;
use super::token_request::TokenRequest;
use super::{OAuthClient, Scopes, Tokens};
use crate::verifier::IdTokenChecks;
use crate::{Error, Secret};

/// A refresh, about to be sent. Made by [`OAuthClient::refresh`]; `.await` sends it.
#[must_use = "nothing is sent before `.await`"]
#[derive(Clone)]
pub struct Refresh<'a> {
    client: &'a OAuthClient,
    refresh_token: Secret,
    scopes: Vec<String>,
    resources: Vec<String>,
    before: Option<Tokens>,
}

impl OAuthClient {
    /// Gets new tokens for a refresh token (RFC 6749, section 6).
    ///
    /// If Okta gives a new refresh token, the answer holds it and the old one is used up; if not,
    /// the answer holds the old one. So the refresh token to keep is always that of the answer.
    /// It is sent once: when the answer is lost, a rotated refresh token is too, but for the
    /// grace period that the app integration allows.
    ///
    /// Source: <https://developer.okta.com/docs/guides/refresh-tokens/main/>
    pub fn refresh(&self, refresh_token: &Secret) -> Refresh<'_> {
        Refresh {
            client: self,
            refresh_token: refresh_token.clone(),
            scopes: Vec::new(),
            resources: Vec::new(),
            before: None,
        }
    }
}

impl Refresh<'_> {
    /// Asks for fewer scopes than were granted. Default: all of them.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The API that the access token is for, as a URL (RFC 8707, section 2.2). Called again, it
    /// adds one more.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resources.push(resource.into());
        self
    }

    /// The tokens that are to be replaced. What the answer does not repeat is taken from them:
    /// ID token, device secret and scopes. A new ID token must be of the same user (OpenID
    /// Connect Core, section 12.2), also several refreshes later. The new tokens are bound to the
    /// same DPoP key, which Okta wants of public clients (RFC 9449, section 5).
    pub fn replacing(mut self, tokens: &Tokens) -> Self {
        self.before = Some(tokens.clone());
        self
    }

    /// Gets the tokens.
    ///
    /// # Errors
    /// An argument error for an empty refresh token, and for a scope or resource that cannot be
    /// one; OAuth's error, such as `invalid_grant` for
    /// a refresh token that has ended or was used; a credentials error for an ID token that does
    /// not verify; a decode error for an answer without a usable token.
    pub async fn send(self) -> Result<Tokens, Error> {
        if self.refresh_token.expose().is_empty() {
            return Err(Error::invalid_argument(
                "refresh_token",
                "is empty; ask for the scope `offline_access` to get one",
            ));
        }
        let asked = Scopes::new(self.scopes)?;
        let form = Form::grant("refresh_token")
            .with("refresh_token", self.refresh_token.clone())
            .with_scopes(&asked)
            .with_resources(&self.resources)?;
        let before = self.before.as_ref();
        let scopes = match before {
            Some(before) if asked.is_empty() => before.scopes.clone(),
            _ => asked,
        };
        let request = TokenRequest::new(form)
            .scopes(scopes)
            .id_token(IdTokenRule::of_refresh(checks(before)))
            .dpop_key(before.and_then(|before| before.dpop_key.clone()));
        let mut tokens = self.client.request_tokens(request).await?;
        tokens.refresh_token.get_or_insert(self.refresh_token);
        if let Some(before) = before {
            tokens.succeed(before)?;
        }
        Ok(tokens)
    }
}

/// What an ID token has to have in common with the tokens before.
fn checks(before: Option<&Tokens>) -> IdTokenChecks {
    let checks = IdTokenChecks::new().any_nonce();
    let Some(before) = before else {
        return checks;
    };
    let checks = checks.subject(before.subject());
    match &before.id_token {
        Some(id_token) => checks.nonce_if_any(id_token.nonce()),
        None => checks,
    }
}

impl fmt::Debug for Refresh<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refresh")
            .field("client", &self.client)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

impl<'a> IntoFuture for Refresh<'a> {
    type Output = Result<Tokens, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.send().boxed()
    }
}
