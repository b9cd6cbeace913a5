#![allow(clippy::unwrap_used)]
use std::collections::BTreeSet;

use super::lines;
use crate::api::{Api, Body, Operation, Success, TypeRef};
use crate::emit::testing::{api, operation, param, path_param};

fn example(api: &Api, handle: &str) -> String {
    let operations: Vec<&Operation> = api.operations.iter().collect();
    lines(api, handle, &operations).unwrap().join("\n")
}

fn list(id: &str, method: &str) -> Operation {
    let mut list = operation(id, method, "GET", "/api/v1/groups/{groupId}/roles");
    list.path_params = vec![path_param("groupId", "group_id", TypeRef::Id)];
    list.success = Success::Json(TypeRef::List(Box::new(TypeRef::String)));
    list
}

#[test]
fn a_list_shows_best_what_a_handle_is_for() {
    let mut longer = list("listMore", "list_more");
    longer.query_params = vec![param("since", "since", TypeRef::Timestamp, true)];
    let mut old = list("listAll", "all");
    old.path_params = vec![];
    old.deprecated = true;
    let get = operation("getRole", "get", "GET", "/api/v1/roles");
    let api = api(vec![get, longer, old, list("listRoles", "list")]);
    insta::assert_snapshot!(example(&api, "roles"));
}

#[test]
fn arguments_have_their_types() {
    let mut upload = operation(
        "uploadLogo",
        "upload",
        "POST",
        "/api/v1/roles/{kind}/{roleId}",
    );
    upload.path_params = vec![
        path_param("kind", "kind", TypeRef::Named("Kind".into())),
        path_param("roleId", "role_id", TypeRef::String),
    ];
    upload.path_struct = Some("KindRole".into());
    upload.query_params = vec![param("limit", "limit", TypeRef::Integer, true)];
    upload.body = Some(Body::Multipart {
        field: "file".into(),
    });
    insta::assert_snapshot!(example(&api(vec![upload]), "roles"));
}

#[test]
fn a_handwritten_example_runs_where_all_its_handles_exist() {
    let mut api = api(vec![list("listRoles", "list")]);
    let users = BTreeSet::from(["users".to_owned()]);
    api.features.insert("users".into(), users);
    let text = "okta.roles().list(okta.users());\n\nok();\n";
    api.examples.insert("roles".into(), text.into());
    insta::assert_snapshot!(example(&api, "roles"));
}
