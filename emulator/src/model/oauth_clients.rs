//! The clients that users have let in, and those to which authorization servers gave refresh tokens.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::model::users::operations::user_of;
use crate::modelled::{Modelled, get};
use crate::oauth::clients::client::Client;
use crate::oauth::memory::tokens::{Origin, RefreshToken};
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/users/{userId}/clients", [get(of_user)])
        .at(
            "/api/v1/authorizationServers/{authServerId}/clients",
            [get(of_server)],
        )
}

/// The ids of the clients that have refresh tokens of an origin which count.
fn with_tokens(org: &Org, origin: &Origin) -> BTreeSet<String> {
    let tokens = org.oauth.tokens.refresh_tokens(origin, |_| true);
    let mut by_client: BTreeMap<&str, Vec<&RefreshToken>> = BTreeMap::new();
    for token in tokens.into_values() {
        let own = by_client.entry(&token.approval.client_id);
        own.or_default().push(token);
    }
    by_client.retain(|id, tokens| {
        let client = Client::find(org, id);
        client.is_some_and(|client| tokens.iter().any(|token| token.is_listed(org, &client)))
    });
    by_client.into_keys().map(str::to_owned).collect()
}

/// The clients of these ids. `own` is the path below which their grants and tokens are.
fn shown(
    org: &Org,
    call: &Call,
    ids: &BTreeSet<String>,
    own: &str,
    parts: &[&str],
) -> Result<Reply, Problem> {
    let apps = ids
        .iter()
        .map(|id| Ok((id, org.app(org.find_client(id)?)?)));
    let views = apps.map(|app| {
        let (id, app) = app?;
        Ok(view::oauth_client(id, app, own, parts, &call.base))
    });
    Reply::ok(&views.collect::<Result<Vec<Value>, Problem>>()?)
}

fn of_user(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    let mut ids = with_tokens(org, &Origin::User(user));
    let consents = org.oauth.consents.of(user);
    ids.extend(consents.map(|(_, consent)| consent.client_id.clone()));
    let own = format!("/api/v1/users/{}", org.user(user)?.id);
    shown(org, call, &ids, &own, &["grants", "tokens"])
}

fn of_server(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let server = org.find_authorization_server(call.parameter("authServerId"))?;
    let ids = with_tokens(org, &Origin::Server(Server::Custom(server)));
    let server = &org.authorization_server(server)?.id;
    let own = format!("/api/v1/authorizationServers/{server}");
    shown(org, call, &ids, &own, &["tokens"])
}
