//! `/userinfo`, OpenID Connect Core 1.0 section 5.3.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::oauth::endpoints::api_access::{Challenge, presented};
use crate::oauth::endpoints::response;
use crate::oauth::tokens::claims;
use crate::oauth::tokens::extent::Extent;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

/// `GET` and `POST /userinfo`.
pub(crate) fn userinfo(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let (headers, url) = (&request.headers, request.url());
    let token = match presented(org, headers, &request.method, &url, request.server) {
        Ok(Some(token)) => token,
        Ok(None) => {
            let bare = [(header::WWW_AUTHENTICATE, "Bearer")];
            return Ok((StatusCode::UNAUTHORIZED, bare).into_response());
        }
        Err(challenge) => return Ok(unauthorized(&challenge)),
    };
    match token.approval.user {
        Some(user) if token.approval.has("openid") => {
            let claims = claims::of_user(org, user, &token.approval, Extent::UserInfo);
            Ok(response::json(&claims))
        }
        _ => {
            let text = "The access token must provide access to the openid scope";
            let challenge = Challenge::new("Bearer", "insufficient_scope", text);
            Ok(refused(StatusCode::FORBIDDEN, &challenge))
        }
    }
}

fn unauthorized(challenge: &Challenge) -> Response {
    let Some(mut response) = challenge.of_bad_proof() else {
        return refused(StatusCode::UNAUTHORIZED, challenge);
    };
    challenge.write(response.headers_mut());
    response
}

/// An answer whose only content is a challenge.
fn refused(status: StatusCode, challenge: &Challenge) -> Response {
    let mut response = status.into_response();
    challenge.write(response.headers_mut());
    response
}
