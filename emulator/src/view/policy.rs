//! Policies and their rules.

use serde_json::{Value, json};

use crate::org::policies::Policy;

/// A policy on the wire.
pub(crate) fn policy(policy: &Policy, base: &str) -> Value {
    let own = format!("{base}/api/v1/policies/{}", policy.id);
    let mut shown = shared(policy, &own);
    shown["_links"]["rules"] = json!({ "href": format!("{own}/rules") });
    shown
}

/// A rule of a policy on the wire.
pub(crate) fn policy_rule(policy: &Policy, rule: &Policy, base: &str) -> Value {
    let own = format!("{base}/api/v1/policies/{}/rules/{}", policy.id, rule.id);
    shared(rule, &own)
}

/// An access policy of an authorization server. `base` is where the server's policies are.
pub(crate) fn access_policy(policy: &Policy, base: &str) -> Value {
    let own = format!("{base}/{}", policy.id);
    let mut shown = shared(policy, &own);
    shown["_links"]["rules"] = json!({ "href": format!("{own}/rules") });
    shown
}

/// A rule of an access policy.
pub(crate) fn access_rule(policy: &Policy, rule: &Policy, base: &str) -> Value {
    shared(rule, &format!("{base}/{}/rules/{}", policy.id, rule.id))
}

fn shared(policy: &Policy, own: &str) -> Value {
    let (status, other) = match policy.active {
        true => ("ACTIVE", "deactivate"),
        false => ("INACTIVE", "activate"),
    };
    let mut shown = policy.body.clone();
    for (name, value) in [
        ("id", json!(policy.id)),
        ("type", json!(policy.kind)),
        ("name", json!(policy.name)),
        ("status", json!(status)),
        ("priority", json!(policy.priority)),
        ("system", json!(policy.system)),
        ("created", json!(policy.created)),
        ("lastUpdated", json!(policy.last_updated)),
        (
            "_links",
            json!({
                "self": { "href": own },
                other: { "href": format!("{own}/lifecycle/{other}") },
            }),
        ),
    ] {
        shown.insert(name.to_owned(), value);
    }
    Value::Object(shown)
}
