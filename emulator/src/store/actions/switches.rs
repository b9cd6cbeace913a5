//! Switches of the org that have a path for each of their positions.

use serde_json::{Value, json};

use crate::call::Reply;
use crate::document::nameless;
use crate::org::Org;
use crate::problem::Problem;
use crate::store::asked::Asked;
use crate::store::{objects, singles};

/// A position of a switch.
struct Position {
    path: &'static str,
    /// The path of the settings that it is part of.
    settings: &'static str,
    /// The members that the settings have then.
    members: fn(&Org) -> Value,
}

macro_rules! positions {
    ($($path:literal => $settings:literal: $members:expr;)*) => {
        const POSITIONS: &[Position] = &[$(Position {
            path: $path, settings: $settings, members: $members,
        }),*];
    };
}

positions! {
    "/api/v1/iam/governance/optOut" => "/api/v1/iam/governance/optIn":
        |_| json!({ "optInStatus": "OPTED_OUT" });
    "/api/v1/org/preferences/hideEndUserFooter" => "/api/v1/org/preferences":
        |_| json!({ "showEndUserFooter": false });
    "/api/v1/org/preferences/showEndUserFooter" => "/api/v1/org/preferences":
        |_| json!({ "showEndUserFooter": true });
    "/api/v1/org/privacy/aerial/grant" => "/api/v1/org/privacy/aerial": |_| json!({});
    "/api/v1/org/privacy/aerial/revoke" => "/api/v1/org/privacy/aerial": |_| json!({});
    "/api/v1/org/privacy/oktaCommunication/optIn" => "/api/v1/org/privacy/oktaCommunication":
        |_| json!({ "optOutEmailUsers": false });
    "/api/v1/org/privacy/oktaCommunication/optOut" => "/api/v1/org/privacy/oktaCommunication":
        |_| json!({ "optOutEmailUsers": true });
    "/api/v1/org/privacy/oktaSupport/extend" => "/api/v1/org/privacy/oktaSupport": supported;
    "/api/v1/org/privacy/oktaSupport/grant" => "/api/v1/org/privacy/oktaSupport": supported;
    "/api/v1/org/privacy/oktaSupport/revoke" => "/api/v1/org/privacy/oktaSupport":
        |_| json!({ "support": "DISABLED", "expiration": null });
}

fn supported(org: &Org) -> Value {
    json!({ "support": "ENABLED", "expiration": objects::stamp(org) })
}

fn of(template: &str) -> Option<&'static Position> {
    POSITIONS.iter().find(|it| it.path == template)
}

/// Whether an operation sets a switch.
pub(super) fn is_one(template: &str, method: &str) -> bool {
    method == "POST" && of(template).is_some()
}

/// Sets the position that the path is.
pub(super) fn set(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let Some(position) = of(&nameless(asked.template())) else {
        return Err(Problem::internal());
    };
    let settings = position.settings;
    let before = singles::at(org, settings, settings, &asked.call.base, false);
    let mut object = before.unwrap_or_else(|| json!({}));
    objects::merge(&mut object, &asked.given()?);
    objects::merge(&mut object, &(position.members)(org));
    singles::put(org, settings, &object);
    asked.answer_at(org, &object, settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::document;

    #[test]
    fn every_position_is_of_an_operation_of_the_document() {
        for position in POSITIONS {
            let operation = document().operation(position.path, "POST");
            assert!(operation.is_some(), "{}", position.path);
        }
    }
}
