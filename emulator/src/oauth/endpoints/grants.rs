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
use crate::oauth::tokens::issued::Issued;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;
use crate::org::inline_hooks::Question;
pub(crate) use exchange::Exchange;
use exchange::Grant;

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

/// What a grant is worth. The service of an inline hook may have to be asked before it is answered.
pub(crate) struct Granted {
    issued: Issued,
    /// Whether the tokens are bound to a key.
    is_bound: bool,
}

/// `POST /token`, once its client has shown who it is: the grant that it asks for.
pub(crate) fn asked<'r>(
    org: &mut Org,
    request: &'r OAuthRequest,
) -> Result<Exchange<'r>, OAuthError> {
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
    Ok(Exchange {
        request,
        client,
        kind,
        grant: *grant,
        key,
    })
}

impl Granted {
    /// What the grant is worth that a client asks for.
    pub(crate) fn to(org: &mut Org, exchange: &Exchange<'_>) -> Result<Self, OAuthError> {
        let issued = (exchange.grant)(org, exchange)?;
        let is_bound = exchange.key.is_some();
        Ok(Self { issued, is_bound })
    }

    /// What the service of an inline hook has to be asked first.
    pub(crate) fn question(&self) -> Option<&Question> {
        self.issued.question()
    }

    /// The answer to the client, where no service has to be asked.
    pub(crate) fn response(self, org: &mut Org) -> Result<Response, OAuthError> {
        let reply = self.issued.signed(org)?;
        response(org, &reply, self.is_bound)
    }

    /// The answer to the client, after what the service of the inline hook has said; or why it said
    /// nothing.
    pub(crate) fn answered(
        self,
        org: &mut Org,
        answer: Result<Value, String>,
    ) -> Result<Response, OAuthError> {
        let reply = self.issued.answered(org, answer)?;
        response(org, &reply, self.is_bound)
    }
}

fn response(org: &mut Org, reply: &Value, is_bound: bool) -> Result<Response, OAuthError> {
    let json = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (json, reply.to_string()).into_response();
    if is_bound && org.oauth.dpop.rules.requires_nonce {
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
