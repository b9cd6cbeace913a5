//! Scopes to which users said yes before the first request.

use super::refresh_tokens::{check_members, refused, server};
use crate::oauth::servers;
use crate::object::Object;
use crate::org::Org;
use crate::org::profile::text;
use crate::problem::Problem;

const MEMBERS: [&str; 3] = ["authorizationServer", "client", "scope"];

/// The user says yes to a scope. `client` is a client id, or the id or label of an application.
pub(super) fn plant(org: &mut Org, user: &str, body: &Object) -> Result<(), Problem> {
    check_members(body, &MEMBERS)?;
    let user = org.find_user(user)?;
    let (named, scope) = (text(body, "client"), text(body, "scope"));
    let labelled = org.apps.iter().find(|(_, app)| app.label == named);
    let app = labelled.map(|(position, _)| position);
    let app = app.map_or_else(|| org.find_client(named), Ok)?;
    let client = org.app(app)?.client_id().map(str::to_owned);
    let client = client.ok_or_else(|| refused("client: the application is no OAuth client"))?;
    let server = server(org, body)?;
    if !servers::has_scope(org, server, scope) {
        return Err(refused(&format!(
            "scope: the authorization server has no {scope:?}"
        )));
    }
    org.give_consent(user, &client, server, scope);
    Ok(())
}
