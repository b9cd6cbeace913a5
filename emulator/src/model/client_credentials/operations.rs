//! `/api/v1/apps/{appId}/credentials/secrets` and `/credentials/jwks`.

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::model::apps::operations::app_of;
use crate::modelled::{Modelled, delete, get, post};
use crate::org::Org;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    let secret = |rest: &str| format!("/api/v1/apps/{{appId}}/credentials/secrets{rest}");
    let key = |rest: &str| format!("/api/v1/apps/{{appId}}/credentials/jwks{rest}");
    Modelled::new()
        .at(&secret(""), [get(list_secrets), post(create_secret)])
        .at(
            &secret("/{secretId}"),
            [get(read_secret), delete(remove_secret)],
        )
        .at(
            &secret("/{secretId}/lifecycle/activate"),
            [post(|org, call| switch_secret(org, call, true))],
        )
        .at(
            &secret("/{secretId}/lifecycle/deactivate"),
            [post(|org, call| switch_secret(org, call, false))],
        )
        .at(&key(""), [get(list_keys), post(add_key)])
        .at(&key("/{keyId}"), [get(read_key), delete(remove_key)])
        .at(
            &key("/{keyId}/lifecycle/activate"),
            [post(|org, call| switch_key(org, call, true))],
        )
        .at(
            &key("/{keyId}/lifecycle/deactivate"),
            [post(|org, call| switch_key(org, call, false))],
        )
}

/// Positions of the application and of the secret that the path names.
fn secret_of(org: &Org, call: &Call) -> Result<(u64, u64), Problem> {
    let app = app_of(org, call)?;
    let id = call.parameter("secretId");
    let found = org.app(app)?.secrets.position(id);
    let secret = found.ok_or_else(|| Problem::not_found(id, "OAuth2ClientSecret"))?;
    Ok((app, secret))
}

fn show_secret(org: &Org, call: &Call, app: u64, at: u64, status: u16) -> Result<Reply, Problem> {
    let app = org.app(app)?;
    let secret = app.secrets.get(at).ok_or_else(Problem::internal)?;
    Reply::json(status, &view::client_secret(app, secret, &call.base))
}

fn list_secrets(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = org.app(app_of(org, call)?)?;
    let secrets = app.secrets.iter();
    let views = secrets.map(|(_, secret)| view::client_secret(app, secret, &call.base));
    Reply::ok(&views.collect::<Vec<_>>())
}

fn create_secret(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let secret = org.create_client_secret(app, &call.object_or_empty()?)?;
    show_secret(org, call, app, secret, 201)
}

fn read_secret(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, secret) = secret_of(org, call)?;
    show_secret(org, call, app, secret, 200)
}

fn remove_secret(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, secret) = secret_of(org, call)?;
    org.delete_client_secret(app, secret)?;
    Reply::no_content()
}

fn switch_secret(org: &mut Org, call: &Call, on: bool) -> Result<Reply, Problem> {
    let (app, secret) = secret_of(org, call)?;
    org.set_client_secret_active(app, secret, on)?;
    show_secret(org, call, app, secret, 200)
}

/// The application and the place of the key that the path names.
fn key_of(org: &Org, call: &Call) -> Result<(u64, usize), Problem> {
    let app = app_of(org, call)?;
    Ok((app, org.find_client_key(app, call.parameter("keyId"))?))
}

fn show_key(org: &Org, call: &Call, app: u64, key: &Value, status: u16) -> Result<Reply, Problem> {
    Reply::json(status, &view::client_key(org.app(app)?, key, &call.base))
}

fn list_keys(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let at = app_of(org, call)?;
    let (app, keys) = (org.app(at)?, org.client_keys(at)?.iter());
    let views = keys.map(|key| view::client_key(app, key, &call.base));
    Reply::ok(&views.collect::<Vec<_>>())
}

fn add_key(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let key = org.add_client_key(app, &call.object()?)?;
    show_key(org, call, app, &key, 201)
}

fn read_key(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, at) = key_of(org, call)?;
    let key = org
        .client_keys(app)?
        .get(at)
        .ok_or_else(Problem::internal)?;
    show_key(org, call, app, key, 200)
}

fn remove_key(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, at) = key_of(org, call)?;
    org.delete_client_key(app, at)?;
    Reply::no_content()
}

fn switch_key(org: &mut Org, call: &Call, on: bool) -> Result<Reply, Problem> {
    let (app, at) = key_of(org, call)?;
    let key = org.set_client_key_active(app, at, on)?;
    show_key(org, call, app, &key, 200)
}
