//! `/api/v1/authorizationServers`.

use serde_json::Value;

use super::named::server_of;
use super::{access_policies, claims, scopes};
use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post, put};
use crate::oauth::memory::keys::KeyName;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    let server = |rest: &str| format!("/api/v1/authorizationServers/{{authServerId}}{rest}");
    Modelled::new()
        .at(
            "/api/v1/authorizationServers",
            [
                get(list).with_keys(|org, call| signing(org, positions(found(org, call)))),
                post(create).with_keys(|org, _| signing(org, [org.authorization_servers.next()])),
            ],
        )
        .at(
            &server(""),
            [
                get(read).with_keys(of_one),
                put(replace).with_keys(of_one),
                delete(remove),
            ],
        )
        .at(
            &server("/lifecycle/activate"),
            [post(|org, call| switch(org, call, true))],
        )
        .at(
            &server("/lifecycle/deactivate"),
            [post(|org, call| switch(org, call, false))],
        )
        .at(
            &server("/associatedServers"),
            [
                get(list_associated)
                    .with_keys(|org, call| signing(org, positions(associated(org, call)))),
                post(associate).with_keys(|org, call| signing(org, named(org, call))),
            ],
        )
        .at(
            &server("/associatedServers/{associatedServerId}"),
            [delete(dissociate)],
        )
        .at(
            &server("/credentials/keys"),
            [get(list_keys).with_keys(listed)],
        )
        .at(
            &server("/credentials/keys/{keyId}"),
            [get(read_key).with_keys(listed)],
        )
        .at(
            &server("/credentials/lifecycle/keyRotate"),
            [post(rotate_keys).with_keys(listed_next)],
        )
        .merge(scopes::operations())
        .merge(claims::operations())
        .merge(access_policies::operations())
}

/// The keys with which these servers sign.
fn signing(org: &Org, servers: impl IntoIterator<Item = u64>) -> Vec<KeyName> {
    let servers = servers.into_iter();
    let names = servers.map(|at| org.oauth.keys.current_name(Server::Custom(at)));
    names.collect()
}

/// The key with which the server of the path signs.
fn of_one(org: &Org, call: &Call) -> Vec<KeyName> {
    signing(org, server_of(org, call))
}

/// The keys that administrators see of the server of the path.
fn listed(org: &Org, call: &Call) -> Vec<KeyName> {
    let server = server_of(org, call).into_iter();
    let listed = server.flat_map(|at| org.oauth.keys.listed_names(Server::Custom(at)));
    listed.map(|(_, name)| name).collect()
}

/// Those that they see once it has signed with its next key.
fn listed_next(org: &Org, call: &Call) -> Vec<KeyName> {
    let mut names = listed(org, call);
    let server = server_of(org, call).into_iter();
    names.extend(server.map(|at| org.oauth.keys.name_after_next(Server::Custom(at))));
    names
}

fn shown(org: &Org, call: &Call, position: u64) -> Result<Value, Problem> {
    let server = org.authorization_server(position)?;
    let key = org.oauth.keys.current(Server::Custom(position));
    let key = key.map_err(|_| Problem::internal())?;
    Ok(view::authorization_server(server, &key.id, &call.base))
}

fn show(org: &Org, call: &Call, position: u64, status: u16) -> Result<Reply, Problem> {
    Reply::json(status, &shown(org, call, position)?)
}

/// Positions of the servers on the page that is asked for.
fn found(org: &Org, call: &Call) -> Result<Page<u64>, Problem> {
    let q = call.option("q").map(str::to_lowercase);
    let found = org.authorization_servers.after(call.after()?);
    let found = found.filter(|(_, server)| {
        q.as_deref().is_none_or(|q| {
            server.name.to_lowercase().starts_with(q)
                || server.audience.to_lowercase().starts_with(q)
        })
    });
    Ok(Page::take(
        found.map(|(at, _)| (at, at)),
        call.limit(200, 200)?,
    ))
}

fn positions(page: Result<Page<u64>, Problem>) -> Vec<u64> {
    page.map(|page| page.items).unwrap_or_default()
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show_page(org, call, found(org, call)?)
}

fn show_page(org: &Org, call: &Call, page: Page<u64>) -> Result<Reply, Problem> {
    let shown = page.items.iter().map(|at| shown(org, call, *at));
    let items = shown.collect::<Result<Vec<_>, _>>()?;
    let page = Page {
        items,
        next: page.next,
    };
    Reply::page(call, &page)
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.create_authorization_server(&call.object()?)?;
    show(org, call, position, 201)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, call, server_of(org, call)?, 200)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = server_of(org, call)?;
    org.replace_authorization_server(position, &call.object()?)?;
    show(org, call, position, 200)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = server_of(org, call)?;
    org.delete_authorization_server(position)?;
    Reply::no_content()
}

fn switch(org: &mut Org, call: &Call, on: bool) -> Result<Reply, Problem> {
    org.set_authorization_server_active(server_of(org, call)?, on)?;
    Reply::no_content()
}

/// The servers that this one trusts, or with `trusted=false` those that it could.
fn associated(org: &Org, call: &Call) -> Result<Page<u64>, Problem> {
    let own = server_of(org, call)?;
    let wanted = call.flag("trusted", true)?;
    let server = org.authorization_server(own)?;
    let found = org.authorization_servers.after(call.after()?);
    let found =
        found.filter(|(at, other)| *at != own && server.trusted.contains(&other.id) == wanted);
    Ok(Page::take(
        found.map(|(at, _)| (at, at)),
        call.limit(200, 200)?,
    ))
}

fn list_associated(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show_page(org, call, associated(org, call)?)
}

/// Ids of the servers that the body names.
fn ids(call: &Call) -> Result<Vec<String>, Problem> {
    let body = call.object()?;
    let ids = body.get("trusted").and_then(Value::as_array);
    let ids = ids.ok_or_else(|| Problem::blank("trusted"))?.iter();
    Ok(ids.filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Positions of those of them that there are.
fn named(org: &Org, call: &Call) -> Vec<u64> {
    let ids = ids(call).unwrap_or_default().into_iter();
    ids.filter_map(|id| org.find_authorization_server(&id).ok())
        .collect()
}

fn associate(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let own = server_of(org, call)?;
    let ids = ids(call)?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    org.trust_authorization_servers(own, &ids)?;
    let shown = ids.iter().map(|id| {
        let position = org.find_authorization_server(id)?;
        shown(org, call, position)
    });
    Reply::ok(&shown.collect::<Result<Vec<_>, _>>()?)
}

fn dissociate(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let own = server_of(org, call)?;
    org.distrust_authorization_server(own, call.parameter("associatedServerId"))?;
    Reply::no_content()
}

fn keys(org: &Org, call: &Call) -> Result<Vec<Value>, Problem> {
    let server = server_of(org, call)?;
    let listed = org.oauth.keys.listed(Server::Custom(server));
    let listed = listed.map_err(|_| Problem::internal())?.into_iter();
    let id = &org.authorization_server(server)?.id;
    Ok(listed
        .map(|(status, key)| view::server_key(&key.public, status.name(), id, &call.base))
        .collect())
}

fn list_keys(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    Reply::ok(&keys(org, call)?)
}

fn read_key(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let id = call.parameter("keyId");
    let keys = keys(org, call)?;
    let found = keys.iter().find(|key| key["kid"] == id);
    Reply::ok(found.ok_or_else(|| Problem::not_found(id, "JsonWebKey"))?)
}

fn rotate_keys(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.rotate_authorization_server_keys(server_of(org, call)?);
    list_keys(org, call)
}
