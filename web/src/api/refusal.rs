//! What an API answers when it refuses.

use std::fmt;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use okta_auth::verifier::{Challenge, Verifier, VerifyError};
use serde_json::{Map, Value};

use super::Caller;

/// A request that an API refuses: the status, the challenges in `WWW-Authenticate`, and JSON with
/// `error`, `error_description` and, where a scope is missing, `required_scope`.
#[derive(Clone, Debug)]
#[must_use]
pub struct ApiError {
    status: StatusCode,
    challenges: Vec<Challenge>,
    /// For those that have no challenge.
    code: &'static str,
    description: &'static str,
    nonce: Option<HeaderValue>,
}

impl ApiError {
    /// A token that was checked and found to be no good, or one that could not be checked.
    pub fn of(verifier: &Verifier, error: &VerifyError) -> Self {
        let status = error.status();
        if status.is_server_error() {
            tracing::warn!(%error, "an access token could not be checked");
        } else {
            tracing::info!(%error, "a request was refused");
        }
        let nonce = match error {
            VerifyError::DpopNonce { .. } => verifier.dpop_nonce(),
            _ => None,
        };
        Self {
            nonce: nonce.and_then(|nonce| HeaderValue::try_from(nonce).ok()),
            challenges: verifier.challenge(error).into_iter().collect(),
            ..Self::bare(status)
        }
    }

    /// 403: the caller's token has not the scope.
    pub fn missing_scope(caller: &Caller, scope: &str) -> Self {
        let challenge = Challenge::bearer().error("insufficient_scope").scope(scope);
        let error = Self {
            challenges: vec![challenge],
            code: "insufficient_scope",
            description: "the token does not allow this",
            ..Self::bare(StatusCode::FORBIDDEN)
        };
        if caller.sends_proofs() {
            return error.for_dpop();
        }
        error
    }

    /// 403: the user may not do this, and another token would not change it.
    pub fn forbidden() -> Self {
        Self {
            code: "access_denied",
            description: "the user may not do this",
            ..Self::bare(StatusCode::FORBIDDEN)
        }
    }

    /// 401: no token came. What would do is in `challenges`, with no error (RFC 6750, section 3.1).
    pub(super) fn no_token(challenges: Vec<Challenge>) -> Self {
        Self {
            challenges,
            code: "unauthorized",
            description: "the request has no access token",
            ..Self::bare(StatusCode::UNAUTHORIZED)
        }
    }

    /// 400: the token cannot be read.
    pub(super) fn malformed() -> Self {
        let code = "invalid_request";
        let description = "the request needs one access token in `Authorization`";
        let challenge = Challenge::bearer()
            .error(code)
            .error_description(description);
        Self {
            challenges: vec![challenge],
            code,
            description,
            ..Self::bare(StatusCode::BAD_REQUEST)
        }
    }

    /// 401: the token is not good, and the server has said no more.
    pub(super) fn invalid_token() -> Self {
        let code = "invalid_token";
        let description = "the access token is not good";
        let challenge = Challenge::bearer()
            .error(code)
            .error_description(description);
        Self {
            challenges: vec![challenge],
            code,
            description,
            ..Self::bare(StatusCode::UNAUTHORIZED)
        }
    }

    /// 503: nobody can say now whether the token is good.
    pub(super) fn unavailable() -> Self {
        Self::bare(StatusCode::SERVICE_UNAVAILABLE)
    }

    /// 500: a route has no [`RequireToken`](super::RequireToken) around it.
    pub(super) fn not_set_up() -> Self {
        tracing::error!("a route has no layer `RequireToken`; add it by `route_layer`");
        Self::bare(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn bare(status: StatusCode) -> Self {
        let (code, description) = match status {
            StatusCode::SERVICE_UNAVAILABLE => (
                "temporarily_unavailable",
                "access tokens cannot be checked at the moment",
            ),
            StatusCode::INTERNAL_SERVER_ERROR => {
                ("server_error", "the API is not set up correctly")
            }
            StatusCode::FORBIDDEN => ("access_denied", "this is not allowed"),
            _ => ("invalid_token", "the access token is not good"),
        };
        Self {
            status,
            challenges: Vec::new(),
            code,
            description,
            nonce: None,
        }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The same for a client that sent its token with a DPoP proof.
    pub(super) fn for_dpop(mut self) -> Self {
        let challenges = self.challenges.drain(..);
        self.challenges = challenges.map(Challenge::as_dpop).collect();
        self
    }

    fn body(&self) -> Map<String, Value> {
        let said = |name| self.challenges.iter().find_map(|known| known.get(name));
        let mut body = Map::new();
        let code = said("error").unwrap_or(self.code);
        let description = said("error_description").unwrap_or(self.description);
        body.insert("error".to_owned(), code.into());
        body.insert("error_description".to_owned(), description.into());
        if let Some(scope) = said("scope") {
            body.insert("required_scope".to_owned(), scope.into());
        }
        body
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        for challenge in &self.challenges {
            headers.append(WWW_AUTHENTICATE, challenge.to_header_value());
        }
        if let Some(nonce) = self.nonce {
            headers.insert("dpop-nonce", nonce);
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.description)
    }
}

impl std::error::Error for ApiError {}
