//! Access tokens.

use serde_json::json;

use crate::oauth::clients::client::Client;
use crate::oauth::memory::approval::Approval;
use crate::oauth::memory::tokens::AccessToken;
use crate::oauth::servers;
use crate::oauth::tokens::claims;
use crate::oauth::tokens::custom;
use crate::oauth::tokens::extent::Extent;
use crate::oauth::tokens::inline_hook::Draft;
use crate::oauth::tokens::standing::user_is_active;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::server::Server;
use crate::oauth::words::unguessable::serial;
use crate::org::Org;
use crate::org::events::Target;

/// The `typ` of the org server's access tokens: nobody but the org shall read them.
const INTERNAL: &str = "application/okta-internal-at+jwt";

impl AccessToken {
    /// Whether the token opens anything at this moment.
    pub(crate) fn is_active(&self, org: &Org) -> bool {
        !self.revoked
            && org.now.epoch_seconds() < self.expires
            && user_is_active(org, &self.approval)
            && Client::find(org, &self.approval.client_id).is_some()
    }

    pub(crate) fn target(&self) -> Target {
        Target::new(&self.jti, "access_token", "unknown", "Access Token")
    }
}

/// How long an access token is good, in seconds.
pub(crate) fn lifetime(org: &Org, approval: &Approval) -> i64 {
    let set = org.oauth.settings.access_token_lifetime;
    set.unwrap_or(approval.terms.access_lifetime)
}

/// A token that has to be signed, and what is kept of it.
pub(super) fn draft(
    org: &Org,
    request: &OAuthRequest,
    approval: &Approval,
    key: Option<String>,
) -> Result<(Draft, AccessToken), OAuthError> {
    let (server, now) = (approval.server, org.now.epoch_seconds());
    let user = approval.user.and_then(|user| org.users.get(user));
    let subject = user.map_or(approval.client_id.as_str(), |user| user.login());
    let record = AccessToken {
        approval: approval.clone(),
        jti: serial("AT")?,
        issuer: servers::issuer(org, server, &request.base)?,
        audience: servers::audience(org, server, &request.base)?,
        subject: subject.to_owned(),
        issued: now,
        expires: now.saturating_add(lifetime(org, approval)),
        key,
        revoked: false,
    };
    let mut claims = json!({
        "ver": 1,
        "jti": record.jti,
        "iss": record.issuer,
        "aud": record.audience,
        "iat": record.issued,
        "exp": record.expires,
        "cid": approval.client_id,
        "scp": approval.scopes,
        "sub": record.subject,
    });
    if let (Some(position), Some(user)) = (approval.user, user) {
        claims["uid"] = json!(user.id);
        claims["auth_time"] = json!(approval.authenticated);
        if let Some(acr) = &approval.acr {
            claims["acr"] = json!(acr);
        }
        if server == Server::Org && approval.has("groups") {
            claims["groups"] = json!(claims::groups(org, position));
        }
    }
    for (name, value) in custom::claims(org, approval, Extent::AccessToken) {
        claims[name] = value;
    }
    if let Some(key) = &record.key {
        claims["cnf"] = json!({ "jkt": key });
    }
    let lifetime = lifetime(org, approval);
    Ok((Draft { claims, lifetime }, record))
}

/// Signs a token and keeps what its claims say.
pub(super) fn sign(org: &mut Org, record: AccessToken, draft: Draft) -> Result<String, OAuthError> {
    let (server, claims) = (record.approval.server, draft.claims);
    let text = |name: &str, own: String| claims[name].as_str().map_or(own, str::to_owned);
    let record = AccessToken {
        audience: text("aud", record.audience),
        subject: text("sub", record.subject),
        expires: record.issued.saturating_add(draft.lifetime),
        ..record
    };
    let kind = (server == Server::Org).then_some(INTERNAL);
    let token = org.oauth.keys.current(server)?.sign(&claims, kind)?;
    org.oauth.tokens.keep_access(token.clone(), record);
    Ok(token)
}
