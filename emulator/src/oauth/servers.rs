//! What an authorization server is at this moment.

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::authorization_servers::AuthorizationServer;

/// Scopes of the org's own server. It has those of the org's API beside them.
const OF_ORG: [&str; 7] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
    "groups",
];

/// The active custom server of this id.
pub(crate) fn by_id(org: &Org, id: &str) -> Option<Server> {
    let position = org.authorization_servers.position(id)?;
    let server = org.authorization_servers.get(position)?;
    server.active.then_some(Server::Custom(position))
}

/// The active custom server of this issuer.
pub(crate) fn by_issuer(org: &Org, base: &str, issuer: &str) -> Option<Server> {
    by_id(org, issuer.strip_prefix(base)?.strip_prefix("/oauth2/")?)
}

/// A custom server.
pub(crate) fn custom(org: &Org, position: u64) -> Result<&AuthorizationServer, OAuthError> {
    let server = org.authorization_servers.get(position);
    server.ok_or_else(|| OAuthError::invalid_request("The authorization server is gone."))
}

/// `iss` of a server's tokens. `base` is the org's URL as the caller knows it.
pub(crate) fn issuer(org: &Org, server: Server, base: &str) -> Result<String, OAuthError> {
    match server {
        Server::Org => Ok(base.to_owned()),
        Server::Custom(at) => Ok(custom(org, at)?.issuer(base)),
    }
}

/// The URL of an endpoint such as `token`.
pub(crate) fn endpoint(
    org: &Org,
    server: Server,
    base: &str,
    name: &str,
) -> Result<String, OAuthError> {
    match server {
        Server::Org => Ok(format!("{base}/oauth2/v1/{name}")),
        Server::Custom(at) => Ok(format!("{}/v1/{name}", custom(org, at)?.issuer(base))),
    }
}

/// `aud` of a server's access tokens.
pub(crate) fn audience(org: &Org, server: Server, base: &str) -> Result<String, OAuthError> {
    match server {
        Server::Org => Ok(base.to_owned()),
        Server::Custom(at) => Ok(custom(org, at)?.audience.clone()),
    }
}

/// Whether a server has a scope, apart from those of the org's API.
pub(crate) fn has_scope(org: &Org, server: Server, name: &str) -> bool {
    match server {
        Server::Org => OF_ORG.contains(&name),
        Server::Custom(at) => {
            let server = org.authorization_servers.get(at);
            server.is_some_and(|server| server.scope(name).is_some())
        }
    }
}

/// The scopes that a server publishes.
pub(crate) fn published_scopes(org: &Org, server: Server) -> Vec<&str> {
    match server {
        Server::Org => OF_ORG.to_vec(),
        Server::Custom(at) => {
            let scopes = org.authorization_servers.get(at);
            let scopes = scopes.into_iter().flat_map(|server| server.scopes.iter());
            scopes
                .filter(|(_, scope)| scope.is_published())
                .map(|(_, scope)| scope.name.as_str())
                .collect()
        }
    }
}

/// The scopes of those who ask for none.
pub(crate) fn default_scopes(org: &Org, server: Server) -> Vec<String> {
    let Server::Custom(at) = server else {
        return Vec::new();
    };
    let scopes = org.authorization_servers.get(at);
    let scopes = scopes.into_iter().flat_map(|server| server.scopes.iter());
    scopes
        .filter(|(_, scope)| scope.is_default())
        .map(|(_, scope)| scope.name.clone())
        .collect()
}

/// Whether a server takes tokens of another in exchange.
pub(crate) fn trusts(org: &Org, server: Server, other: Server) -> bool {
    let (Server::Custom(own), Server::Custom(other)) = (server, other) else {
        return false;
    };
    let other = org.authorization_servers.get(other);
    let own = org.authorization_servers.get(own);
    own.zip(other)
        .is_some_and(|(own, other)| own.trusted.contains(&other.id))
}
