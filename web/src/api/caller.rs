//! Whom a token is about.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use okta_auth::AccessTokenClaims;
use okta_auth::oauth::Introspection;
use serde_json::{Map, Value};

/// Who calls, as the access token says that has been checked. Cheap to clone; `Debug` shows the
/// client alone. As an extractor it lets a handler be reached behind
/// [`RequireToken`](super::RequireToken) alone.
#[derive(Clone)]
pub struct Caller(Arc<Facts>);

struct Facts {
    issuer: Option<String>,
    subject: String,
    client_id: String,
    user_id: Option<String>,
    scopes: Vec<String>,
    expires_at: Option<SystemTime>,
    auth_time: Option<SystemTime>,
    acr: Option<String>,
    is_bound: bool,
    claims: Map<String, Value>,
}

impl Caller {
    pub(super) fn of_claims(claims: AccessTokenClaims) -> Self {
        Self(Arc::new(Facts {
            issuer: Some(claims.issuer),
            subject: claims.subject,
            client_id: claims.client_id,
            user_id: claims.user_id,
            scopes: claims.scopes,
            expires_at: Some(claims.expires_at),
            auth_time: claims.auth_time,
            acr: claims.acr,
            is_bound: claims.extra.contains_key("cnf"),
            claims: claims.extra,
        }))
    }

    /// `None` if the server does not say whose the token is.
    pub(super) fn of_introspection(answer: Introspection) -> Option<Self> {
        let client_id = answer.client_id?;
        let text = |name: &str| answer.extra.get(name)?.as_str().map(str::to_owned);
        Some(Self(Arc::new(Facts {
            issuer: answer.issuer,
            subject: answer.subject.unwrap_or_else(|| client_id.clone()),
            client_id,
            user_id: answer.user_id,
            scopes: answer.scopes.iter().map(str::to_owned).collect(),
            expires_at: answer.expires_at,
            auth_time: None,
            acr: text("acr"),
            is_bound: false,
            claims: answer.extra,
        })))
    }

    /// Whom the token is about, `sub`: the user's login, or the client's id if no user is involved.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The client that the token was issued to.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.0.client_id
    }

    /// Okta's id of the user; `None` if no user is involved.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.0.user_id.as_deref()
    }

    /// Who issued the token, if that is known.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.0.issuer.as_deref()
    }

    /// What the token allows.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.0.scopes
    }

    /// Whether the token allows `scope`.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.0.scopes.iter().any(|known| known == scope)
    }

    /// The user's groups, from the claim `groups`, if the server was set up to add it.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let groups = match self.0.claims.get("groups") {
            Some(Value::Array(groups)) => groups.as_slice(),
            Some(group) => std::slice::from_ref(group),
            None => &[],
        };
        groups.iter().filter_map(Value::as_str)
    }

    /// When the token ends, if that is known.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.0.expires_at
    }

    /// When the user logged in, if the token says so.
    #[must_use]
    pub fn auth_time(&self) -> Option<SystemTime> {
        self.0.auth_time
    }

    /// How strong the user's login was, if the token says so.
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.0.acr.as_deref()
    }

    /// Whether the token is bound to a key, and the caller has proved to have that.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.0.is_bound
    }

    /// Whether the caller sends its token with a DPoP proof.
    pub(super) fn sends_proofs(&self) -> bool {
        let binding = self.0.claims.get("cnf");
        self.is_bound() && binding.is_some_and(|binding| binding.get("jkt").is_some())
    }

    /// All other claims.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.0.claims
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("client_id", &self.0.client_id)
            .finish_non_exhaustive()
    }
}
