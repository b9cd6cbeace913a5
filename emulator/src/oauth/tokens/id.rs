//! ID tokens, OpenID Connect Core 1.0 section 2.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::oauth::memory::approval::Approval;
use crate::oauth::memory::sessions::methods;
use crate::oauth::servers;
use crate::oauth::tokens::claims;
use crate::oauth::tokens::extent::Extent;
use crate::oauth::tokens::inline_hook::Draft;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::jwt::Jwt;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::server::Server;
use crate::oauth::words::unguessable::serial;
use crate::org::Org;

/// How long an ID token counts, in seconds.
const LIFETIME: i64 = 3600;
/// What `jti` of an ID token starts with.
const SERIAL: &str = "ID";

/// A token that has to be signed.
pub(super) fn draft(
    org: &Org,
    request: &OAuthRequest,
    approval: &Approval,
    user: u64,
) -> Result<Draft, OAuthError> {
    let (server, now) = (approval.server, org.now.epoch_seconds());
    let mut claims = claims::of_user(org, user, approval, Extent::IdToken);
    claims["ver"] = json!(1);
    claims["iss"] = json!(servers::issuer(org, server, &request.base)?);
    claims["aud"] = json!(approval.client_id);
    claims["iat"] = json!(now);
    claims["exp"] = json!(now + LIFETIME);
    claims["jti"] = json!(serial(SERIAL)?);
    claims["amr"] = json!(methods(approval.second));
    claims["idp"] = json!(*org.id);
    claims["auth_time"] = json!(approval.authenticated);
    if let Some(nonce) = &approval.nonce {
        claims["nonce"] = json!(nonce);
    }
    if let Some(acr) = &approval.acr {
        claims["acr"] = json!(acr);
    }
    let lifetime = LIFETIME;
    Ok(Draft { claims, lifetime })
}

/// Signs a token that comes with this access token.
pub(super) fn sign(
    org: &Org,
    server: Server,
    draft: Draft,
    access_token: &str,
) -> Result<String, OAuthError> {
    let mut claims = draft.claims;
    claims["at_hash"] = json!(half_hash(access_token));
    org.oauth.keys.current(server)?.sign(&claims, None)
}

/// What an ID token of this org says.
pub(crate) struct IdToken {
    pub(crate) server: Server,
    /// The position of the user.
    pub(crate) user: u64,
    pub(crate) client_id: String,
    pub(crate) claims: Value,
}

impl IdToken {
    /// Reads a token that this org has signed, with whichever of its keys. It may have expired: it
    /// still says who the user is. `base` is the org's URL as the caller knows it.
    pub(crate) fn read(org: &Org, base: &str, token: &str) -> Option<Self> {
        let jwt = Jwt::parse(token)?;
        let issuer = jwt.text("iss")?;
        let server = match issuer == base {
            true => Server::Org,
            false => servers::by_issuer(org, base, issuer)?,
        };
        let key = org.oauth.keys.of(server, jwt.header["kid"].as_str()?)?;
        // Access tokens are signed with the same keys.
        let is_own = jwt.text("jti")?.starts_with(SERIAL) && jwt.is_signed_by(&key.public);
        is_own.then_some(())?;
        Some(Self {
            server,
            user: org.users.position(jwt.text("sub")?)?,
            client_id: jwt.text("aud")?.to_owned(),
            claims: jwt.claims,
        })
    }

    /// Whether its time is over at `now`, in seconds since the epoch.
    pub(crate) fn has_expired(&self, now: i64) -> bool {
        self.claims["exp"]
            .as_i64()
            .is_none_or(|expires| now >= expires)
    }
}

/// `at_hash`: the left half of the hash.
fn half_hash(token: &str) -> String {
    let hash = digest(&SHA256, token.as_bytes());
    let hash = hash.as_ref();
    URL_SAFE_NO_PAD.encode(hash.get(..hash.len() / 2).unwrap_or_default())
}
