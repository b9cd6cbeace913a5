//! Cross-app access: an ID token becomes an identity assertion for another authorization server
//! (ID-JAG; draft-ietf-oauth-identity-assertion-authz-grant, section 4.3).

use serde_json::{Map, json};

use super::exchange::Exchange;
use crate::oauth::memory::approval::{Approval, Terms};
use crate::oauth::memory::tokens::Assertion;
use crate::oauth::servers;
use crate::oauth::tokens::id::IdToken;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;

pub(crate) const TYPE: &str = "urn:ietf:params:oauth:token-type:id-jag";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

/// How long an assertion counts, in seconds.
const LIFETIME: i64 = 300;

pub(crate) fn exchange(org: &mut Org, exchange: &Exchange<'_>) -> Result<Issued, OAuthError> {
    let (request, client) = (exchange.request, &exchange.client);
    let form = &request.form;
    if request.server != Server::Org {
        return Err(OAuthError::invalid_request(
            "Identity assertions come from the org authorization server alone.",
        ));
    }
    if form.require("subject_token_type")? != ID_TOKEN {
        return Err(OAuthError::invalid_request(
            "The 'subject_token_type' is not supported. Use \
             urn:ietf:params:oauth:token-type:id_token.",
        ));
    }
    let audience = form.require("audience")?.to_owned();
    let target = servers::by_issuer(org, &request.base, &audience).ok_or_else(|| {
        let text = "The 'audience' is no authorization server that trusts this one.";
        OAuthError::new(400, "invalid_target", text)
    })?;
    let subject = subject(org, exchange)?;
    let (scopes, now) = (form.words("scope"), org.now.epoch_seconds());
    let claims = json!({
        "iss": servers::issuer(org, request.server, &request.base)?,
        "aud": audience,
        "sub": subject.claims["sub"],
        "client_id": client.id,
        "jti": unguessable()?,
        "iat": now,
        "exp": now + LIFETIME,
        "scope": scopes.join(" "),
    });
    let key = org.oauth.keys.current(request.server)?;
    let token = key.sign(&claims, Some("oauth-id-jag+jwt"))?;
    let approval = Approval {
        server: target,
        client_id: client.id.clone(),
        user: Some(subject.user),
        scopes: scopes.clone(),
        authenticated: subject.claims["auth_time"].as_i64().unwrap_or_default(),
        second: None,
        nonce: None,
        acr: None,
        family: unguessable()?,
        terms: Terms::default(),
    };
    let expires = now + LIFETIME;
    let assertion = Assertion::new(approval, expires);
    org.oauth.tokens.keep_assertion(token.clone(), assertion);
    let reply = [
        ("issued_token_type", json!(TYPE)),
        ("access_token", json!(token)),
        ("token_type", json!("N_A")),
        ("expires_in", json!(LIFETIME)),
        ("scope", json!(scopes.join(" "))),
    ];
    let reply = reply.map(|(name, value)| (name.to_owned(), value));
    Ok(Map::from_iter(reply).into())
}

/// The ID token, which the client must have got itself.
fn subject(org: &Org, exchange: &Exchange<'_>) -> Result<IdToken, OAuthError> {
    let token = exchange.request.form.require("subject_token")?;
    let now = org.now.epoch_seconds();
    IdToken::read(org, &exchange.request.base, token)
        .filter(|read| read.client_id == exchange.client.id && !read.has_expired(now))
        .ok_or_else(|| {
            OAuthError::invalid_grant("The 'subject_token' is invalid, expired or of another app.")
        })
}
