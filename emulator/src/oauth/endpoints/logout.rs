//! `/logout`, OpenID Connect RP-Initiated Logout 1.0.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded::Serializer;

use crate::oauth::clients::client::Client;
use crate::oauth::endpoints::response;
use crate::oauth::memory::sessions;
use crate::oauth::tokens::id::IdToken;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;
use crate::org::events;
use crate::org::trusted_origins::{Trust, origin_of};
use crate::pages;

/// `GET` and `POST /logout`. Ends the browser's session if it is that of the ID token's user. The
/// tokens stay.
pub(crate) fn logout(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let (user, after) = match validated(org, request) {
        Ok(found) => found,
        Err(error) => return Ok(pages::error(&error).into_response()),
    };
    let mut answer = match after {
        Some(uri) => response::redirect(&uri)?,
        None => pages::notice("Signed out", "You have signed out.").into_response(),
    };
    let session = org.oauth.sessions.of(request, org.now);
    if session.is_some_and(|session| session.user == user) {
        end_session(org, request, user, &mut answer)?;
    }
    Ok(answer)
}

/// `GET /login/signout`. Ends the browser's session, and sends the browser to `fromURI` if that is of a
/// trusted origin, or of the org itself.
pub(crate) fn sign_out(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let after = request.form.get("fromURI").filter(|uri| {
        let own = origin_of(&request.base);
        let origin = origin_of(uri);
        origin.is_some_and(|it| Some(&it) == own.as_ref() || org.store.trusts(&it, Trust::Redirect))
    });
    let mut answer = match after {
        Some(uri) => response::redirect(uri)?,
        None => pages::notice("Signed out", "You have signed out.").into_response(),
    };
    let now = org.now;
    if let Some(session) = org.oauth.sessions.of(request, now) {
        end_session(org, request, session.user, &mut answer)?;
    }
    Ok(answer)
}

/// Ends the session of the browser, and lets the browser forget it.
fn end_session(
    org: &mut Org,
    request: &OAuthRequest,
    user: u64,
    answer: &mut Response,
) -> Result<(), OAuthError> {
    org.oauth.sessions.end(request);
    if let Some(actor) = org.actor(user) {
        org.record_by(actor, events::SESSION_ENDED, None);
    }
    let cookie = HeaderValue::try_from(sessions::forgotten());
    let cookie = cookie.map_err(|_| OAuthError::server_error())?;
    answer.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}

/// Whose session ends, and where the browser goes then. An ID token that has expired still says
/// who the user is.
fn validated(org: &Org, request: &OAuthRequest) -> Result<(u64, Option<String>), OAuthError> {
    let form = &request.form;
    let token = IdToken::read(org, &request.base, form.require("id_token_hint")?);
    let token = token
        .filter(|token| token.server == request.server)
        .ok_or_else(|| OAuthError::invalid_request("The 'id_token_hint' is invalid."))?;
    let Some(uri) = form.get("post_logout_redirect_uri") else {
        return Ok((token.user, None));
    };
    let client = Client::find(org, &token.client_id);
    if !client.is_some_and(|client| client.may_redirect_after_logout_to(uri)) {
        return Err(OAuthError::invalid_request(
            "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client \
             app settings.",
        ));
    }
    let uri = match form.get("state") {
        None => uri.to_owned(),
        Some(state) => {
            let mark = if uri.contains('?') { '&' } else { '?' };
            let mut query = Serializer::new(String::new());
            format!("{uri}{mark}{}", query.append_pair("state", state).finish())
        }
    };
    Ok((token.user, Some(uri)))
}
