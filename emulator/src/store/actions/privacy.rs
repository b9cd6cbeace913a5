//! Switches of the org that have a path for each of their positions.

use serde_json::{Value, json};

use crate::call::Reply;
use crate::document::segments::parent;
use crate::org::Org;
use crate::problem::Problem;
use crate::store::asked::Asked;
use crate::store::{born, objects};

/// Sets what the last part of the path says.
pub(super) fn set(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let path = match asked.key().as_str() {
        "optOut" if asked.path.contains("/iam/") => "/api/v1/iam/governance/optIn",
        _ => parent(&asked.path),
    };
    let stored = org.store.singles.get(path).cloned().map(Value::Object);
    let before = stored.or_else(|| born::single(org, path, &asked.call.base, false));
    let mut object = before.unwrap_or_else(|| json!({}));
    objects::merge(&mut object, &asked.given()?);
    objects::merge(&mut object, &position(org, &asked.path));
    org.store
        .singles
        .insert(path.to_owned(), objects::object_of(&object));
    asked.answer_at(org, &object, path)
}

/// The members that a position has.
fn position(org: &Org, path: &str) -> Value {
    match path.trim_start_matches("/api/v1/") {
        "iam/governance/optOut" => json!({ "optInStatus": "OPTED_OUT" }),
        "org/preferences/hideEndUserFooter" => json!({ "showEndUserFooter": false }),
        "org/preferences/showEndUserFooter" => json!({ "showEndUserFooter": true }),
        "org/privacy/oktaCommunication/optIn" => json!({ "optOutEmailUsers": false }),
        "org/privacy/oktaCommunication/optOut" => json!({ "optOutEmailUsers": true }),
        "org/privacy/oktaSupport/revoke" => json!({ "support": "DISABLED", "expiration": null }),
        "org/privacy/oktaSupport/grant" | "org/privacy/oktaSupport/extend" => {
            json!({ "support": "ENABLED", "expiration": objects::stamp(org) })
        }
        _ => json!({}),
    }
}
