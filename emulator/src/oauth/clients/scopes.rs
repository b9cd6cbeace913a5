//! Which scopes a client may ask for.

use crate::oauth::clients::client::Client;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;

/// Scopes that say something about a user, and mean nothing without `openid`.
const OF_OPENID: [&str; 4] = ["profile", "email", "address", "phone"];

/// The scopes to grant where a user is behind the request: all that were asked for.
pub(crate) fn for_user(
    server: Server,
    client: &Client,
    requested: Vec<String>,
) -> Result<Vec<String>, OAuthError> {
    if requested.is_empty() {
        return Err(none());
    }
    let known = server.scopes();
    let (api, others): (Vec<_>, Vec<_>) = requested.iter().partition(|scope| is_api(scope));
    if others.iter().any(|scope| !known.contains(&scope.as_str())) {
        return Err(OAuthError::unknown_scope());
    }
    if !api.is_empty() && server != Server::Org {
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
    server: Server,
    client: &Client,
    requested: Vec<String>,
) -> Result<Vec<String>, OAuthError> {
    if requested.is_empty() {
        return Err(none());
    }
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
        Server::Default if requested.iter().all(|scope| scope.starts_with("api:")) => {
            for_user(server, client, requested)
        }
        _ => Err(OAuthError::unknown_scope()),
    }
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

fn none() -> OAuthError {
    OAuthError::invalid_scope("No scopes were requested.")
}

fn not_granted() -> OAuthError {
    OAuthError::new(
        400,
        "consent_required",
        "You are not allowed any of the requested scopes.",
    )
}
