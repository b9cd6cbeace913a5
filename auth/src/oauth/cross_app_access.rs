//! A user's login at one app, taken to the API of another.

use std::fmt;
use std::time::SystemTime;

use super::members::wrong;
use super::{ExchangeToken, JwtBearer, OAuthClient, Scopes, TokenExchange, TokenTypeUri};
use crate::{Error, Issuer, Secret};

/// Cross-app access, about to be asked for. Made by [`OAuthClient::cross_app_access`].
#[must_use = "nothing is sent before `send`"]
#[derive(Clone, Debug)]
pub struct CrossAppAccess<'a> {
    exchange: TokenExchange<'a>,
    server: Issuer,
}

/// A statement of the user's identity provider, for the authorization server of another app: an
/// Identity Assertion JWT Authorization Grant, ID-JAG. `Debug` does not show it.
#[derive(Clone)]
#[non_exhaustive]
pub struct IdentityAssertion {
    /// The JWT itself. It opens no API: [`IdentityAssertion::redeem`] gets the token that does.
    pub assertion: Secret,
    /// The authorization server that it is for.
    pub server: Issuer,
    /// What it may be redeemed for.
    pub scopes: Scopes,
    /// When it ends, by the client's clock; `None` if the server did not say.
    pub expires_at: Option<SystemTime>,
}

impl OAuthClient {
    /// Asks the user's identity provider, whose client this is, to let this app use another app's
    /// API for the user (Identity Assertion Authorization Grant, section 4.3;
    /// draft-ietf-oauth-identity-assertion-authz-grant). `subject` is the user's ID token of this
    /// app; `server` is the other app's authorization server, which trusts the same provider.
    ///
    /// ```no_run
    /// # use okta_auth::{Error, Issuer};
    /// # use okta_auth::oauth::{ExchangeToken, IdToken, OAuthClient};
    /// # async fn run(okta: OAuthClient, chat: OAuthClient, id_token: IdToken) -> Result<(), Error> {
    /// // `okta` is the app's client at Okta, `chat` its client at the other app's server.
    /// let assertion = okta
    ///     .cross_app_access(ExchangeToken::id_token(&id_token.raw), chat.issuer())
    ///     .scopes(["chat.read"])
    ///     .send()
    ///     .await?;
    /// let tokens = assertion.redeem(&chat)?.send().await?;
    /// # Ok(()) }
    /// ```
    pub fn cross_app_access(&self, subject: ExchangeToken, server: &Issuer) -> CrossAppAccess<'_> {
        CrossAppAccess {
            exchange: self
                .token_exchange(subject)
                .requested_token_type(TokenTypeUri::ID_JAG)
                .audience(server.as_str()),
            server: server.clone(),
        }
    }
}

impl CrossAppAccess<'_> {
    /// The API that is to be used, as a URL (RFC 8707). Called again, it adds one more.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.exchange = self.exchange.resource(resource);
        self
    }

    /// What is to be allowed there.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.exchange = self.exchange.scopes(scopes);
        self
    }

    /// Gets the assertion.
    ///
    /// # Errors
    /// As [`TokenExchange::send`]; a decode error for an answer that does not say that it is an
    /// ID-JAG (`issued_token_type`).
    pub async fn send(self) -> Result<IdentityAssertion, Error> {
        let tokens = self.exchange.send().await?;
        if tokens.issued_token_type != Some(TokenTypeUri::ID_JAG) {
            return Err(wrong(
                "issued_token_type",
                "is missing: expected that of an ID-JAG",
            ));
        }
        Ok(IdentityAssertion {
            assertion: tokens.access_token,
            server: self.server,
            scopes: tokens.scopes,
            expires_at: tokens.expires_at,
        })
    }
}

impl IdentityAssertion {
    /// The grant that gets tokens for the assertion, as `client` of the server that it is for
    /// (RFC 7523, section 2.1). The scopes are those of the assertion.
    ///
    /// # Errors
    /// A configuration error for a client of another server: it must not get the assertion.
    pub fn redeem<'a>(&self, client: &'a OAuthClient) -> Result<JwtBearer<'a>, Error> {
        if *client.issuer() != self.server {
            return Err(Error::configuration(format!(
                "the assertion is for {}; redeem it with a client of that server",
                self.server.as_str()
            )));
        }
        Ok(client
            .jwt_bearer(&self.assertion)
            .scopes(self.scopes.iter()))
    }
}

impl fmt::Debug for IdentityAssertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityAssertion")
            .field("server", &self.server)
            .field("scopes", &self.scopes)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
