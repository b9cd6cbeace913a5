//! A login that the apps on one device share.

use super::id_token::IdTokenRule;
use super::{ExchangeToken, OAuthClient, TokenExchange, Tokens};
use crate::verifier::IdTokenChecks;
use crate::{Error, Secret};

/// Native SSO, about to be asked for. Made by [`OAuthClient::native_sso`].
#[must_use = "nothing is sent before `send`"]
#[derive(Clone, Debug)]
pub struct NativeSso<'a> {
    exchange: TokenExchange<'a>,
    device_secret: Secret,
    audience: Option<String>,
}

impl OAuthClient {
    /// Logs a user in who has logged in at another app on the same device (OpenID Connect Native
    /// SSO 1.0, section 4). `id_token` and `device_secret` are what the other app got with the
    /// scopes `openid` and `device_sso`, and shares with this one.
    ///
    /// An ID token in the answer is held against the device secret by its `ds_hash`.
    ///
    /// Source: <https://developer.okta.com/docs/guides/configure-native-sso/main/>
    ///
    /// ```no_run
    /// # use okta_auth::{Error, Secret, oauth::OAuthClient};
    /// # async fn run(oauth: OAuthClient, id_token: Secret, secret: Secret) -> Result<(), Error> {
    /// let sso = oauth.native_sso(&id_token, &secret);
    /// let tokens = sso.scopes(["openid", "offline_access"]).send().await?;
    /// # Ok(()) }
    /// ```
    pub fn native_sso(&self, id_token: &Secret, device_secret: &Secret) -> NativeSso<'_> {
        let subject = ExchangeToken::id_token(id_token);
        let actor = ExchangeToken::device_secret(device_secret);
        NativeSso {
            exchange: self.token_exchange(subject).actor(actor),
            device_secret: device_secret.clone(),
            audience: None,
        }
    }
}

impl NativeSso<'_> {
    /// What the tokens are to allow.
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.exchange = self.exchange.scopes(scopes);
        self
    }

    /// The API that the access token is for, such as `api://default`. Default: the issuer.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Gets the tokens.
    ///
    /// # Errors
    /// As [`TokenExchange::send`]; a credentials error for an ID token that belongs to another
    /// device secret.
    pub async fn send(self) -> Result<Tokens, Error> {
        let issuer = || self.exchange.client().issuer().as_str().to_owned();
        let audience = self.audience.unwrap_or_else(issuer);
        let checks = IdTokenChecks::new().any_nonce();
        let rule = IdTokenRule::new(checks.device_secret(&self.device_secret), false);
        let mut tokens = self.exchange.audience(audience).send_for(rule).await?;
        tokens.device_secret.get_or_insert(self.device_secret);
        Ok(tokens)
    }
}
