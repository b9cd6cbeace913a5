//! `/revoke`, RFC 7009.

use axum::response::{IntoResponse, Response};

use crate::oauth::clients::authentication::authenticated;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

/// `POST /revoke`. A token that nobody knows is no error.
pub(crate) fn revoke(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let client = authenticated(org, request)?;
    let token = request.form.require("token")?;
    org.oauth.tokens.revoke_token(token, &client.id)?;
    Ok(().into_response())
}
