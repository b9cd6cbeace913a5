//! Refresh tokens and their rotation, <https://developer.okta.com/docs/guides/refresh-tokens/main/>.

use crate::oauth::clients::client::Client;
use crate::oauth::memory::approval::Approval;
use crate::oauth::memory::tokens::{Identity, RefreshToken};
use crate::oauth::tokens::standing::user_is_active;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;
use crate::org::events::Target;

impl RefreshToken {
    pub(crate) fn is_active(&self, org: &Org, client: &Client) -> bool {
        !self.revoked
            && org.now.epoch_seconds() < self.expires
            && !self.is_spent(org, client)
            && user_is_active(org, &self.approval)
    }

    /// Whether it is what administrators see: active, and not replaced by another text.
    pub(crate) fn is_listed(&self, org: &Org, client: &Client) -> bool {
        self.replaced.is_none() && self.is_active(org, client)
    }

    pub(crate) fn target(&self) -> Target {
        Target::new(
            &self.identity.id,
            "refresh_token",
            "unknown",
            "Refresh Token",
        )
    }

    /// Whether another token replaced this one, and the time for a second try is over, too.
    fn is_spent(&self, org: &Org, client: &Client) -> bool {
        let grace = client.rotation.unwrap_or_default() * 1000;
        self.replaced
            .is_some_and(|at| org.now.0.timestamp_millis() > at + grace)
    }
}

pub(crate) fn issue(
    org: &mut Org,
    client: &Client,
    approval: &Approval,
    key: Option<String>,
) -> Result<String, OAuthError> {
    let id = org.ids.object("oar");
    let identity = org.oauth.tokens.identify(id, org.now);
    issue_as(org, client, approval, key, identity)
}

/// Gives the client a new text for a refresh token that it has.
pub(crate) fn issue_as(
    org: &mut Org,
    client: &Client,
    approval: &Approval,
    key: Option<String>,
    identity: Identity,
) -> Result<String, OAuthError> {
    let token = unguessable()?;
    keep(org, client, approval, key, identity, token.clone());
    Ok(token)
}

/// Keeps `token` as the text of a refresh token.
pub(crate) fn keep(
    org: &mut Org,
    client: &Client,
    approval: &Approval,
    key: Option<String>,
    identity: Identity,
    token: String,
) {
    let record = RefreshToken {
        identity,
        approval: approval.clone(),
        last_updated: org.now,
        expires: approval.terms.refresh_expires(org.now.epoch_seconds()),
        key: key.filter(|_| client.is_public()),
        replaced: None,
        revoked: false,
    };
    org.oauth.tokens.keep_refresh(token, record);
}

/// Uses a refresh token: gives its record, and notes the use. Whoever comes late with a token that
/// was replaced may have stolen it, so all that came from its approval falls.
pub(crate) fn spend(
    org: &mut Org,
    client: &Client,
    token: &str,
    key: Option<&String>,
) -> Result<RefreshToken, OAuthError> {
    let invalid = || OAuthError::invalid_grant("The refresh token is invalid or expired.");
    let record = org.oauth.tokens.refresh(token).ok_or_else(invalid)?.clone();
    if record.approval.client_id != client.id {
        return Err(OAuthError::invalid_grant(
            "The grant was issued to another client. Ensure that the client_id matches the one \
             used at the authorize request.",
        ));
    }
    if record.is_spent(org, client) {
        org.oauth.tokens.revoke_family(&record.approval.family);
        return Err(invalid());
    }
    let user = record.approval.user;
    let assigned = user.is_none_or(|user| client.is_assigned(org, user));
    if !record.is_active(org, client) || !assigned {
        return Err(invalid());
    }
    if record.key.is_some() && record.key.as_ref() != key {
        return Err(OAuthError::invalid_dpop_proof(
            "The DPoP proof's key is not the one to which the refresh token is bound.",
        ));
    }
    let (stamp, now, millis) = (
        org.now,
        org.now.epoch_seconds(),
        org.now.0.timestamp_millis(),
    );
    if let Some(held) = org.oauth.tokens.refresh_mut(token) {
        held.last_updated = stamp;
        held.expires = held.approval.terms.refresh_expires(now);
        if client.rotation.is_some() {
            held.replaced.get_or_insert(millis);
        }
    }
    Ok(record)
}
