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
    let names = propose(documents::MANAGEMENT, &document, &names, &Taken::default()).names;
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

    let names = Names::load(names).unwrap();
    let proposal = propose(documents::MANAGEMENT, &document, &names, &Taken::default());

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
fn an_operation_outside_all_groups_gets_a_feature() {
    let names = "tags: {User: users}\n\
                 operations:\n  \
                   listUsers: {feature: staff, handle: users, method: list}\n\
                 types: {}\n";
    let names = Names::load(names).unwrap();
    for (path, tags, expected) in [
        // The handle is there already.
        ("/api/v1/people", json!(["User"]), ("staff", "users")),
        // The path goes on from one that is there.
        (
            "/api/v1/users/{id}/risk",
            json!(["Risk"]),
            ("staff", "risks"),
        ),
        ("/api/v1/users/{id}/risk", json!([]), ("staff", "users")),
        // Nothing like it is there.
        (
            "/api/v1/lost",
            json!(["LostThing"]),
            ("lost-things", "lost_things"),
        ),
        ("/api/v1/lost/{id}", json!([]), ("losts", "losts")),
        ("/{id}", json!(["2FA"]), ("tag-2fas", "tag_2fas")),
        ("/{id}", json!([]), ("tag-empty", "tag_empty")),
    ] {
        let document = json!({"paths": {
            "/api/v1/users": {"get": {"operationId": "listUsers", "tags": ["User"]}},
            path: {"get": {"operationId": "getIt", "tags": tags}},
        }});
        let proposal = propose(documents::MANAGEMENT, &document, &names, &Taken::default());
        let found = proposal.names.operation("getIt").unwrap();
        assert_eq!(
            (found.feature.as_str(), found.handle.as_str()),
            expected,
            "{path} {tags}"
        );
        assert_eq!(proposal.outside.len(), 1);
        assert!(
            proposal.outside[0].starts_with("getIt: feature `"),
            "{:?}",
            proposal.outside
        );
    }
}

#[test]
fn whatever_ids_are_the_list_that_is_proposed_can_be_used() {
    let ids = [
        "getPage", "get_page", "Get Page", "clone", "type", "2fa", "2FA", "!!!", "???", "getÄ",
    ];
    let paths: serde_json::Map<_, _> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| {
            (
                format!("/{n}"),
                json!({"get": {"operationId": id, "tags": ["Self"]}}),
            )
        })
        .collect();
    let names = propose(
        documents::MANAGEMENT,
        &json!({"paths": paths}),
        &Names::default(),
        &Taken::default(),
    )
    .names;

    assert_eq!(names.operations.len(), ids.len());
    assert_eq!(Names::load(&names.to_yaml().unwrap()).unwrap(), names);
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

    let proposal = propose(documents::MANAGEMENT, &document, &names, &Taken::default());

    assert_eq!(proposal.added, [""; 0]);
    assert_eq!(proposal.stale, [""; 0]);
    assert_eq!(names.features().len(), 18);

    let roots = Roots::parse(include_str!("../../../openapi/management/roots.yaml")).unwrap();
    let about = documents::MANAGEMENT;
    let (types, not_needed) =
        crate::propose(about, facts, &names, &roots, None, &Taken::default()).unwrap();
    assert_eq!(not_needed, []);
    assert_eq!(types.added, [""; 0]);
    assert_eq!(types.absent, [""; 0]);
}

#[test]
fn an_operation_that_okta_calls_otherwise_keeps_its_name() {
    let document = |id: &str, path: &str| json!({"paths": {path: {"get": {"operationId": id}}}});
    let text = "tags: {}\ntypes: {}\noperations:\n  \
                getIt: {feature: f, handle: it, method: get, call: GetIt}\n\
                parameters: {getIt: {userId: user_id, limit: limit}}";
    let mut names = Names::load(text).unwrap();
    let carried = carry_over(
        &mut names,
        &document("getIt", "/users/{userId}"),
        &document("readIt", "/users/{id}"),
    );
    assert_eq!(
        carried,
        [
            "`readIt` is what was `getIt`",
            "`readIt`: `id` is what was `userId`"
        ]
    );
    assert_eq!(
        names.operation("readIt").unwrap().call.as_deref(),
        Some("GetIt")
    );
    assert_eq!(names.operation("getIt"), None);
    let idents: Vec<_> = names.parameters["readIt"].iter().collect();
    let expected = [("id", "user_id"), ("limit", "limit")].map(|(a, b)| (a.into(), b.into()));
    assert_eq!(
        idents,
        expected
            .iter()
            .map(|(a, b)| (a, b))
            .collect::<Vec<(&String, &String)>>()
    );

    // Both are there: they are two.
    let both = json!({"paths": {"/a": {"get": {"operationId": "readIt"}},
        "/b": {"get": {"operationId": "getIt"}}}});
    let mut names = Names::load(text).unwrap();
    assert_eq!(
        carry_over(&mut names, &document("getIt", "/a"), &both),
        [""; 0]
    );
}
