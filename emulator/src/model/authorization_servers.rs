//! Custom authorization servers. Their endpoints follow at once: see `oauth/`.
//!
//! Source: <https://developer.okta.com/docs/concepts/auth-servers/>.

mod access_policies;
mod claims;
mod named;
pub(crate) mod operations;
mod scopes;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::oauth::memory::tokens::Origin;
use crate::oauth::words::server::Server;
use crate::object::Object;
use crate::org::Org;
use crate::org::authorization_servers::{AuthorizationServer, DEFAULT};
use crate::org::events::{self, Target};
use crate::org::profile::text;
use crate::org::table::Table;
use crate::problem::Problem;

/// Members that the org sets itself; a request's own are not kept.
const SERVER_SET: [&str; 9] = [
    "id",
    "name",
    "audiences",
    "status",
    "issuer",
    "created",
    "lastUpdated",
    "credentials",
    "_links",
];

impl Org {
    /// The position of an authorization server.
    pub(crate) fn find_authorization_server(&self, id: &str) -> Result<u64, Problem> {
        let found = self.authorization_servers.position(id);
        found.ok_or_else(|| Problem::not_found(id, "AuthorizationServer"))
    }

    pub(crate) fn authorization_server(
        &self,
        position: u64,
    ) -> Result<&AuthorizationServer, Problem> {
        let server = self.authorization_servers.get(position);
        server.ok_or_else(Problem::internal)
    }

    fn authorization_server_mut(
        &mut self,
        position: u64,
    ) -> Result<&mut AuthorizationServer, Problem> {
        let server = self.authorization_servers.get_mut(position);
        server.ok_or_else(Problem::internal)
    }

    /// Creates the server that every org has, which lets all clients in.
    pub(crate) fn create_default_authorization_server(&mut self) -> Result<(), Problem> {
        let request = json!({
            "name": DEFAULT,
            "description": "The server that every org has",
            "audiences": ["api://default"],
        });
        let at = self.add_authorization_server(&object(request), DEFAULT.to_owned())?;
        self.create_sample_scopes(at)?;
        self.create_default_access_policy(at)
    }

    /// Creates an authorization server with `name` and one audience. It has the scopes of OpenID Connect
    /// and no access policy: nobody gets tokens until there is one.
    pub(crate) fn create_authorization_server(&mut self, body: &Object) -> Result<u64, Problem> {
        let id = self.ids.object("aus");
        self.add_authorization_server(body, id)
    }

    fn add_authorization_server(&mut self, body: &Object, id: String) -> Result<u64, Problem> {
        let (name, audience) = described(body)?;
        let server = AuthorizationServer {
            id,
            name,
            active: true,
            audience,
            created: self.now,
            last_updated: self.now,
            body: kept(body),
            trusted: BTreeSet::new(),
            scopes: Table::default(),
            claims: Table::default(),
            policies: Table::default(),
        };
        let target = server.target();
        let position = self.authorization_servers.insert(server);
        self.create_system_scopes(position)?;
        self.create_subject_claim(position)?;
        self.record(events::AUTHORIZATION_SERVER_CREATED, [target]);
        Ok(position)
    }

    /// Replaces a server; its scopes, claims and policies stay.
    pub(crate) fn replace_authorization_server(
        &mut self,
        position: u64,
        body: &Object,
    ) -> Result<(), Problem> {
        let (name, audience) = described(body)?;
        let now = self.now;
        let server = self.authorization_server_mut(position)?;
        (server.name, server.audience) = (name, audience);
        (server.body, server.last_updated) = (kept(body), now);
        let target = server.target();
        self.record(events::AUTHORIZATION_SERVER_UPDATED, [target]);
        Ok(())
    }

    /// Switches a server on or off. One that is off issues no tokens, and what it issued is no longer
    /// known at its endpoints.
    pub(crate) fn set_authorization_server_active(
        &mut self,
        position: u64,
        on: bool,
    ) -> Result<(), Problem> {
        let now = self.now;
        let server = self.authorization_server_mut(position)?;
        (server.active, server.last_updated) = (on, now);
        let target = server.target();
        if !on {
            self.end_consents_of_server(position, target.clone());
        }
        let event = match on {
            true => events::AUTHORIZATION_SERVER_ACTIVATED,
            false => events::AUTHORIZATION_SERVER_DEACTIVATED,
        };
        self.record(event, [target]);
        Ok(())
    }

    /// Deletes a server with all that it issued. The one that every org has stays.
    pub(crate) fn delete_authorization_server(&mut self, position: u64) -> Result<(), Problem> {
        if self.authorization_server(position)?.id == DEFAULT {
            return Err(Problem::forbidden());
        }
        if let Some(gone) = self.authorization_servers.remove(position) {
            self.authorization_servers.change_where(
                |other| other.trusted.contains(&gone.id),
                |other| {
                    other.trusted.remove(&gone.id);
                },
            );
            self.end_consents_of_server(position, gone.target());
            let origin = Origin::Server(Server::Custom(position));
            self.oauth.tokens.revoke(&origin, |_| true);
            self.record(events::AUTHORIZATION_SERVER_DELETED, [gone.target()]);
        }
        Ok(())
    }

    fn end_consents_of_server(&mut self, position: u64, target: Target) {
        let (kind, server) = (events::CONSENTS_GONE_WITH_SERVER, Server::Custom(position));
        self.end_consents_with(kind, target, |consent| consent.server == server);
    }

    /// Lets a server take tokens of others in exchange. Each of them is named once, by its id.
    pub(crate) fn trust_authorization_servers(
        &mut self,
        position: u64,
        ids: &[&str],
    ) -> Result<(), Problem> {
        for id in ids {
            self.find_authorization_server(id)?;
        }
        let own = self.authorization_server_mut(position)?;
        if ids.contains(&own.id.as_str()) {
            let cause = "trusted: A server cannot be associated with itself";
            return Err(Problem::validation("trusted", [cause]));
        }
        own.trusted.extend(ids.iter().map(|id| (*id).to_owned()));
        Ok(())
    }

    /// Ends the trust in a server.
    pub(crate) fn distrust_authorization_server(
        &mut self,
        position: u64,
        id: &str,
    ) -> Result<(), Problem> {
        match self.authorization_server_mut(position)?.trusted.remove(id) {
            true => Ok(()),
            false => Err(Problem::not_found(id, "AuthorizationServer")),
        }
    }

    /// The server signs with its next key; the one before stays published.
    pub(crate) fn rotate_authorization_server_keys(&mut self, position: u64) {
        self.oauth.keys.rotate_of(Server::Custom(position));
    }
}

/// Name and audience, as a request gives them.
fn described(body: &Object) -> Result<(String, String), Problem> {
    let name = text(body, "name");
    if name.trim().is_empty() {
        return Err(Problem::blank("name"));
    }
    let audiences = body.get("audiences").and_then(Value::as_array);
    match audiences.map(Vec::as_slice) {
        Some([Value::String(audience)]) if !audience.trim().is_empty() => {
            Ok((name.to_owned(), audience.clone()))
        }
        None | Some([]) => Err(Problem::blank("audiences")),
        Some(_) => {
            let cause = "audiences: There must be one audience, a text";
            Err(Problem::validation("audiences", [cause]))
        }
    }
}

fn kept(body: &Object) -> Object {
    let mut body = body.clone();
    body.retain(|name, _| !SERVER_SET.contains(&name.as_str()));
    body.entry("issuerMode").or_insert_with(|| json!("ORG_URL"));
    body
}

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}
