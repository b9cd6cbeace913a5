//! From the password to what the login is for: is it enough, or is a second factor missing?

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::oauth::clients::client::Client;
use crate::oauth::endpoints::factor_pages;
use crate::oauth::endpoints::progress::{continued, returned};
use crate::oauth::memory::authorization::AuthorizationRequest;
use crate::oauth::memory::decision::Answer;
use crate::oauth::memory::pending::Errand;
use crate::oauth::memory::sessions::{Method, Second, Session};
use crate::oauth::words::assurance::Level;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;
use crate::org::policies::Assurance;
use crate::pages;

/// A login that has come so far.
#[derive(Clone, Copy, Debug)]
pub(super) enum Login {
    /// The user has just proven something.
    New(Session),
    /// The browser has a session.
    Held(Session),
}

impl Login {
    fn session(self) -> Session {
        match self {
            Self::New(session) | Self::Held(session) => session,
        }
    }
}

/// Goes on with a login: to what it is for, if it is enough for that, or else to the second factor.
pub(super) fn advance(
    org: &mut Org,
    request: &OAuthRequest,
    errand: Errand,
    login: Login,
) -> Result<Response, OAuthError> {
    let session = login.session();
    match lacks_factor(org, &errand, session) {
        Err(error) => refused(&errand, &error),
        Ok(false) => completed(org, request, errand, login),
        Ok(true) if is_silent(&errand) => {
            let text = "The client specified not to prompt, but the client app requires \
                        re-authentication or MFA.";
            refused(&errand, &OAuthError::new(400, "login_required", text))
        }
        Ok(true) => factor_pages::begin(org, errand, session),
    }
}

/// Whether a second factor is missing. An error is for logins that nothing makes enough.
fn lacks_factor(org: &Org, errand: &Errand, session: Session) -> Result<bool, OAuthError> {
    let (client, level) = match errand {
        Errand::Authorization(authorization) => {
            let acr = authorization.acr.as_deref();
            (Some(&authorization.client_id), acr.and_then(Level::of))
        }
        Errand::Device(code) => (client_of(org, code), None),
    };
    let app = client.and_then(|id| Client::find(org, id));
    let assurance = org.assurance(session.user, app.map(|client| client.app));
    if assurance == Assurance::Denied {
        let text = "The sign-on policy does not let the user in.";
        return Err(OAuthError::access_denied(text));
    }
    let mut factors = org.factors_of(session.user).filter(|it| it.active);
    match (level, session.second) {
        (Some(Level::PhishingResistant), Some(second)) if second.method == Method::Hwk => Ok(false),
        (Some(Level::PhishingResistant), _) => {
            if factors.any(|factor| Method::of(factor.kind) == Method::Hwk) {
                return Ok(true);
            }
            // OpenID Connect Core Unmet Authentication Requirements 1.0, section 2.
            let text = "The user has no factor that resists phishing.";
            let error = "unmet_authentication_requirements";
            Err(OAuthError::new(400, error, text))
        }
        (_, Some(_)) => Ok(false),
        (Some(Level::TwoFactors), None) => Ok(true),
        (Some(Level::TwoFactorsIfPossible), None) if factors.next().is_some() => Ok(true),
        _ => Ok(assurance == Assurance::TwoFactors),
    }
}

/// The client of the device that shows this code.
fn client_of<'o>(org: &'o Org, user_code: &str) -> Option<&'o String> {
    let mut devices = org.oauth.devices.values();
    let device = devices.find(|device| device.shows(user_code))?;
    Some(&device.request.client_id)
}

/// A login with all that is asked for, where tests want no pages.
pub(super) fn complete(
    org: &Org,
    authorization: &AuthorizationRequest,
    session: Session,
) -> Session {
    let level = authorization.acr.as_deref().and_then(Level::of);
    let app = Client::find(org, &authorization.client_id).map(|client| client.app);
    let assurance = org.assurance(session.user, app);
    let method = match level {
        Some(Level::PhishingResistant) => Method::Hwk,
        Some(Level::TwoFactors | Level::TwoFactorsIfPossible) => Method::Otp,
        _ if assurance == Assurance::TwoFactors => Method::Otp,
        _ => return session,
    };
    let at = org.now;
    let second = Some(Second { method, at });
    Session { second, ..session }
}

fn is_silent(errand: &Errand) -> bool {
    match errand {
        Errand::Authorization(authorization) => authorization.prompts("none"),
        Errand::Device(_) => false,
    }
}

fn refused(errand: &Errand, error: &OAuthError) -> Result<Response, OAuthError> {
    match errand {
        Errand::Authorization(authorization) => returned(authorization, error),
        Errand::Device(_) => Ok(pages::error(error).into_response()),
    }
}

/// Does what the login is for. A new login is a session of the browser from here on, in place of the
/// one that it had.
fn completed(
    org: &mut Org,
    request: &OAuthRequest,
    errand: Errand,
    login: Login,
) -> Result<Response, OAuthError> {
    let session = login.session();
    let authorization = match errand {
        Errand::Device(code) => return Ok(device_activated(org, &code, session)),
        Errand::Authorization(authorization) => *authorization,
    };
    let Login::New(session) = login else {
        return continued(org, authorization, session);
    };
    let now = org.now;
    org.user_mut(session.user)?.last_login = Some(now);
    org.oauth.sessions.end(request);
    let session = org.begin_session(session);
    let cookie = org.oauth.sessions.start(session, now)?;
    let mut response = continued(org, authorization, session)?;
    let cookie = HeaderValue::try_from(cookie).map_err(|_| OAuthError::server_error())?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The user lets the device in that shows this code.
fn device_activated(org: &mut Org, code: &str, session: Session) -> Response {
    let page = match org
        .oauth
        .answer_device(code, Answer::Approved(session), org.now)
    {
        true => pages::notice(
            "Device activated",
            "You can close this page and go back to your device.",
        ),
        false => pages::activation(code, Some("Invalid code. Try again.")),
    };
    page.into_response()
}
