//! The token endpoint: one function for each grant type.

mod authorization_code;
mod ciba;
mod client_credentials;
mod device_code;
mod id_jag;
mod jwt_bearer;
mod password;
mod refresh_token;
mod token_exchange;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::client_authentication::authenticated;
use super::clients::Client;
use super::dpop;
use super::error::OAuthError;
use super::request::OAuthRequest;
use crate::org::Org;

pub(super) use authorization_code::Code;

/// What a grant needs to be turned into tokens.
struct Exchange<'r> {
    request: &'r OAuthRequest,
    client: Client,
    /// The thumbprint of the key behind the DPoP proof, if there is one.
    key: Option<String>,
}

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
    allowed(&client, kind)?;
    let key = proof(org, request, &client)?;
    let bound = key.is_some();
    let exchange = Exchange {
        request,
        client,
        key,
    };
    let reply = grant(org, &exchange)?;
    let json = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (json, reply.to_string()).into_response();
    if bound && org.oauth.dpop.requires_nonce {
        let nonce = org.oauth.dpop.nonce(org.now.epoch_seconds())?;
        if let Ok(nonce) = HeaderValue::try_from(nonce) {
            response.headers_mut().insert("dpop-nonce", nonce);
        }
    }
    Ok(response)
}

/// Refuses a grant type that the application is not configured for.
pub(super) fn allowed(client: &Client, kind: &str) -> Result<(), OAuthError> {
    if client.grant_types.iter().any(|grant| grant == kind) {
        return Ok(());
    }
    let configured = client.grant_types.join(", ");
    Err(OAuthError::unauthorized_client(format!(
        "The client is not authorized to use the provided grant type. Configured grant types: \
         [{configured}]."
    )))
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
