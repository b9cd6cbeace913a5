//! What users let clients do: refresh tokens, consents, and the clients themselves.

use serde_json::{Map, Value, json};

use crate::oauth::memory::consents::Consent;
use crate::oauth::memory::tokens::RefreshToken;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::apps::App;
use crate::org::authorization_servers::AuthorizationServer;
use crate::org::users::User;
use crate::problem::Problem;

/// A refresh token on the wire, without its text. `own` is its URL.
pub(crate) fn refresh_token(
    org: &Org,
    app: &App,
    token: &RefreshToken,
    own: &str,
    base: &str,
) -> Result<Value, Problem> {
    let approval = &token.approval;
    let (server, issuer) = server(org, approval.server, base)?;
    let user = approval.user.map(|user| org.user(user)).transpose()?;
    let mut links = links(app, &approval.client_id, server, user, own, base);
    let revoke = json!({ "href": own, "hints": { "allow": ["DELETE"] } });
    links.insert("revoke".to_owned(), revoke);
    let mut shown = json!({
        "id": token.identity.id,
        "status": "ACTIVE",
        "created": token.identity.created,
        "lastUpdated": token.last_updated,
        "expiresAt": expiry(token)?,
        "issuer": issuer,
        "clientId": approval.client_id,
        "scopes": approval.scopes,
        "_links": links,
    });
    if let Some(user) = user {
        shown["userId"] = json!(user.id);
    }
    Ok(shown)
}

fn expiry(token: &RefreshToken) -> Result<Value, Problem> {
    let expires = chrono::DateTime::from_timestamp(token.expires, 0);
    let expires = expires.ok_or_else(Problem::internal)?;
    Ok(json!(crate::clock::Timestamp(expires)))
}

/// A consent on the wire. A scope of a custom server is named by its id, as Okta does.
pub(crate) fn consent(org: &Org, consent: &Consent, base: &str) -> Result<Value, Problem> {
    let app = org.app(org.find_client(&consent.client_id)?)?;
    let user = org.user(consent.user)?;
    let (server, issuer) = server(org, consent.server, base)?;
    let own = format!("{base}/api/v1/users/{}/grants/{}", user.id, consent.id);
    let mut links = links(app, &consent.client_id, server, Some(user), &own, base);
    let scope = server.and_then(|server| Some((server, server.scope(&consent.scope)?)));
    if let Some((server, scope)) = scope {
        let href = format!(
            "{base}/api/v1/authorizationServers/{}/scopes/{}",
            server.id, scope.id
        );
        let link = json!({ "href": href, "title": scope.name });
        links.insert("scope".to_owned(), link);
    }
    Ok(json!({
        "id": consent.id,
        "status": "ACTIVE",
        "source": "END_USER",
        "created": consent.created,
        "createdBy": { "id": user.id, "type": "User" },
        "lastUpdated": consent.created,
        "issuer": issuer,
        "clientId": consent.client_id,
        "userId": user.id,
        "scopeId": scope.map_or(&consent.scope, |(_, scope)| &scope.id),
        "_links": links,
    }))
}

/// A client on the wire. `own` is the path of what it is a client of, `parts` are the lists below it.
pub(crate) fn oauth_client(id: &str, app: &App, own: &str, parts: &[&str], base: &str) -> Value {
    let links = parts.iter().map(|part| {
        let href = format!("{base}{own}/clients/{id}/{part}");
        ((*part).to_owned(), json!({ "href": href }))
    });
    let mut shown = json!({
        "client_id": id,
        "client_name": app.label,
        "_links": Map::from_iter(links),
    });
    let settings = app.body.get("settings").map(|it| &it["oauthClient"]);
    for name in ["client_uri", "logo_uri"] {
        let value = settings.and_then(|settings| settings[name].as_str());
        if let Some(value) = value {
            shown[name] = json!(value);
        }
    }
    shown
}

/// A custom server, and the issuer of any.
fn server<'o>(
    org: &'o Org,
    server: Server,
    base: &str,
) -> Result<(Option<&'o AuthorizationServer>, String), Problem> {
    match server {
        Server::Org => Ok((None, base.to_owned())),
        Server::Custom(at) => {
            let server = org.authorization_server(at)?;
            Ok((Some(server), server.issuer(base)))
        }
    }
}

fn links(
    app: &App,
    client: &str,
    server: Option<&AuthorizationServer>,
    user: Option<&User>,
    own: &str,
    base: &str,
) -> Map<String, Value> {
    let link = |path: &str, title: &str| json!({ "href": format!("{base}{path}"), "title": title });
    let mut links = Map::from_iter([
        ("self".to_owned(), json!({ "href": own })),
        (
            "app".to_owned(),
            link(&format!("/api/v1/apps/{}", app.id), &app.label),
        ),
        (
            "client".to_owned(),
            link(&format!("/oauth2/v1/clients/{client}"), &app.label),
        ),
    ]);
    if let Some(server) = server {
        let path = format!("/api/v1/authorizationServers/{}", server.id);
        links.insert("authorizationServer".to_owned(), link(&path, &server.name));
    }
    if let Some(user) = user {
        let path = format!("/api/v1/users/{}", user.id);
        links.insert("user".to_owned(), link(&path, &user.display_name()));
    }
    links
}
