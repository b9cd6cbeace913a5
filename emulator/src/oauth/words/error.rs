//! Refusals of the authorization servers, RFC 6749 section 5.2.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::problem::Problem;

/// Why an authorization server refused.
#[derive(Debug)]
pub(crate) struct OAuthError {
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    pub(crate) description: String,
    /// The nonce that the next DPoP proof must have.
    pub(crate) nonce: Option<String>,
}

impl OAuthError {
    pub(crate) fn new(status: u16, error: &'static str, description: impl Into<String>) -> Self {
        Self {
            status,
            error,
            description: description.into(),
            nonce: None,
        }
    }

    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new(400, "invalid_request", description)
    }

    pub(crate) fn invalid_client(description: impl Into<String>) -> Self {
        Self::new(401, "invalid_client", description)
    }

    pub(crate) fn unknown_client() -> Self {
        Self::invalid_client("Invalid value for 'client_id' parameter.")
    }

    pub(crate) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new(400, "invalid_grant", description)
    }

    pub(crate) fn unauthorized_client(description: impl Into<String>) -> Self {
        Self::new(400, "unauthorized_client", description)
    }

    pub(crate) fn invalid_scope(description: impl Into<String>) -> Self {
        Self::new(400, "invalid_scope", description)
    }

    pub(crate) fn unknown_scope() -> Self {
        Self::invalid_scope(
            "One or more scopes are not configured for the authorization server resource.",
        )
    }

    pub(crate) fn access_denied(description: impl Into<String>) -> Self {
        Self::new(400, "access_denied", description)
    }

    pub(crate) fn not_assigned() -> Self {
        Self::access_denied("User is not assigned to the client application.")
    }

    pub(crate) fn invalid_dpop_proof(description: impl Into<String>) -> Self {
        Self::new(400, "invalid_dpop_proof", description)
    }

    pub(crate) fn use_dpop_nonce(nonce: String) -> Self {
        Self {
            nonce: Some(nonce),
            ..Self::new(
                400,
                "use_dpop_nonce",
                "Authorization server requires nonce in DPoP proof.",
            )
        }
    }

    pub(crate) fn server_error() -> Self {
        Self::new(500, "server_error", "The server could not do its work.")
    }

    /// The answer to a request that no browser makes.
    pub(crate) fn response(&self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let kind = [(header::CONTENT_TYPE, "application/json")];
        let mut response = (status, kind, body.to_string()).into_response();
        let nonce = self.nonce.as_ref().map(HeaderValue::try_from);
        if let Some(Ok(nonce)) = nonce {
            response.headers_mut().insert("dpop-nonce", nonce);
        }
        response
    }
}

/// The org's own errors only reach an authorization server where the org contradicts itself.
impl From<Problem> for OAuthError {
    fn from(problem: Problem) -> Self {
        tracing::error!(?problem, "an authorization server stumbled");
        Self::server_error()
    }
}
