//! `/global-token-revocation`: an identity provider ends all that a user has. The front lets only
//! administrators through.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

/// `POST /oauth2/v1/global-token-revocation`.
pub(crate) fn revoke_user(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let subject = &body["sub_id"];
    let id = match subject["format"].as_str() {
        Some("opaque") => subject["id"].as_str(),
        // The org has no other identity provider that could name its users.
        _ => None,
    };
    let user = id.and_then(|id| org.users.position(id));
    let Some(user) = user else {
        return Err(OAuthError::invalid_request(
            "The body must be {\"sub_id\": {\"format\": \"opaque\", \"id\": \"<id of a user>\"}}.",
        ));
    };
    org.oauth.revoke_user(user);
    Ok(StatusCode::NO_CONTENT.into_response())
}
