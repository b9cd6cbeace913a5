//! `/introspect`, RFC 7662.

use axum::response::Response;
use serde_json::{Value, json};

use crate::oauth::clients::authentication::authenticated;
use crate::oauth::clients::client::Client;
use crate::oauth::endpoints::response;
use crate::oauth::memory::tokens::{AccessToken, RefreshToken};
use crate::oauth::tokens::id::IdToken;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::server::Server;
use crate::org::Org;

/// `POST /introspect`. Only the server that issued a token knows it.
pub(crate) fn introspect(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    authenticated(org, request)?;
    let token = request.form.require("token")?;
    let described = described(org, request.server, &request.base, token);
    Ok(response::json(
        &described.unwrap_or_else(|| json!({ "active": false })),
    ))
}

/// What an active token says; none for every other text.
fn described(org: &Org, server: Server, base: &str, token: &str) -> Option<Value> {
    let tokens = &org.oauth.tokens;
    if let Some(token) = tokens.access(token) {
        let active = token.approval.server == server && token.is_active(org);
        return active.then(|| access(org, token));
    }
    if let Some(token) = tokens.refresh(token) {
        let client = Client::find(org, &token.approval.client_id)?;
        let active = token.approval.server == server && token.is_active(org, &client);
        return active.then(|| refresh(org, token));
    }
    let token = IdToken::read(org, base, token)?;
    let active = token.server == server && !token.has_expired(org.now.epoch_seconds());
    active.then(|| id(org, &token))
}

fn access(org: &Org, token: &AccessToken) -> Value {
    let mut described = json!({
        "active": true,
        "token_type": if token.key.is_some() { "DPoP" } else { "Bearer" },
        "scope": token.approval.scopes.join(" "),
        "client_id": token.approval.client_id,
        "exp": token.expires,
        "iat": token.issued,
        "sub": token.subject,
        "aud": token.audience,
        "iss": token.issuer,
        "jti": token.jti,
    });
    if let Some(user) = token.approval.user.and_then(|user| org.users.get(user)) {
        described["username"] = json!(user.login());
        described["uid"] = json!(user.id);
    }
    if let Some(key) = &token.key {
        described["cnf"] = json!({ "jkt": key });
    }
    described
}

fn refresh(org: &Org, token: &RefreshToken) -> Value {
    let user = token.approval.user.and_then(|user| org.users.get(user));
    let login = user.map(|user| user.login());
    json!({
        "active": true,
        "token_type": "Bearer",
        "scope": token.approval.scopes.join(" "),
        "client_id": token.approval.client_id,
        "exp": token.expires,
        "sub": login,
        "username": login,
    })
}

fn id(org: &Org, token: &IdToken) -> Value {
    let mut described = token.claims.clone();
    described["active"] = json!(true);
    described["token_type"] = json!("Bearer");
    described["client_id"] = json!(token.client_id);
    if let Some(user) = org.users.get(token.user) {
        described["username"] = json!(user.login());
    }
    described
}
