//! What the user does between `/authorize` and the way back: logging in and consenting.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::oauth::endpoints::progress::{continued, granted, returned};
use crate::oauth::memory::pending::Pending;
use crate::oauth::memory::sessions::Session;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;
use crate::pages;

/// `POST /login/{handle}`.
pub(crate) fn log_in(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let handle = request.last_segment();
    let pending = org.oauth.waiting.get(handle);
    let pending = pending.filter(|pending| !pending.has_expired(org.now));
    let Some(authorization) = pending.map(|pending| pending.authorization.clone()) else {
        return Ok(pages::error(&gone()).into_response());
    };
    let form = &request.form;
    let name = form.get("username").unwrap_or_default();
    let password = form.get("password").unwrap_or_default();
    let Some(user) = org.log_in(name, password) else {
        let page = pages::login(handle, Some(name), Some("Unable to sign in"));
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    };
    org.oauth.waiting.remove(handle);
    let session = begun(org, user)?;
    let cookie = org.oauth.sessions.start(session, org.now)?;
    let mut response = continued(org, authorization, session)?;
    let cookie = HeaderValue::try_from(cookie).map_err(|_| OAuthError::server_error())?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// A login that happens now.
fn begun(org: &mut Org, user: u64) -> Result<Session, OAuthError> {
    let now = org.now;
    org.user_mut(user)?.last_login = Some(now);
    Ok(org.begin_session(user))
}

/// `POST /consent/{handle}`.
pub(crate) fn consent(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let session = org.oauth.sessions.of(request, org.now);
    let pending = org.oauth.waiting.remove(request.last_segment());
    let pending = pending.filter(|pending| !pending.has_expired(org.now));
    let (Some(session), Some(Pending { authorization, .. })) = (session, pending) else {
        return Ok(pages::error(&gone()).into_response());
    };
    if request.form.get("decision") != Some("allow") {
        let denied = OAuthError::access_denied("User denied the request.");
        return returned(&authorization, &denied);
    }
    let (client, server) = (&authorization.client_id, authorization.server);
    for scope in &authorization.scopes {
        org.give_consent(session.user, client, server, scope);
    }
    granted(org, &authorization, session)
}

fn gone() -> OAuthError {
    OAuthError::invalid_request("This page has expired. Go back to the application and try again.")
}
