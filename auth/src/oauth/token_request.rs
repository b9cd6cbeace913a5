//! Asking the token endpoint, and making sure of what it gives.

use super::endpoint::{Endpoint, Post};
use super::form::Form;
use super::id_token::IdTokenRule;
use super::token_response::TokenResponse;
use super::{OAuthClient, Scopes, TokenType, TokenTypeUri, Tokens};
use crate::{Dpop, DpopKey, Error};

/// What is asked of the token endpoint, and what is expected of its answer.
pub(super) struct TokenRequest {
    form: Form,
    scopes: Scopes,
    repeatable: bool,
    id_token: IdTokenRule,
    requested: TokenTypeUri,
    dpop_key: Option<DpopKey>,
}

impl TokenRequest {
    /// To be sent once, with no ID token expected.
    pub(super) fn new(form: Form) -> Self {
        Self {
            form,
            scopes: Scopes::default(),
            repeatable: false,
            id_token: IdTokenRule::default(),
            requested: TokenTypeUri::ACCESS_TOKEN,
            dpop_key: None,
        }
    }

    /// What was asked for: a server that grants just that need not say so (RFC 6749, section
    /// 5.1).
    pub(super) fn scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = scopes;
        self
    }

    /// It may be sent again after it may have arrived.
    pub(super) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    pub(super) fn id_token(mut self, rule: IdTokenRule) -> Self {
        self.id_token = rule;
        self
    }

    /// The kind of token that the answer has to be, if not an access token.
    pub(super) fn requested(mut self, kind: TokenTypeUri) -> Self {
        self.requested = kind;
        self
    }

    /// The key that the tokens are to be bound to, if not a new one.
    pub(super) fn dpop_key(mut self, key: Option<DpopKey>) -> Self {
        self.dpop_key = key;
        self
    }
}

impl OAuthClient {
    pub(super) async fn request_tokens(&self, request: TokenRequest) -> Result<Tokens, Error> {
        let dpop = self.dpop_for(request.dpop_key)?;
        let pipeline = self.proving(dpop.clone());
        let post = Post {
            endpoint: Endpoint::Token,
            form: request.form,
            repeatable: request.repeatable,
        };
        let reply = self.post_through(&pipeline, post).await?;
        let response = reply.read(|members| {
            let response = TokenResponse::read(members)?;
            response.check_issued(&request.requested, dpop.is_some())?;
            request.id_token.check_presence(&response)?;
            Ok(response)
        })?;
        let id_token = self
            .verified(&response, &request.id_token)
            .await
            .map_err(|error| reply.blame(error))?;
        let now = self.clock().now();
        let token_type = response.usable_as(&request.requested);
        let is_bound = token_type == TokenType::Dpop;
        Ok(Tokens {
            dpop_key: dpop.filter(|_| is_bound).map(|dpop| dpop.key()),
            expires_at: response.expires_in.and_then(|life| now.checked_add(life)),
            scopes: response.scopes.unwrap_or(request.scopes),
            subject: id_token.as_ref().map(|token| token.subject().to_owned()),
            id_token,
            access_token: response.access_token,
            token_type,
            refresh_token: response.refresh_token,
            device_secret: response.device_secret,
            issued_token_type: response.issued_token_type,
            extra: response.extra,
        })
    }

    fn dpop_for(&self, key: Option<DpopKey>) -> Result<Option<Dpop>, Error> {
        match (self.dpop(), key) {
            (None, None) => Ok(None),
            (Some(dpop), None) => dpop.for_new_token().map(Some),
            (Some(dpop), Some(key)) => Ok(Some(dpop.bound_to(key))),
            (None, Some(_)) => Err(Error::configuration(
                "the tokens are bound to a DPoP key; give the OAuth client a `Dpop`",
            )),
        }
    }
}
