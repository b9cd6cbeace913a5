//! The token endpoint: one function for each grant type.

mod authorization_code;
mod ciba;
mod client_credentials;
mod device_code;
mod exchange;
mod id_jag;
mod jwt_bearer;
mod password;
mod refresh_token;
mod token_exchange;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::oauth::clients::authentication::authenticated;
use crate::oauth::clients::client::Client;
use crate::oauth::memory::dpop;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;
use exchange::Exchange;

type Grant = fn(&mut Org, &Exchange<'_>) -> Result<Value, OAuthError>;

const GRANTS: [(&str, Grant); 8] = [
    ("authorization_code", authorization_code::exchange),
    ("refresh_token", refresh_token::exchange),
    ("client_credentials", client_credentials::exchange),
    ("password", password::exchange),
    (
        "urn:ietf:params:oauth:grant-type:device_code",
        device_code::exchange,
    ),
    (
        "urn:ietf:params:oauth:grant-type:token-exchange",
        token_exchange::exchange,
    ),
    (
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        jwt_bearer::exchange,
    ),
    ("urn:openid:params:grant-type:ciba", ciba::exchange),
];

/// `POST /token`.
pub(crate) fn token(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let client = authenticated(org, request)?;
    let kind = request.form.require("grant_type")?;
    let Some((_, grant)) = GRANTS.iter().find(|(name, _)| *name == kind) else {
        return Err(OAuthError::new(
            400,
            "unsupported_grant_type",
            "The grant type in the request is not supported.",
        ));
    };
    client.check_grant_type(kind)?;
    let key = proof(org, request, &client)?;
    let bound = key.is_some();
    let exchange = Exchange {
        request,
        client,
        kind,
        key,
    };
    let reply = grant(org, &exchange)?;
    let json = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (json, reply.to_string()).into_response();
    if bound && org.oauth.dpop.rules.requires_nonce {
        let nonce = org.oauth.dpop.nonce(org.now.epoch_seconds())?;
        if let Ok(nonce) = HeaderValue::try_from(nonce) {
            response.headers_mut().insert("dpop-nonce", nonce);
        }
    }
    Ok(response)
}

/// A proof counts wherever there is one, and some clients must send one.
fn proof(
    org: &mut Org,
    request: &OAuthRequest,
    client: &Client,
) -> Result<Option<String>, OAuthError> {
    if !client.requires_dpop && !request.headers.contains_key("dpop") {
        return Ok(None);
    }
    let target = dpop::Target {
        method: &request.method,
        url: &request.url(),
        headers: &request.headers,
        now: org.now.epoch_seconds(),
    };
    org.oauth.dpop.verify_for_token(&target).map(Some)
}
