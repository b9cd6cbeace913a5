//! Asking the server about a token.

mod cache;

use std::fmt;
use std::time::SystemTime;

use serde_json::{Map, Value};

pub use self::cache::IntrospectionCache;
use super::endpoint::{Endpoint, Post};
use super::form::Form;
use super::members::{Members, wrong};
use super::{OAuthClient, Scopes, TokenKind, TokenType};
use crate::{Error, Secret};

/// What the server says of a token (RFC 7662, section 2.2). Of one that is not active it says
/// nothing else. `Debug` leaves out who it is about.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Introspection {
    /// Whether the token is good: issued by this server, neither ended nor revoked.
    pub active: bool,
    /// What it allows.
    pub scopes: Scopes,
    /// The client that it was issued to.
    pub client_id: Option<String>,
    /// The user's login.
    pub username: Option<String>,
    /// Okta's id of the user.
    pub user_id: Option<String>,
    /// How it is sent.
    pub token_type: Option<TokenType>,
    /// When it ends, `exp`.
    pub expires_at: Option<SystemTime>,
    /// When it was issued, `iat`.
    pub issued_at: Option<SystemTime>,
    /// When it begins, `nbf`.
    pub not_before: Option<SystemTime>,
    /// Whom it is about, `sub`.
    pub subject: Option<String>,
    /// Whom it is for, `aud`.
    pub audience: Vec<String>,
    /// Who issued it, `iss`.
    pub issuer: Option<String>,
    /// The token's id, `jti`.
    pub id: Option<String>,
    /// The device that it belongs to.
    pub device_id: Option<String>,
    /// All else that the server said.
    pub extra: Map<String, Value>,
}

impl OAuthClient {
    /// Asks whether a token is good, and what it says (RFC 7662). This is the way to check access
    /// tokens of the org's own server; for those of custom servers,
    /// [`Verifier`](crate::verifier::Verifier) needs no request.
    ///
    /// A token that is ended, revoked or made up is no error: it is not
    /// [`active`](Introspection::active). To ask less often, see [`IntrospectionCache`].
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/orgas/introspect>
    ///
    /// # Errors
    /// An argument error for an empty token; OAuth's error, such as `invalid_client`; a decode
    /// error for an answer that does not say whether the token is active.
    pub async fn introspect(
        &self,
        token: &Secret,
        kind: TokenKind,
    ) -> Result<Introspection, Error> {
        let post = Post {
            endpoint: Endpoint::Introspection,
            form: about(token, kind)?,
            repeatable: true,
        };
        self.post(post).await?.read(Introspection::read)
    }
}

/// The form about a token.
pub(super) fn about(token: &Secret, kind: TokenKind) -> Result<Form, Error> {
    if token.expose().is_empty() {
        return Err(Error::invalid_argument(
            "token",
            "is empty; give the token itself",
        ));
    }
    Ok(Form::default()
        .with("token", token.clone())
        .with("token_type_hint", kind.as_str()))
}

impl Introspection {
    fn read(mut members: Members) -> Result<Self, Error> {
        let active = members
            .flag("active")?
            .ok_or_else(|| wrong("active", "is missing"))?;
        if !active {
            return Ok(Self::default());
        }
        let scopes = members.text("scope")?.unwrap_or_default();
        let token_type = members.text("token_type")?;
        Ok(Self {
            active,
            scopes: Scopes::granted(&scopes),
            client_id: members.text("client_id")?,
            username: members.text("username")?,
            user_id: members.text("uid")?,
            token_type: token_type.map(|name| name.as_str().into()),
            expires_at: members.time("exp")?,
            issued_at: members.time("iat")?,
            not_before: members.time("nbf")?,
            subject: members.text("sub")?,
            audience: members.texts("aud")?,
            issuer: members.text("iss")?,
            id: members.text("jti")?,
            device_id: members.text("device_id")?,
            extra: members.rest(),
        })
    }
}

impl fmt::Debug for Introspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspection")
            .field("active", &self.active)
            .field("scopes", &self.scopes)
            .field("client_id", &self.client_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
