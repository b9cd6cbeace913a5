//! `/revoke`, RFC 7009.

use axum::response::{IntoResponse, Response};

use crate::oauth::clients::authentication::authenticated;
use crate::oauth::tokens::{actor, record_revocation};
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

/// `POST /revoke`. A token that nobody knows is no error.
pub(crate) fn revoke(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let client = authenticated(org, request)?;
    let token = request.form.require("token")?;
    org.oauth.tokens.revoke_token(token, &client.id)?;
    let tokens = &org.oauth.tokens;
    let access = tokens.access(token);
    let access = access.map(|token| (token.approval.server, token.target()));
    let refresh = tokens.refresh(token);
    let refresh = refresh.map(|token| (token.approval.server, token.target()));
    if let Some((server, target)) = access.or(refresh) {
        record_revocation(org, actor(&client), server, target);
    }
    Ok(().into_response())
}
