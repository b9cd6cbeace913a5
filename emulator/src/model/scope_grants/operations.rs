//! `/api/v1/apps/{appId}/grants`: scopes of the org's API that an application may ask for.

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::model::apps::operations::app_of;
use crate::model::scope_grants::requested;
use crate::modelled::{Modelled, delete, get, post};
use crate::org::Org;
use crate::org::scope_grants::ScopeGrant;
use crate::problem::Problem;

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/apps/{appId}/grants", [get(list), post(grant)])
        .at(
            "/api/v1/apps/{appId}/grants/{grantId}",
            [get(read), delete(revoke)],
        )
}

fn view(org: &Org, app: u64, grant: &ScopeGrant, call: &Call) -> Result<Value, Problem> {
    let app = org.app(app)?;
    let own = format!("{}/api/v1/apps/{}", call.base, app.id);
    let client = app.body.get("credentials");
    let client = client.map(|credentials| &credentials["oauthClient"]["client_id"]);
    Ok(json!({
        "id": grant.id,
        "status": "ACTIVE",
        "source": "ADMIN",
        "scopeId": grant.scope,
        "issuer": call.base,
        "clientId": client,
        "created": grant.created,
        "lastUpdated": grant.created,
        "_links": {
            "app": { "href": own, "title": app.label },
            "self": { "href": format!("{own}/grants/{}", grant.id) },
        },
    }))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let grants = org.app(app)?.grants.values();
    let views = grants.map(|grant| view(org, app, grant, call));
    let views: Vec<Value> = views.collect::<Result<_, Problem>>()?;
    Reply::ok(&views)
}

fn grant(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let id = org.grant_scope(app, requested(&call.object()?)?)?;
    Reply::created(&view(org, app, org.scope_grant(app, &id)?, call)?)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let grant = org.scope_grant(app, call.parameter("grantId"))?;
    Reply::ok(&view(org, app, grant, call)?)
}

fn revoke(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    org.revoke_scope_grant(app, call.parameter("grantId"))?;
    Reply::no_content()
}
