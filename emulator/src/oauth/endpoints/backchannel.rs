//! `/bc/authorize`: a client asks for a user who is not at its screen. OpenID Connect
//! Client-Initiated Backchannel Authentication, section 7.

use axum::response::Response;
use serde_json::json;

use crate::oauth::clients::authentication::authenticated;
use crate::oauth::clients::client::Client;
use crate::oauth::clients::scopes;
use crate::oauth::endpoints::response;
use crate::oauth::memory::backchannel::BackchannelAuthorization;
use crate::oauth::memory::decision::{Answer, Decision, INTERVAL, Request};
use crate::oauth::memory::sessions::Session;
use crate::oauth::tokens::id::IdToken;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;

const GRANT: &str = "urn:openid:params:grant-type:ciba";
/// How long a user has at most, in seconds.
const LIFETIME: i64 = 300;

/// `POST /bc/authorize`.
pub(crate) fn authorize(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let client = authenticated(org, request)?;
    client.check_grant_type(GRANT)?;
    let scopes = scopes::for_user(org, request.server, &client, request.form.words("scope"))?;
    if !scopes.iter().any(|scope| scope == "openid") {
        return Err(OAuthError::invalid_scope("The openid scope is required."));
    }
    let user = hinted(org, &client, request)?;
    let lifetime = lifetime(request)?;
    let id = unguessable()?;
    let pending = BackchannelAuthorization {
        user,
        request: Request {
            server: request.server,
            client_id: client.id,
            scopes,
        },
        decision: Decision::pending(org.now, lifetime),
    };
    let reply = json!({ "auth_req_id": id, "expires_in": lifetime, "interval": INTERVAL });
    org.oauth.backchannel.insert(id, pending);
    Ok(response::json(&reply))
}

/// The user whom one of the two hints names, and who has the application.
fn hinted(org: &Org, client: &Client, request: &OAuthRequest) -> Result<u64, OAuthError> {
    let form = &request.form;
    let user = match (form.get("login_hint"), form.get("id_token_hint")) {
        (Some(login), None) => org.find_user(login).ok(),
        (None, Some(token)) => IdToken::read(org, &request.base, token).map(|token| token.user),
        _ => {
            return Err(OAuthError::invalid_request(
                "Give either 'login_hint' or 'id_token_hint'.",
            ));
        }
    };
    user.filter(|user| client.is_assigned(org, *user))
        .ok_or_else(|| {
            OAuthError::new(
                400,
                "unknown_user_id",
                "The hint names no user of the client application.",
            )
        })
}

fn lifetime(request: &OAuthRequest) -> Result<i64, OAuthError> {
    let Some(text) = request.form.get("request_expiry") else {
        return Ok(LIFETIME);
    };
    let wanted = text.parse().ok();
    wanted
        .filter(|seconds| (1..=LIFETIME).contains(seconds))
        .ok_or_else(|| {
            OAuthError::invalid_request("The 'request_expiry' must be from 1 to 300 seconds.")
        })
}

/// The ids of the requests that wait for a user.
pub(crate) fn requests_of(org: &Org, user: u64) -> Vec<String> {
    let pending = org.oauth.backchannel.iter();
    pending
        .filter(|(_, pending)| pending.user == user && pending.decision.is_open(org.now))
        .map(|(id, _)| id.clone())
        .collect()
}

/// Answers a request for its user. False if none waits, or another user answers.
pub(crate) fn answer_request(org: &mut Org, id: &str, user: Option<u64>) -> bool {
    let now = org.now;
    let pending = org.oauth.backchannel.get_mut(id);
    let pending = pending.filter(|pending| {
        pending.decision.is_open(now) && user.is_none_or(|user| user == pending.user)
    });
    pending.is_some_and(|pending| {
        pending.decision.answer = match user {
            Some(user) => Answer::Approved(Session::by_password(user, now)),
            None => Answer::Denied,
        };
        true
    })
}
