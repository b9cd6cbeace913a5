//! Scopes of authorization servers.

use serde_json::{Value, json};

use super::named::server_of;
use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post, put};
use crate::oauth::words::server::Server;
use crate::object::Object;
use crate::org::Org;
use crate::org::authorization_servers::{AuthorizationServer, Scope};
use crate::org::events::{self, Target};
use crate::org::profile::text;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view;

/// The scopes that every server has, and whether its metadata name them.
const SYSTEM: [(&str, &str); 7] = [
    ("openid", "ALL_CLIENTS"),
    ("profile", "ALL_CLIENTS"),
    ("email", "ALL_CLIENTS"),
    ("address", "ALL_CLIENTS"),
    ("phone", "ALL_CLIENTS"),
    ("offline_access", "ALL_CLIENTS"),
    ("device_sso", "NO_CLIENTS"),
];

/// Those that the default server has beside them.
const SAMPLES: [&str; 3] = ["groups", "api:read", "api:write"];

/// Members that the org sets itself; a request's own are not kept.
const SERVER_SET: [&str; 4] = ["id", "name", "system", "_links"];

impl Org {
    pub(super) fn create_system_scopes(&mut self, server: u64) -> Result<(), Problem> {
        for (name, published) in SYSTEM {
            let body = json!({ "name": name, "metadataPublish": published });
            self.add_scope(server, &super::object(body), true)?;
        }
        Ok(())
    }

    pub(super) fn create_sample_scopes(&mut self, server: u64) -> Result<(), Problem> {
        for name in SAMPLES {
            let body = json!({ "name": name, "metadataPublish": "ALL_CLIENTS" });
            self.add_scope(server, &super::object(body), false)?;
        }
        self.create_groups_claims(server)
    }

    fn add_scope(&mut self, server: u64, body: &Object, system: bool) -> Result<u64, Problem> {
        let id = self.ids.object("scp");
        let server = self.authorization_server_mut(server)?;
        let scope = Scope {
            id,
            name: free_name(server, body, None)?,
            system,
            body: kept(body),
        };
        Ok(server.scopes.insert(scope))
    }

    /// Replaces a scope. The name of one that every server has stays.
    fn replace_scope(&mut self, server: u64, at: u64, body: &Object) -> Result<(), Problem> {
        let server = self.authorization_server_mut(server)?;
        let name = free_name(server, body, Some(at))?;
        let scope = server.scopes.get_mut(at).ok_or_else(Problem::internal)?;
        if scope.system && scope.name != name {
            let cause = format!(
                "name: {} is a scope of the system, and keeps its name",
                scope.name
            );
            return Err(Problem::validation("name", [cause]));
        }
        (scope.name, scope.body) = (name, kept(body));
        Ok(())
    }

    fn delete_scope(&mut self, position: u64, at: u64) -> Result<(), Problem> {
        let server = self.authorization_server_mut(position)?;
        if server.scopes.get(at).is_some_and(|scope| scope.system) {
            let cause = "A scope of the system cannot be deleted";
            return Err(Problem::validation("scope", [cause]));
        }
        if let Some(gone) = server.scopes.remove(at) {
            let target = Target::new(&gone.id, "scope", "unknown", &gone.name);
            let server = Server::Custom(position);
            self.end_consents_with(events::CONSENTS_GONE_WITH_SCOPE, target, |consent| {
                consent.server == server && consent.scope == gone.name
            });
        }
        Ok(())
    }
}

fn free_name(
    server: &AuthorizationServer,
    body: &Object,
    own: Option<u64>,
) -> Result<String, Problem> {
    let name = text(body, "name");
    if name.trim().is_empty() {
        return Err(Problem::blank("name"));
    }
    let mut others = server.scopes.iter().filter(|(at, _)| Some(*at) != own);
    match others.any(|(_, scope)| scope.name == name) {
        true => Err(Problem::taken("name")),
        false => Ok(name.to_owned()),
    }
}

fn kept(body: &Object) -> Object {
    let mut body = body.clone();
    body.retain(|name, _| !SERVER_SET.contains(&name.as_str()));
    for (name, value) in [
        ("consent", json!("IMPLICIT")),
        ("default", json!(false)),
        ("metadataPublish", json!("NO_CLIENTS")),
        ("optional", json!(false)),
    ] {
        body.entry(name).or_insert(value);
    }
    body
}

pub(super) fn operations() -> Modelled {
    let scopes = "/api/v1/authorizationServers/{authServerId}/scopes";
    Modelled::new().at(scopes, [get(list), post(create)]).at(
        &format!("{scopes}/{{scopeId}}"),
        [get(read), put(replace), delete(remove)],
    )
}

/// Positions of the server and of the scope that the path names.
fn scope_of(org: &Org, call: &Call) -> Result<(u64, u64), Problem> {
    let server = server_of(org, call)?;
    let id = call.parameter("scopeId");
    let found = org.authorization_server(server)?.scopes.position(id);
    let scope = found.ok_or_else(|| Problem::not_found(id, "OAuth2Scope"))?;
    Ok((server, scope))
}

fn show(org: &Org, call: &Call, server: u64, at: u64, status: u16) -> Result<Reply, Problem> {
    let server = org.authorization_server(server)?;
    let scope = server.scopes.get(at).ok_or_else(Problem::internal)?;
    Reply::json(status, &view::scope(scope, &server.id, &call.base))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let server = org.authorization_server(server_of(org, call)?)?;
    let q = call.option("q").map(str::to_lowercase);
    let scopes = server.scopes.after(call.after()?);
    let scopes = scopes.filter(|(_, scope)| {
        q.as_deref()
            .is_none_or(|q| scope.name.to_lowercase().contains(q))
    });
    let views = scopes.map(|(at, scope)| (at, view::scope(scope, &server.id, &call.base)));
    let page: Page<Value> = Page::take(views, call.limit(200, 200)?);
    Reply::page(call, &page)
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let server = server_of(org, call)?;
    let at = org.add_scope(server, &call.object()?, false)?;
    show(org, call, server, at, 201)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, at) = scope_of(org, call)?;
    show(org, call, server, at, 200)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, at) = scope_of(org, call)?;
    org.replace_scope(server, at, &call.object()?)?;
    show(org, call, server, at, 200)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, at) = scope_of(org, call)?;
    org.delete_scope(server, at)?;
    Reply::no_content()
}
