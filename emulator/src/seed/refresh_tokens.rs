//! Refresh tokens that applications have from the start.

use serde_json::Value;

use crate::oauth::clients::access_policy::{self, Asked};
use crate::oauth::clients::client::Client;
use crate::oauth::clients::scopes;
use crate::oauth::memory::approval::Approval;
use crate::oauth::servers;
use crate::oauth::tokens::refresh;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
use crate::oauth::words::unguessable::unguessable;
use crate::object::Object;
use crate::org::Org;
use crate::org::profile::text;
use crate::org::users::Status;
use crate::problem::Problem;

const MEMBERS: [&str; 3] = ["authorizationServer", "scopes", "token"];

/// Gives a client a refresh token for a user, as if the user had logged in to it.
pub(super) fn plant(org: &mut Org, user: &str, client: &str, body: &Object) -> Result<(), Problem> {
    check_members(body, &MEMBERS)?;
    let user = org.find_user(user)?;
    let client = Client::of_app(org, org.find_client(client)?)
        .ok_or_else(|| refused("the application is no active OAuth client"))?;
    let server = server(org, body)?;
    let approval = approved(org, &client, user, server, body).map_err(|error| because(&error))?;
    let token = match text(body, "token") {
        "" => unguessable().map_err(|error| because(&error))?,
        given => given.to_owned(),
    };
    if org.oauth.tokens.refresh(&token).is_some() {
        return Err(refused("token: another refresh token has this text"));
    }
    let id = org.ids.object("oar");
    let identity = org.oauth.tokens.identify(id, org.now);
    refresh::keep(org, &client, &approval, None, identity, token);
    Ok(())
}

/// What the user approved, if a login to that client would lead to a refresh token.
fn approved(
    org: &Org,
    client: &Client,
    user: u64,
    server: Server,
    body: &Object,
) -> Result<Approval, OAuthError> {
    client.check_grant_type("refresh_token")?;
    let active = org.user(user)?.status == Status::Active;
    if !active || !client.is_assigned(org, user) {
        return Err(OAuthError::not_assigned());
    }
    let names = body.get("scopes").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let scopes = names.map(str::to_owned).collect();
    let scopes = scopes::for_user(org, server, client, scopes)?;
    if !scopes.iter().any(|scope| scope == "offline_access") {
        let cause = "scopes: refresh tokens need offline_access";
        return Err(OAuthError::invalid_scope(cause));
    }
    let asked = Asked {
        server,
        client,
        grant_type: "authorization_code",
        user: Some(user),
        scopes: &scopes,
    };
    let terms = access_policy::terms(org, &asked)?;
    Ok(Approval {
        server,
        client_id: client.id.clone(),
        user: Some(user),
        scopes,
        authenticated: org.now.epoch_seconds(),
        second: None,
        nonce: None,
        acr: None,
        family: unguessable()?,
        terms,
    })
}

/// The custom server that `authorizationServer` names, or else the org's own.
pub(super) fn server(org: &Org, body: &Object) -> Result<Server, Problem> {
    match text(body, "authorizationServer") {
        "" => Ok(Server::Org),
        id => servers::by_id(org, id)
            .ok_or_else(|| refused(&format!("authorizationServer: there is no {id:?}"))),
    }
}

/// Refuses members that mean nothing here.
pub(super) fn check_members(body: &Object, known: &[&str]) -> Result<(), Problem> {
    match body.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let known = known.join(", ");
            Err(refused(&format!("{name} is not one of {known}")))
        }
    }
}

pub(super) fn refused(cause: &str) -> Problem {
    Problem::validation("objects", [cause])
}

fn because(error: &OAuthError) -> Problem {
    refused(&error.description)
}
