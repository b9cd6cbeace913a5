//! `/api/v1/apps/{appId}/credentials/keys`, and the SAML metadata that carry a certificate.

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::model::apps::operations::app_of;
use crate::modelled::{Modelled, get, post};
use crate::org::Org;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    let keys = |rest: &str| format!("/api/v1/apps/{{appId}}/credentials/keys{rest}");
    Modelled::new()
        .at(&keys(""), [get(list)])
        .at(&keys("/generate"), [post(generate)])
        .at(&keys("/{keyId}"), [get(read)])
        .at(&keys("/{keyId}/clone"), [post(clone)])
        .at("/api/v1/apps/{appId}/sso/saml/metadata", [get(metadata)])
}

fn shown(org: &mut Org, app: u64, kid: &str) -> Result<Value, Problem> {
    let key = org.certified(app, kid)?;
    view::signing_key(key).ok_or_else(Problem::internal)
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let keys = org.app(app)?.keys.iter();
    let kids: Vec<String> = keys.map(|key| key.kid.clone()).collect();
    let keys = kids.iter().map(|kid| shown(org, app, kid));
    Reply::ok(&keys.collect::<Result<Vec<_>, _>>()?)
}

fn generate(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let years = call.option("validityYears");
    let years = years.ok_or_else(|| Problem::blank("validityYears"))?;
    let years = years.parse().map_err(|_| {
        let cause = "validityYears: must be a number";
        Problem::validation("validityYears", [cause])
    })?;
    let kid = org.generate_app_key(app, years)?;
    Reply::created(&shown(org, app, &kid)?)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    Reply::ok(&shown(org, app, call.parameter("keyId"))?)
}

fn clone(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, kid) = (app_of(org, call)?, call.parameter("keyId"));
    let target = call.option("targetAid");
    let target = target.ok_or_else(|| Problem::blank("targetAid"))?;
    let target = org.find_app(target)?;
    org.clone_app_key(app, kid, target)?;
    Reply::created(&shown(org, target, kid)?)
}

/// What a service provider has to know of the application. Without `kid` the certificate is that of the
/// key which signs.
fn metadata(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let at = app_of(org, call)?;
    let kid = call
        .option("kid")
        .or_else(|| org.app(at).ok()?.signing_kid());
    let kid = kid
        .ok_or_else(|| Problem::not_found("kid", "JsonWebKey"))?
        .to_owned();
    let key = org.certified(at, &kid)?.clone();
    let metadata = view::saml_metadata(org.app(at)?, &key, &call.base);
    Ok(Reply::xml(metadata.ok_or_else(Problem::internal)?))
}
