//! Tokens: how they are made, and which of them still count.

mod access;
mod assertion;
mod id;
mod refresh;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::clients::Client;
use super::error::OAuthError;
use super::request::OAuthRequest;
use super::server::Server;
use super::{jwt, unguessable};
use crate::org::Org;
use crate::org::events::{self, Actor, Target};
use crate::org::users::Status;

pub(super) use access::AccessToken;
pub(super) use assertion::Assertion;
pub(super) use id::IdToken;
pub(super) use refresh::{RefreshToken, spend};

/// What a user or an administrator allowed a client to do.
#[derive(Clone, Debug)]
pub(super) struct Approval {
    pub(super) server: Server,
    pub(super) client_id: String,
    /// None where the client acts on its own.
    pub(super) user: Option<u64>,
    pub(super) scopes: Vec<String>,
    /// When the user gave the password, in seconds since the epoch.
    pub(super) authenticated: i64,
    pub(super) nonce: Option<String>,
    /// The assurance that the client asked for.
    pub(super) acr: Option<String>,
    /// All tokens that came from one approval; they fall together.
    pub(super) family: String,
}

impl Approval {
    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// All tokens that were ever issued, by their text.
#[derive(Default)]
pub(super) struct Tokens {
    access: HashMap<String, AccessToken>,
    refresh: HashMap<String, RefreshToken>,
    id: HashMap<String, IdToken>,
    assertions: HashMap<String, Assertion>,
}

impl Tokens {
    /// Revokes all that came from one approval.
    pub(super) fn revoke_family(&mut self, family: &str) {
        self.revoke(|approval| approval.family == family);
    }

    /// Revokes all tokens of a user.
    pub(super) fn revoke_user(&mut self, user: u64) {
        self.revoke(|approval| approval.user == Some(user));
    }

    fn revoke(&mut self, concerns: impl Fn(&Approval) -> bool) {
        let access = self.access.values_mut();
        for token in access.filter(|token| concerns(&token.approval)) {
            token.revoked = true;
        }
        let refresh = self.refresh.values_mut();
        for token in refresh.filter(|token| concerns(&token.approval)) {
            token.revoked = true;
        }
    }

    /// Revokes one access token, or a refresh token with all that came from its approval. Only the
    /// client that has a token may.
    pub(super) fn revoke_token(&mut self, token: &str, client: &str) -> Result<(), OAuthError> {
        let foreign = || {
            OAuthError::invalid_grant(
                "The token was issued to another client, which may revoke it.",
            )
        };
        if let Some(access) = self.access.get_mut(token) {
            if access.approval.client_id != client {
                return Err(foreign());
            }
            access.revoked = true;
        } else if let Some(refresh) = self.refresh.get(token) {
            if refresh.approval.client_id != client {
                return Err(foreign());
            }
            let family = refresh.approval.family.clone();
            self.revoke_family(&family);
        }
        Ok(())
    }
}

/// Which refresh token comes with an access token.
pub(super) enum Renewal {
    /// A new one, if the scopes and the client's grant types allow one.
    New,
    /// This one again.
    Same(String),
    None,
}

/// The answer of the token endpoint. `key` is the thumbprint of the key behind a DPoP proof.
pub(super) fn issue(
    org: &mut Org,
    request: &OAuthRequest,
    client: &Client,
    approval: &Approval,
    key: Option<String>,
    renewal: Renewal,
) -> Result<Value, OAuthError> {
    record_grant(org, client, approval);
    let renewable = approval.has("offline_access")
        && client
            .grant_types
            .iter()
            .any(|grant| grant == "refresh_token");
    let refresh = match renewal {
        Renewal::New if renewable => Some(refresh::issue(org, client, approval, key.clone())?),
        Renewal::Same(token) => Some(token),
        _ => None,
    };
    let kind = if key.is_some() { "DPoP" } else { "Bearer" };
    let access = access::issue(org, request, approval, key)?;
    let mut reply = Map::new();
    reply.insert("token_type".to_owned(), json!(kind));
    let lifetime = org.oauth.settings.access_token_lifetime;
    reply.insert("expires_in".to_owned(), json!(lifetime));
    reply.insert("scope".to_owned(), json!(approval.scopes.join(" ")));
    if let Some(refresh) = refresh {
        reply.insert("refresh_token".to_owned(), json!(refresh));
    }
    if let (Some(user), true) = (approval.user, approval.has("openid")) {
        let id = id::issue(org, request, approval, user, &access)?;
        reply.insert("id_token".to_owned(), json!(id));
    }
    reply.insert("access_token".to_owned(), json!(access));
    Ok(Value::Object(reply))
}

/// Whether a token's user can still use it. A client that acts on its own always can.
fn user_is_active(org: &Org, approval: &Approval) -> bool {
    approval.user.is_none_or(|user| {
        let user = org.users.get(user);
        user.is_some_and(|user| user.status == Status::Active)
    })
}

/// `jti` as Okta writes it.
fn serial(prefix: &str) -> Result<String, OAuthError> {
    Ok(format!("{prefix}.{}", unguessable()?))
}

fn record_grant(org: &mut Org, client: &Client, approval: &Approval) {
    let kind = match approval.server {
        Server::Org => events::TOKEN_GRANTED,
        Server::Default => events::CUSTOM_TOKEN_GRANTED,
    };
    let user = approval.user.and_then(|user| org.users.get(user));
    let target = user.map(|user| Target::new(&user.id, "User", user.login(), &user.display_name()));
    org.record_by(actor(client), kind, target);
}

/// A client as the doer of things.
pub(super) fn actor(client: &Client) -> Arc<Actor> {
    Arc::new(Actor {
        id: client.id.clone(),
        kind: "PublicClientApp",
        alternate_id: client.id.clone(),
        display_name: client.label.clone(),
    })
}
