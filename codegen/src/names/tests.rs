#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::documents;
use crate::roots::Roots;

/// Names for a document with these operations, all of one tag.
fn proposed(tag: &str, handle: &str, operations: &[&str]) -> Vec<String> {
    let paths: serde_json::Map<_, _> = operations
        .iter()
        .map(|id| {
            (
                format!("/{id}"),
                json!({"get": {"operationId": id, "tags": [tag]}}),
            )
        })
        .collect();
    let document = json!({"paths": paths, "x-tagGroups": [{"name": "Any Group", "tags": [tag]}]});
    let names = Names {
        tags: BTreeMap::from([(tag.to_owned(), handle.to_owned())]),
        ..Names::default()
    };
    let names = propose(&documents::ALL[0], &document, &names, &Taken::default())
        .unwrap()
        .names;
    operations
        .iter()
        .map(|id| names.operation(id).unwrap().method.clone())
        .collect()
}

#[test]
fn methods_leave_out_the_noun_of_their_handle() {
    for (tag, handle, id, method) in [
        ("User", "users", "listUsers", "list"),
        ("User", "users", "revokeUserSessions", "revoke_sessions"),
        ("GroupRule", "group_rules", "activateGroupRule", "activate"),
        ("Policy", "policies", "listPolicyRules", "list_rules"),
        ("RoleA", "roles", "assignRoleToUser", "assign_to_user"),
        (
            "RoleA",
            "roles",
            "listAssignedRolesForUser",
            "list_assigned_for_user",
        ),
        ("Group", "groups", "assignUserToGroup", "assign_user"),
        ("CustomDomain", "domains", "getCustomDomain", "get"),
        ("UserLifecycle", "users", "resetFactors", "reset_factors"),
        ("Keys", "credentials", "deletejwk", "delete_jwk"),
        ("Scope", "scopes", "listOAuth2Scopes", "list_oauth2"),
        (
            "Ids",
            "authenticators",
            "listAllCustomAAGUIDs",
            "list_all_custom_aaguids",
        ),
    ] {
        assert_eq!(proposed(tag, handle, &[id]), [method], "{id}");
    }
}

#[test]
fn methods_are_the_whole_id_where_the_rule_gives_no_name() {
    for (tag, handle, ids, methods) in [
        ("User", "users", &["users"][..], &["users"][..]),
        ("Policy", "policies", &["clonePolicy"], &["clone_policy"]),
        ("Policy", "policies", &["movePolicy"], &["move_policy"]),
        (
            "Page",
            "pages",
            &["getPage", "getPages"],
            &["get", "get_pages"],
        ),
    ] {
        assert_eq!(proposed(tag, handle, ids), methods, "{ids:?}");
    }
}

#[test]
fn what_has_a_name_keeps_it_and_what_is_gone_is_told() {
    let document = json!({
        "paths": {
            "/a": {"get": {"operationId": "listUsers", "tags": ["User"]}},
            "/b": {"get": {"operationId": "getUserRisk", "tags": ["UserRisk"]}},
        },
        "x-tagGroups": [{"name": "Users", "tags": ["User", "UserRisk"]}],
    });
    let names = "tags: {User: people, Old: old}\n\
                 operations:\n  \
                   listUsers: {feature: staff, handle: people, method: all}\n  \
                   getOld: {feature: staff, handle: old, method: get}\n\
                 types: {}\n";

    let proposal = propose(
        &documents::ALL[0],
        &document,
        &Names::load(names).unwrap(),
        &Taken::default(),
    )
    .unwrap();

    assert_eq!(proposal.added, ["getUserRisk"]);
    assert_eq!(proposal.stale, ["Old", "getOld"]);
    let text = proposal.names.to_yaml().unwrap();
    assert_eq!(
        text.strip_prefix(HEADER).unwrap(),
        "tags:\n\
         \x20 Old: old\n\
         \x20 User: people\n\
         \x20 UserRisk: user_risks\n\
         operations:\n\
         \x20 getOld: {feature: staff, handle: old, method: get}\n\
         \x20 getUserRisk: {feature: users, handle: user_risks, method: get}\n\
         \x20 listUsers: {feature: staff, handle: people, method: all}\n\
         types: {}\nreferences: {}\ndefaults: {}\narguments: {}\nparameters: {}\nfields: {}\nvariants: {}\nkinds: {}\n"
    );
    assert_eq!(Names::load(&text).unwrap(), proposal.names);
}

#[test]
fn an_operation_outside_all_groups_needs_a_hand() {
    for tags in [json!([]), json!(["Lost"])] {
        let document = json!({"paths": {"/a": {"get": {"operationId": "getIt", "tags": tags}}}});
        let error = propose(
            &documents::ALL[0],
            &document,
            &Names::default(),
            &Taken::default(),
        )
        .unwrap_err();
        assert!(matches!(error, Error::NoFeature { .. }), "{error}");
    }
}

#[test]
fn lists_that_contradict_themselves_are_refused() {
    let operations = |text: &str| format!("tags: {{}}\noperations: {{{text}}}\ntypes: {{}}\n");
    for (text, expected) in [
        (
            operations(
                "a: {feature: x, handle: h, method: get}, b: {feature: x, handle: h, method: get}",
            ),
            "a and b are both `h().get()`; rename one of them",
        ),
        (
            operations(
                "a: {feature: x, handle: h, method: get}, b: {feature: y, handle: h, method: put}",
            ),
            "handle `h` is in feature `x` and, by b, in `y`; choose one",
        ),
        (
            operations("a: {feature: x, handle: h, method: move}"),
            "a: `move` is no method; write snake_case",
        ),
        (
            operations("a: {feature: X, handle: h, method: get}"),
            "a: `X` is no feature; write kebab-case",
        ),
        (
            operations("a: {feature: x, handle: theUsers, method: get}"),
            "a: `theUsers` is no handle; write snake_case",
        ),
        (
            "tags: {}\noperations: {}\ntypes: {A: Option}\n".to_owned(),
            "A: `Option` is no type; write PascalCase",
        ),
        ("tags: {}".to_owned(), "the list of names cannot be read: "),
    ] {
        let error = Names::load(&text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn our_list_covers_our_document() {
    let names = Names::load(include_str!("../../../openapi/management/names.yaml")).unwrap();
    let facts = include_str!("../../../openapi/management/document.yaml");
    let document: serde_json::Value = serde_norway::from_str(facts).unwrap();

    let proposal = propose(&documents::ALL[0], &document, &names, &Taken::default()).unwrap();

    assert_eq!(proposal.added, [""; 0]);
    assert_eq!(proposal.stale, [""; 0]);
    assert_eq!(names.features().len(), 18);

    let roots = Roots::parse(include_str!("../../../openapi/management/roots.yaml")).unwrap();
    let about = &documents::ALL[0];
    let types = crate::propose(about, facts, &names, &roots, None, &Taken::default()).unwrap();
    assert_eq!(types.added, [""; 0]);
    assert_eq!(types.absent, [""; 0]);
}
