//! What the user does between `/authorize` and the way back: logging in and consenting.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::oauth::endpoints::progress::{granted, returned};
use crate::oauth::endpoints::signing_in::{self, Login};
use crate::oauth::endpoints::unfinished::{gone, handle, waiting};
use crate::oauth::memory::pending::Errand;
use crate::oauth::memory::sessions::Session;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;
use crate::pages;

/// `POST /login/{handle}`.
pub(crate) fn log_in(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let handle = handle(request);
    let Some(pending) = waiting(org, handle) else {
        return Ok(gone());
    };
    let form = &request.form;
    let name = form.get("username").unwrap_or_default();
    let password = form.get("password").unwrap_or_default();
    let Some(user) = org.log_in(name, password) else {
        let can_register = org.enrollment().is_some();
        let page = pages::login(handle, Some(name), Some("Unable to sign in"), can_register);
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    };
    org.oauth.waiting.remove(handle);
    let session = Session::by_password(user, org.now);
    signing_in::advance(org, request, pending.errand, Login::New(session))
}

/// `POST /consent/{handle}`.
pub(crate) fn consent(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let session = org.oauth.sessions.of(request, org.now);
    let handle = handle(request);
    let pending = waiting(org, handle);
    org.oauth.waiting.remove(handle);
    let (Some(session), Some(Errand::Authorization(authorization))) =
        (session, pending.map(|pending| pending.errand))
    else {
        return Ok(gone());
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
