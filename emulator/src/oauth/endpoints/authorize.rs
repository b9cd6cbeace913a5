//! `/authorize`: where a browser comes to log in, RFC 6749 section 4.1.1 and OpenID Connect Core
//! 1.0 section 3.1.2.

use axum::response::{IntoResponse, Response};

use crate::oauth::endpoints::authorization::{client, redirect_uri, validated};
use crate::oauth::endpoints::progress::{admitted, granted, is_active, returned};
use crate::oauth::endpoints::signing_in::{self, Login};
use crate::oauth::endpoints::{pushed, response};
use crate::oauth::memory::authorization::AuthorizationRequest;
use crate::oauth::memory::pending::{Errand, Pending};
use crate::oauth::memory::sessions::Session;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::{Form, OAuthRequest};
use crate::oauth::words::response_mode::ResponseMode;
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;
use crate::pages;

/// `GET` and `POST /authorize`.
pub(crate) fn authorize(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let outcome = parameters(org, request).and_then(|(form, pushed)| {
        let client = client(org, &form)?;
        redirect_uri(&client, &form)?;
        Ok((form, client, pushed))
    });
    let (form, client, pushed) = match outcome {
        Ok(found) => found,
        // Nobody knows where to send the browser.
        Err(error) => return Ok(pages::error(&error).into_response()),
    };
    match validated(org, request.server, &client, &form, pushed) {
        Ok(authorization) => match form.get("sessionToken") {
            Some(token) => by_session_token(org, request, token, authorization),
            None => proceed(org, request, authorization),
        },
        Err(error) => refused(&form, &error),
    }
}

/// The parameters: those of the request, or those that the client pushed before.
fn parameters(org: &mut Org, request: &OAuthRequest) -> Result<(Form, bool), OAuthError> {
    match request.form.get("request_uri") {
        None => Ok((request.form.clone(), false)),
        Some(uri) => Ok((pushed::take(org, request, uri)?, true)),
    }
}

/// Sends the browser back with an error.
fn refused(form: &Form, error: &OAuthError) -> Result<Response, OAuthError> {
    let uri = form.require("redirect_uri")?;
    let mode = ResponseMode::of(form).unwrap_or(ResponseMode::Query);
    response::error(mode, uri, form.get("state").unwrap_or_default(), error)
}

/// The user has logged in by `/api/v1/authn`. A token that is no longer good counts as none.
fn by_session_token(
    org: &mut Org,
    request: &OAuthRequest,
    token: &str,
    authorization: AuthorizationRequest,
) -> Result<Response, OAuthError> {
    match org.redeem_session_token(token) {
        Some(session) => {
            let errand = Errand::Authorization(authorization.into());
            signing_in::advance(org, request, errand, Login::New(session))
        }
        None => proceed(org, request, authorization),
    }
}

/// Goes on as far as no one must be asked: to the login page, to the consent page, or back to the
/// client.
fn proceed(
    org: &mut Org,
    request: &OAuthRequest,
    authorization: AuthorizationRequest,
) -> Result<Response, OAuthError> {
    if let Some(user) = automatic_user(org) {
        let session = Session::by_password(user, org.now);
        let session = signing_in::complete(org, &authorization, session);
        return match admitted(org, &authorization, session) {
            Ok(_) => granted(org, &authorization, session),
            Err(error) => returned(&authorization, &error),
        };
    }
    let now = org.now.epoch_seconds();
    let session = org.oauth.sessions.of(request, org.now).filter(|session| {
        let old = |age| now - session.since > age;
        !authorization.prompts("login")
            && !authorization.max_age.is_some_and(old)
            && is_active(org, session.user)
    });
    match session {
        Some(session) => {
            let errand = Errand::Authorization(authorization.into());
            signing_in::advance(org, request, errand, Login::Held(session))
        }
        None if authorization.prompts("none") => {
            let text = "The client specified not to prompt, but the user is not logged in.";
            returned(
                &authorization,
                &OAuthError::new(400, "login_required", text),
            )
        }
        None => {
            let handle = unguessable()?;
            let hint = authorization.login_hint.as_deref();
            let page = pages::login(&handle, hint, None, org.enrollment().is_some());
            let errand = Errand::Authorization(authorization.into());
            let pending = Pending::new(errand, None, org.now);
            org.oauth.waiting.insert(handle, pending);
            Ok(page.into_response())
        }
    }
}

fn automatic_user(org: &Org) -> Option<u64> {
    let login = org.oauth.settings.automatic.as_ref()?;
    org.find_user(login).ok()
}
