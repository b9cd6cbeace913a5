//! Tokens: how they are made, and which of them still count.

mod access;
pub(crate) mod claims;
mod custom;
pub(crate) mod extent;
pub(crate) mod id;
mod inline_hook;
pub(crate) mod issued;
pub(crate) mod refresh;
mod standing;

use std::sync::Arc;

use serde_json::{Map, json};

use crate::oauth::clients::client::Client;
use crate::oauth::memory::approval::Approval;
use crate::oauth::memory::tokens::Identity;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::events::{self, Actor, Target};
use inline_hook::Drafts;
use issued::{Issued, Unsigned};

/// Which refresh token comes with an access token.
pub(crate) enum Renewal {
    /// A new one, if the scopes and the client's grant types allow one.
    New,
    /// A new text for the one with this identity, if they still allow one.
    Replaced(Identity),
    /// This one again.
    Same(String),
    None,
}

/// The answer of the token endpoint, of which the tokens have to be signed. `key` is the thumbprint of
/// the key behind a DPoP proof.
pub(crate) fn issue(
    org: &mut Org,
    request: &OAuthRequest,
    client: &Client,
    approval: &Approval,
    key: Option<String>,
    renewal: Renewal,
) -> Result<Issued, OAuthError> {
    record_grant(org, client, approval);
    let renewable = approval.has("offline_access")
        && client
            .grant_types
            .iter()
            .any(|grant| grant == "refresh_token");
    let refresh = match renewal {
        Renewal::New if renewable => Some(refresh::issue(org, client, approval, key.clone())?),
        Renewal::Replaced(identity) if renewable => Some(refresh::issue_as(
            org,
            client,
            approval,
            key.clone(),
            identity,
        )?),
        Renewal::Same(token) => Some(token),
        _ => None,
    };
    let kind = if key.is_some() { "DPoP" } else { "Bearer" };
    let (access, record) = access::draft(org, request, approval, key)?;
    let id = approval.user.filter(|_| approval.has("openid"));
    let id = id.map(|user| id::draft(org, request, approval, user));
    let drafts = Drafts {
        access,
        id: id.transpose()?,
    };
    let held = refresh.as_deref();
    let held = held.and_then(|token| org.oauth.tokens.refresh(token));
    let held = held.map(|held| held.identity.id.as_str());
    let question = inline_hook::question(org, request, client, approval, &drafts, held);
    let mut reply = Map::new();
    reply.insert("token_type".to_owned(), json!(kind));
    reply.insert("scope".to_owned(), json!(approval.scopes.join(" ")));
    if let Some(refresh) = refresh {
        reply.insert("refresh_token".to_owned(), json!(refresh));
    }
    let unsigned = Unsigned {
        drafts,
        record,
        question,
    };
    Ok(Issued::unsigned(reply, unsigned))
}

fn record_grant(org: &mut Org, client: &Client, approval: &Approval) {
    let kind = match approval.server {
        Server::Org => events::TOKEN_GRANTED,
        Server::Custom(_) => events::CUSTOM_TOKEN_GRANTED,
    };
    let user = approval.user.and_then(|user| org.users.get(user));
    let target = user.map(|user| Target::new(&user.id, "User", user.login(), &user.display_name()));
    org.record_by(actor(client), kind, target);
}

/// Writes to the System Log that someone revoked a token of that server.
pub(crate) fn record_revocation(org: &mut Org, by: Arc<Actor>, server: Server, token: Target) {
    let kind = match server {
        Server::Org => events::TOKEN_REVOKED,
        Server::Custom(_) => events::CUSTOM_TOKEN_REVOKED,
    };
    org.record_by(by, kind, [token]);
}

/// A client as the doer of things.
pub(crate) fn actor(client: &Client) -> Arc<Actor> {
    Arc::new(Actor {
        id: client.id.clone(),
        kind: "PublicClientApp",
        alternate_id: client.id.clone(),
        display_name: client.label.clone(),
    })
}
