#![allow(clippy::unwrap_used)]

use super::*;
use crate::model::fixture::org;
use serde_json::{Value, json};

fn body(value: Value) -> Object {
    value.as_object().cloned().unwrap()
}

fn names(org: &Org, kind: &str) -> Vec<String> {
    let policies = org.policies_of(kind).unwrap().into_iter();
    policies.map(|(_, policy)| policy.name.clone()).collect()
}

#[test]
fn priorities_are_an_order() {
    let mut org = org();
    for request in [
        json!({ "type": "PASSWORD", "name": "One" }),
        json!({ "type": "PASSWORD", "name": "Two" }),
        json!({ "type": "PASSWORD", "name": "Three", "priority": 1 }),
        json!({ "type": "OKTA_SIGN_ON", "name": "One" }),
    ] {
        org.create_policy(&body(request), true).unwrap();
    }
    assert_eq!(names(&org, "PASSWORD"), ["Three", "One", "Two"]);
    assert_eq!(names(&org, "OKTA_SIGN_ON"), ["One"]);
}

#[test]
fn a_copy_has_the_rules_and_a_name_of_its_own() {
    let mut org = org();
    let request = json!({ "type": "PASSWORD", "name": "One", "description": "d" });
    let policy = org.create_policy(&body(request), true).unwrap();
    let rule = body(json!({ "name": "Rule" }));
    org.create_policy_rule(policy, &rule, false).unwrap();
    let copied = org.copy_policy(policy).unwrap();
    org.copy_policy(policy).unwrap();
    assert_eq!(
        names(&org, "PASSWORD"),
        ["One", "[cloned] One", "[cloned] [cloned] One"]
    );
    assert_eq!(org.policy(copied).unwrap().body["description"], "d");
    let rules = org.policy_rules(copied).unwrap();
    assert_eq!(
        (rules[0].1.name.as_str(), rules[0].1.active),
        ("Rule", false)
    );
}

#[test]
fn what_is_of_the_system_comes_last_and_stays() {
    let mut org = org();
    org.create_system_policies().unwrap();
    let request = json!({ "type": "PASSWORD", "name": "One", "priority": 9 });
    org.create_policy(&body(request), true).unwrap();
    let policies = org.policies_of("PASSWORD").unwrap();
    let order: Vec<_> = policies
        .iter()
        .map(|(_, it)| (it.name.as_str(), it.priority))
        .collect();
    assert_eq!(order, [("One", 1), ("Default Policy", 2)]);
    let system = policies[1].0;
    let (rule, _) = org.policy_rules(system).unwrap()[0];
    assert!(org.delete_policy(system).is_err());
    assert!(org.set_policy_active(system, false).is_err());
    assert!(org.delete_policy_rule(system, rule).is_err());
    let request = json!({ "name": "Default Policy", "priority": 1 });
    org.replace_policy(system, &body(request)).unwrap();
    assert_eq!(names(&org, "PASSWORD"), ["One", "Default Policy"]);
}

#[test]
fn type_and_name_are_needed_and_a_name_is_used_once() {
    let mut org = org();
    let mut create = |request| org.create_policy(&body(request), true);
    assert_eq!(
        create(json!({ "name": "One" })),
        Err(Problem::blank("type"))
    );
    assert_eq!(
        create(json!({ "type": "PASSWORD" })),
        Err(Problem::blank("name"))
    );
    assert!(create(json!({ "type": "KINDNESS", "name": "One" })).is_err());
    create(json!({ "type": "PASSWORD", "name": "One" })).unwrap();
    let again = create(json!({ "type": "PASSWORD", "name": "One" }));
    assert_eq!(again, Err(Problem::taken("name")));
}

#[test]
fn rules_are_of_the_type_of_their_policy() {
    let mut org = org();
    let request = body(json!({ "type": "OKTA_SIGN_ON", "name": "One" }));
    let policy = org.create_policy(&request, true).unwrap();
    let rule = body(json!({ "type": "PASSWORD", "name": "Deny" }));
    assert!(org.create_policy_rule(policy, &rule, true).is_err());
    let rule = body(json!({ "type": "SIGN_ON", "name": "Deny", "actions": {} }));
    let rule = org.create_policy_rule(policy, &rule, false).unwrap();
    let (at, shown) = org.policy_rules(policy).unwrap()[0];
    assert_eq!((at, shown.active, shown.priority), (rule, false, 1));
    assert!(shown.body.contains_key("actions"));
    org.delete_policy_rule(policy, rule).unwrap();
    org.delete_policy(policy).unwrap();
    assert_eq!(
        org.logged(),
        [
            "policy.lifecycle.create",
            "policy.rule.add",
            "policy.rule.delete",
            "policy.lifecycle.delete",
        ]
    );
}
