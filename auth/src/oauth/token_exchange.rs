//! One token for another.

use super::form::Form;
use super::id_token::IdTokenRule;
use super::token_request::TokenRequest;
use super::{OAuthClient, Scopes, TokenTypeUri, Tokens};
use crate::verifier::IdTokenChecks;
use crate::{Error, Secret};

/// A token that is given in an exchange, with its kind.
#[derive(Clone, Debug)]
pub struct ExchangeToken {
    token: Secret,
    kind: TokenTypeUri,
}

impl ExchangeToken {
    /// A token of the kind `kind`.
    #[must_use]
    pub fn new(kind: TokenTypeUri, token: &Secret) -> Self {
        Self {
            token: token.clone(),
            kind,
        }
    }

    /// An access token, such as the one that an API was called with.
    #[must_use]
    pub fn access_token(token: &Secret) -> Self {
        Self::new(TokenTypeUri::ACCESS_TOKEN, token)
    }

    /// An ID token.
    #[must_use]
    pub fn id_token(token: &Secret) -> Self {
        Self::new(TokenTypeUri::ID_TOKEN, token)
    }

    /// A device secret.
    #[must_use]
    pub fn device_secret(token: &Secret) -> Self {
        Self::new(TokenTypeUri::DEVICE_SECRET, token)
    }

    fn add_to(self, form: Form, who: &str) -> Result<Form, Error> {
        let name = format!("{who}_token");
        if self.token.expose().is_empty() {
            return Err(Error::invalid_argument(
                &name,
                "is empty; give the token that is to be exchanged",
            ));
        }
        Ok(form
            .with(&format!("{name}_type"), self.kind.as_str())
            .with(&name, self.token))
    }
}

/// A token exchange, about to be sent. Made by [`OAuthClient::token_exchange`].
#[must_use = "nothing is sent before `send`"]
#[derive(Clone, Debug)]
pub struct TokenExchange<'a> {
    client: &'a OAuthClient,
    subject: ExchangeToken,
    actor: Option<ExchangeToken>,
    requested: Option<TokenTypeUri>,
    audiences: Vec<String>,
    resources: Vec<String>,
    scopes: Vec<String>,
}

impl OAuthClient {
    /// Gets a token for one that is there already (RFC 8693): a service that was called with a
    /// user's token gets one for the next service. `subject` is about whom the token will be.
    ///
    /// It is sent once. What it gives is in [`Tokens::access_token`], whatever it is;
    /// [`Tokens::issued_token_type`] tells. An answer with no token in it, as vaulted secrets
    /// come, is an error.
    ///
    /// Source: <https://developer.okta.com/docs/guides/set-up-token-exchange/main/>
    ///
    /// ```no_run
    /// # use okta_auth::{Error, Secret, oauth::{ExchangeToken, OAuthClient}};
    /// # async fn run(oauth: OAuthClient, caller: Secret) -> Result<(), Error> {
    /// let tokens = oauth
    ///     .token_exchange(ExchangeToken::access_token(&caller))
    ///     .audience("api://backend")
    ///     .scopes(["orders:read"])
    ///     .send()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn token_exchange(&self, subject: ExchangeToken) -> TokenExchange<'_> {
        TokenExchange {
            client: self,
            subject,
            actor: None,
            requested: None,
            audiences: Vec::new(),
            resources: Vec::new(),
            scopes: Vec::new(),
        }
    }
}

impl TokenExchange<'_> {
    /// Who acts for the subject.
    pub fn actor(mut self, actor: ExchangeToken) -> Self {
        self.actor = Some(actor);
        self
    }

    /// The kind of token to get. Default: an access token. An answer with another kind is
    /// refused, and so is an access token that is bound to no key though the client has a
    /// [`Dpop`](crate::Dpop).
    pub fn requested_token_type(mut self, kind: TokenTypeUri) -> Self {
        self.requested = Some(kind);
        self
    }

    /// The service that the token is for, such as `api://backend`. Called again, it adds one more.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// The service that the token is for, as a URL (RFC 8707). Called again, it adds one more.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resources.push(resource.into());
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

    /// Exchanges the token.
    ///
    /// # Errors
    /// An argument error for an empty token and a scope or resource that cannot be one; OAuth's error, such
    /// as `invalid_grant` or `invalid_target`; a credentials error for an ID token that does not
    /// verify; a decode error for an answer without a token.
    pub async fn send(self) -> Result<Tokens, Error> {
        let checks = IdTokenChecks::new().any_nonce();
        self.send_for(IdTokenRule::new(checks, false)).await
    }

    pub(super) fn client(&self) -> &OAuthClient {
        self.client
    }

    /// As [`TokenExchange::send`], with an ID token that passes `rule`.
    pub(super) async fn send_for(self, rule: IdTokenRule) -> Result<Tokens, Error> {
        let scopes = Scopes::new(self.scopes)?;
        let form = Form::grant("urn:ietf:params:oauth:grant-type:token-exchange");
        let mut form = self.subject.add_to(form, "subject")?;
        if let Some(actor) = self.actor {
            form = actor.add_to(form, "actor")?;
        }
        form = form.with_some(
            "requested_token_type",
            self.requested.as_ref().map(TokenTypeUri::as_str),
        );
        for audience in self.audiences {
            form.add("audience", audience);
        }
        let form = form.with_resources(&self.resources)?.with_scopes(&scopes);
        let request = TokenRequest::new(form)
            .scopes(scopes)
            .id_token(rule)
            .requested(self.requested.unwrap_or(TokenTypeUri::ACCESS_TOKEN));
        self.client.request_tokens(request).await
    }
}
