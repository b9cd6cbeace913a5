//! Devices without a browser: `/device/authorize` and the page where the user types the code,
//! RFC 8628.

use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::oauth::clients::authentication::authenticated;
use crate::oauth::clients::scopes;
use crate::oauth::endpoints::response;
use crate::oauth::endpoints::signing_in::{self, Login};
use crate::oauth::memory::decision::{Answer, Decision, INTERVAL, Request};
use crate::oauth::memory::device::DeviceAuthorization;
use crate::oauth::memory::pending::Errand;
use crate::oauth::memory::sessions::Session;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;
use crate::pages;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// How long a user has, in seconds.
const LIFETIME: i64 = 600;
/// Letters that nobody takes for another.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// `POST /device/authorize`.
pub(crate) fn authorize(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let client = authenticated(org, request)?;
    client.check_grant_type(GRANT)?;
    let scopes = scopes::for_user(org, request.server, &client, request.form.words("scope"))?;
    let (code, user_code) = (unguessable()?, user_code()?);
    let device = DeviceAuthorization {
        user_code: user_code.clone(),
        request: Request {
            server: request.server,
            client_id: client.id,
            scopes,
        },
        decision: Decision::pending(org.now, LIFETIME),
    };
    let page = format!("{}/activate", request.base);
    let reply = json!({
        "device_code": code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "expires_in": LIFETIME,
        "interval": INTERVAL,
    });
    org.oauth.devices.insert(code, device);
    Ok(response::json(&reply))
}

/// `/activate`: shows the page, and takes what the user writes there.
pub(crate) fn activate(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let form = &request.form;
    let code = form.get("user_code").unwrap_or_default();
    let (Some(name), Some(password)) = (form.get("username"), form.get("password")) else {
        return Ok(pages::activation(code, None).into_response());
    };
    let Some(user) = org.log_in(name, password) else {
        return Ok(pages::activation(code, Some("Unable to sign in")).into_response());
    };
    if form.get("decision") != Some("deny") {
        let session = Session::by_password(user, org.now);
        let errand = Errand::Device(code.to_owned());
        return signing_in::advance(org, request, errand, Login::New(session));
    }
    let page = match org.oauth.answer_device(code, Answer::Denied, org.now) {
        true => pages::notice("Access denied", "The device was not let in."),
        false => pages::activation(code, Some("Invalid code. Try again.")),
    };
    Ok(page.into_response())
}

fn user_code() -> Result<String, OAuthError> {
    let random = unguessable()?;
    let letters = random.bytes().take(8).map(|byte| {
        let index = usize::from(byte) % LETTERS.len();
        LETTERS.get(index).copied().map_or('B', char::from)
    });
    Ok(letters.collect())
}
