//! Which scopes a client may ask for.

use crate::oauth::clients::client::Client;
use crate::oauth::servers;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
use crate::org::Org;

/// Scopes that say something about a user, and mean nothing without `openid`.
const OF_OPENID: [&str; 4] = ["profile", "email", "address", "phone"];

/// The scopes to grant where a user is behind the request: all that were asked for.
pub(crate) fn for_user(
    org: &Org,
    server: Server,
    client: &Client,
    requested: Vec<String>,
) -> Result<Vec<String>, OAuthError> {
    let requested = or_default(org, server, requested)?;
    let (api, others): (Vec<_>, Vec<_>) = match server {
        Server::Org => requested.iter().partition(|scope| is_api(scope)),
        Server::Custom(_) => (Vec::new(), requested.iter().collect()),
    };
    if others
        .iter()
        .any(|scope| !servers::has_scope(org, server, scope))
    {
        return Err(OAuthError::unknown_scope());
    }
    if api
        .iter()
        .any(|scope| !client.granted.contains(scope.as_str()))
    {
        return Err(not_granted());
    }
    let openid = requested.iter().any(|scope| scope == "openid");
    if !openid
        && requested
            .iter()
            .any(|scope| OF_OPENID.contains(&scope.as_str()))
    {
        return Err(OAuthError::access_denied(
            "Requests for ID tokens or access tokens with OpenID scopes require the openid scope.",
        ));
    }
    Ok(requested)
}

/// The scopes to grant to a client that acts on its own.
///
/// The org server leaves out those scopes of the org's API that were not granted, and refuses when
/// nothing remains.
pub(crate) fn for_client(
    org: &Org,
    server: Server,
    client: &Client,
    requested: Vec<String>,
) -> Result<Vec<String>, OAuthError> {
    let requested = or_default(org, server, requested)?;
    match server {
        Server::Org if requested.iter().all(|scope| is_api(scope)) => {
            let granted = requested.into_iter();
            let granted = granted.filter(|scope| client.granted.contains(scope));
            let granted: Vec<String> = granted.collect();
            if granted.is_empty() {
                return Err(not_granted());
            }
            Ok(granted)
        }
        Server::Custom(_) if !requested.iter().any(|scope| is_of_users(scope)) => {
            for_user(org, server, client, requested)
        }
        _ => Err(OAuthError::unknown_scope()),
    }
}

/// The scopes that were asked for, or those of the server that are for whoever asks for none.
fn or_default(
    org: &Org,
    server: Server,
    requested: Vec<String>,
) -> Result<Vec<String>, OAuthError> {
    if !requested.is_empty() {
        return Ok(requested);
    }
    let defaults = servers::default_scopes(org, server);
    match (defaults.is_empty(), server) {
        (false, _) => Ok(defaults),
        (true, Server::Org) => Err(OAuthError::invalid_scope("No scopes were requested.")),
        (true, Server::Custom(_)) => Err(OAuthError::invalid_scope(
            "The authorization server resource does not have any configured default scopes, \
             'scope' must be provided.",
        )),
    }
}

/// Whether a scope means nothing without a user.
fn is_of_users(scope: &str) -> bool {
    OF_OPENID.contains(&scope)
        || ["openid", "offline_access", "device_sso", "groups"].contains(&scope)
}

/// The scopes of a refresh or an exchange: none asked for means all of `before`.
pub(crate) fn narrowed(
    before: &[String],
    requested: Vec<String>,
) -> Result<Vec<String>, OAuthError> {
    if requested.is_empty() {
        return Ok(before.to_vec());
    }
    if requested.iter().all(|scope| before.contains(scope)) {
        Ok(requested)
    } else {
        Err(OAuthError::invalid_scope(
            "The requested scopes must be a subset of those that were granted before.",
        ))
    }
}

/// Whether this is a scope of the org's API.
fn is_api(scope: &str) -> bool {
    scope.starts_with("okta.")
}

fn not_granted() -> OAuthError {
    OAuthError::new(
        400,
        "consent_required",
        "You are not allowed any of the requested scopes.",
    )
}
