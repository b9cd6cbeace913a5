//! Refresh tokens below applications, below the clients of users, and below those of authorization
//! servers.

use serde_json::Value;

use super::Holding;
use crate::call::{Call, Reply};
use crate::model::apps::operations::app_of;
use crate::model::users::operations::user_of;
use crate::modelled::{Modelled, delete, get};
use crate::oauth::memory::tokens::RefreshToken;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view;

/// How many tokens a page has if nothing is said, and at most.
const PAGE: (usize, usize) = (20, 200);

/// Reads from the path which tokens are meant.
type Found = fn(&Org, &Call) -> Result<Holding, Problem>;

pub(crate) fn operations() -> Modelled {
    let apps = "/api/v1/apps/{appId}/tokens";
    let users = "/api/v1/users/{userId}/clients/{clientId}/tokens";
    let servers = "/api/v1/authorizationServers/{authServerId}/clients/{clientId}/tokens";
    let item = |collection: &str| format!("{collection}/{{tokenId}}");
    Modelled::new()
        .at(
            apps,
            [
                get(|org, call| list(org, call, of_app)),
                delete(|org, call| revoke_all(org, call, of_app)),
            ],
        )
        .at(
            &item(apps),
            [
                get(|org, call| read(org, call, of_app)),
                delete(|org, call| revoke(org, call, of_app)),
            ],
        )
        .at(
            users,
            [
                get(|org, call| list(org, call, of_user)),
                delete(|org, call| revoke_all(org, call, of_user)),
            ],
        )
        .at(
            &item(users),
            [
                get(|org, call| read(org, call, of_user)),
                delete(|org, call| revoke(org, call, of_user)),
            ],
        )
        .at(
            servers,
            [
                get(|org, call| list(org, call, of_server)),
                delete(|org, call| revoke_all(org, call, of_server)),
            ],
        )
        .at(
            &item(servers),
            [
                get(|org, call| read(org, call, of_server)),
                delete(|org, call| revoke(org, call, of_server)),
            ],
        )
}

fn of_app(org: &Org, call: &Call) -> Result<Holding, Problem> {
    Ok(Holding {
        app: app_of(org, call)?,
        user: None,
        server: None,
    })
}

fn of_user(org: &Org, call: &Call) -> Result<Holding, Problem> {
    let user = user_of(org, call)?;
    Ok(Holding {
        app: org.find_client(call.parameter("clientId"))?,
        user: Some(user),
        server: None,
    })
}

fn of_server(org: &Org, call: &Call) -> Result<Holding, Problem> {
    let server = org.find_authorization_server(call.parameter("authServerId"))?;
    Ok(Holding {
        app: org.find_client(call.parameter("clientId"))?,
        user: None,
        server: Some(Server::Custom(server)),
    })
}

/// A token on the wire. Its own path is that of the collection which was asked for.
fn shown(org: &Org, call: &Call, holding: Holding, token: &RefreshToken) -> Result<Value, Problem> {
    let app = org.app(holding.app)?;
    let id = &token.identity.id;
    let client = &token.approval.client_id;
    let collection = match (holding.user, holding.server) {
        (Some(user), _) => {
            let user = &org.user(user)?.id;
            format!("/api/v1/users/{user}/clients/{client}/tokens")
        }
        (None, Some(Server::Custom(server))) => {
            let server = &org.authorization_server(server)?.id;
            format!("/api/v1/authorizationServers/{server}/clients/{client}/tokens")
        }
        _ => format!("/api/v1/apps/{}/tokens", app.id),
    };
    let own = format!("{}{collection}/{id}", call.base);
    view::refresh_token(org, app, token, &own, &call.base)
}

fn list(org: &mut Org, call: &Call, found: Found) -> Result<Reply, Problem> {
    let holding = found(org, call)?;
    let after = call.after()?.unwrap_or_default();
    let tokens = org.refresh_tokens_of(holding).into_iter();
    let tokens = tokens.filter(|(position, _)| *position > after);
    let page = Page::take(tokens, call.limit(PAGE.0, PAGE.1)?);
    let items = page.items.into_iter();
    let items = items.map(|token| shown(org, call, holding, token));
    let page = Page {
        items: items.collect::<Result<Vec<_>, _>>()?,
        next: page.next,
    };
    Reply::page(call, &page)
}

fn read(org: &mut Org, call: &Call, found: Found) -> Result<Reply, Problem> {
    let holding = found(org, call)?;
    let token = org.refresh_token(holding, call.parameter("tokenId"))?;
    Reply::ok(&shown(org, call, holding, token)?)
}

fn revoke(org: &mut Org, call: &Call, found: Found) -> Result<Reply, Problem> {
    let holding = found(org, call)?;
    org.revoke_refresh_token(holding, call.parameter("tokenId"))?;
    Reply::no_content()
}

fn revoke_all(org: &mut Org, call: &Call, found: Found) -> Result<Reply, Problem> {
    let holding = found(org, call)?;
    org.revoke_refresh_tokens(holding);
    Reply::no_content()
}
