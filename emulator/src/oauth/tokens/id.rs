//! ID tokens, OpenID Connect Core 1.0 section 2.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::oauth::memory::approval::Approval;
use crate::oauth::memory::tokens::IdToken;
use crate::oauth::servers;
use crate::oauth::tokens::claims;
use crate::oauth::tokens::extent::Extent;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::unguessable::serial;
use crate::org::Org;

/// How long an ID token counts, in seconds.
const LIFETIME: i64 = 3600;

pub(crate) fn issue(
    org: &mut Org,
    request: &OAuthRequest,
    approval: &Approval,
    user: u64,
    access_token: &str,
) -> Result<String, OAuthError> {
    let (server, now) = (approval.server, org.now.epoch_seconds());
    let mut claims = claims::of_user(org, user, approval, Extent::IdToken);
    claims["ver"] = json!(1);
    claims["iss"] = json!(servers::issuer(org, server, &request.base)?);
    claims["aud"] = json!(approval.client_id);
    claims["iat"] = json!(now);
    claims["exp"] = json!(now + LIFETIME);
    claims["jti"] = json!(serial("ID")?);
    claims["amr"] = json!(methods(approval.acr.as_deref()));
    claims["idp"] = json!(*org.id);
    claims["auth_time"] = json!(approval.authenticated);
    claims["at_hash"] = json!(half_hash(access_token));
    if let Some(nonce) = &approval.nonce {
        claims["nonce"] = json!(nonce);
    }
    if let Some(acr) = &approval.acr {
        claims["acr"] = json!(acr);
    }
    let token = org.oauth.keys.current(server)?.sign(&claims, None)?;
    let record = IdToken {
        claims,
        user,
        client_id: approval.client_id.clone(),
    };
    org.oauth.tokens.keep_id(token.clone(), record);
    Ok(token)
}

/// How the user logged in: the login page takes every second factor for given.
fn methods(acr: Option<&str>) -> &'static [&'static str] {
    match acr {
        None | Some("urn:okta:loa:1fa:any" | "urn:okta:loa:1fa:pwd") => &["pwd"],
        Some(_) => &["mfa", "otp", "pwd"],
    }
}

/// `at_hash`: the left half of the hash.
fn half_hash(token: &str) -> String {
    let hash = digest(&SHA256, token.as_bytes());
    let hash = hash.as_ref();
    URL_SAFE_NO_PAD.encode(hash.get(..hash.len() / 2).unwrap_or_default())
}
