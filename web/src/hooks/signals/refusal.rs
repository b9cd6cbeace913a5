//! Why a token was not taken, and the answer that says so: RFC 8935, sections 2.3 and 2.4.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_LANGUAGE;
use okta_auth::verifier::VerifyError;
use serde_json::json;

pub(super) enum Refusal {
    /// It will not be taken when it comes again either.
    Final(Code),
    /// It may be taken when it comes again.
    Later,
}

/// The codes of RFC 8935, section 7.1.
#[derive(Clone, Copy, Debug)]
pub(super) enum Code {
    InvalidRequest,
    InvalidKey,
    InvalidIssuer,
    InvalidAudience,
    AuthenticationFailed,
}

impl Refusal {
    pub(super) fn new(code: Code, reason: &str) -> Self {
        tracing::warn!(?code, reason, "a security event token was refused");
        Self::Final(code)
    }

    pub(super) fn unverified(error: &VerifyError) -> Self {
        if error.status().is_server_error() {
            tracing::error!(%error, "a security event token could not be verified");
            return Self::Later;
        }
        let code = match error {
            VerifyError::Issuer { .. } => Code::InvalidIssuer,
            VerifyError::Audience { .. } => Code::InvalidAudience,
            VerifyError::NoKeyId { .. }
            | VerifyError::UnknownKeyId { .. }
            | VerifyError::UnfitKey { .. }
            | VerifyError::Signature => Code::InvalidKey,
            _ => Code::InvalidRequest,
        };
        Self::new(code, &error.to_string())
    }
}

impl Code {
    /// The code, and what it means. The same text for each reason: the verifier's settings are
    /// nothing that a stranger has to know.
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::InvalidRequest => (
                "invalid_request",
                "The request has no valid security event token.",
            ),
            Self::InvalidKey => (
                "invalid_key",
                "The token is not signed by a key of the issuer.",
            ),
            Self::InvalidIssuer => (
                "invalid_issuer",
                "The token's issuer is not that of the stream.",
            ),
            Self::InvalidAudience => (
                "invalid_audience",
                "The token's audience is not that of the stream.",
            ),
            Self::AuthenticationFailed => (
                "authentication_failed",
                "The authorization header is not that of the stream.",
            ),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self::Final(code) = self else {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        let (err, description) = code.texts();
        let body = Json(json!({ "err": err, "description": description }));
        (StatusCode::BAD_REQUEST, [(CONTENT_LANGUAGE, "en")], body).into_response()
    }
}
