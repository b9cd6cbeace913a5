//! Access tokens.

use serde_json::json;

use super::{Approval, Tokens, jwt, serial, user_is_active};
use crate::oauth::claims;
use crate::oauth::clients::Client;
use crate::oauth::error::OAuthError;
use crate::oauth::request::OAuthRequest;
use crate::oauth::server::Server;
use crate::org::Org;

/// The `typ` of the org server's access tokens: nobody but the org shall read them.
const INTERNAL: &str = "application/okta-internal-at+jwt";

/// What the org knows of an access token.
#[derive(Clone, Debug)]
pub(in crate::oauth) struct AccessToken {
    pub(in crate::oauth) approval: Approval,
    pub(in crate::oauth) jti: String,
    pub(in crate::oauth) issuer: String,
    pub(in crate::oauth) audience: String,
    pub(in crate::oauth) subject: String,
    /// Seconds since the epoch, like `expires`.
    pub(in crate::oauth) issued: i64,
    pub(in crate::oauth) expires: i64,
    /// The thumbprint of the key to which the token is bound.
    pub(in crate::oauth) key: Option<String>,
    pub(in crate::oauth) revoked: bool,
}

impl AccessToken {
    /// Whether the token opens anything at this moment.
    pub(in crate::oauth) fn is_active(&self, org: &Org) -> bool {
        !self.revoked
            && org.now.epoch_seconds() < self.expires
            && user_is_active(org, &self.approval)
            && Client::find(org, &self.approval.client_id).is_some()
    }
}

impl Tokens {
    pub(in crate::oauth) fn access(&self, token: &str) -> Option<&AccessToken> {
        self.access.get(token)
    }

    /// The token's time is over.
    pub(in crate::oauth) fn expire(&mut self, token: &str) {
        if let Some(access) = self.access.get_mut(token) {
            access.expires = access.issued;
        }
    }
}

pub(super) fn issue(
    org: &mut Org,
    request: &OAuthRequest,
    approval: &Approval,
    key: Option<String>,
) -> Result<String, OAuthError> {
    let (server, now) = (approval.server, org.now.epoch_seconds());
    let user = approval.user.and_then(|user| org.users.get(user));
    let subject = user.map_or(approval.client_id.as_str(), |user| user.login());
    let record = AccessToken {
        approval: approval.clone(),
        jti: serial("AT")?,
        issuer: server.issuer(&request.base),
        audience: server.audience(&request.base),
        subject: subject.to_owned(),
        issued: now,
        expires: now.saturating_add(org.oauth.settings.access_token_lifetime),
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
        if approval.has("groups") {
            claims["groups"] = json!(claims::groups(org, position));
        }
    }
    if let Some(key) = &record.key {
        claims["cnf"] = json!({ "jkt": key });
    }
    let kind = (server == Server::Org).then_some(INTERNAL);
    let token = jwt::signed(&claims, &*org.oauth.keys.current(server)?, kind)?;
    org.oauth.tokens.access.insert(token.clone(), record);
    Ok(token)
}
