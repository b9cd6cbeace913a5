#![allow(clippy::unwrap_used)]

use super::emit;
use crate::api::{Body, Fact, Facts, Lifecycle, Limits, Param, Success, TypeRef};
use crate::emit::testing::{api, file, operation, param, path_param};

fn named(name: &str) -> TypeRef {
    TypeRef::Named(name.into())
}

#[test]
fn what_is_optional_becomes_setters() {
    let mut list = operation("listRoles", "list", "GET", "/api/v1/users/{userId}/roles");
    list.path_params = vec![path_param("userId", "user_id", TypeRef::String)];
    let limit = Facts {
        lines: vec![Fact::Value(Limits {
            least: None,
            most: Some("200".into()),
        })],
        deprecated: false,
        words: None,
        prose: None,
    };
    let expand = Facts {
        lines: vec![],
        deprecated: true,
        words: None,
        prose: None,
    };
    list.query_params = vec![
        Param {
            facts: expand,
            ..param("expand", "expand", TypeRef::String, false)
        },
        param(
            "kinds",
            "kinds",
            TypeRef::List(Box::new(named("Kind"))),
            false,
        ),
        Param {
            facts: limit,
            ..param("limit", "limit", TypeRef::Integer, false)
        },
        param("since", "since", TypeRef::Timestamp, true),
    ];
    list.path_struct = Some("UserSince".into());
    list.success = Success::Json(TypeRef::List(Box::new(named("Role"))));
    insta::assert_snapshot!(file(emit(&api(vec![list])), "resources/roles.rs"));
}

#[test]
fn what_is_needed_becomes_arguments() {
    let mut create = operation("createRole", "create", "POST", "/api/v1/{kind}/roles");
    create.path_params = vec![path_param("kind", "kind", named("Kind"))];
    create.body = Some(Body::Json {
        ty: named("Role"),
        content_type: "application/json".into(),
        required: true,
    });
    create.success = Success::Json(named("Role"));
    create.deprecated = true;
    create.lifecycle = Lifecycle {
        stage: Some("EA".into()),
        identity_engine_only: true,
        skus: vec!["Okta Identity Governance".into()],
    };
    insta::assert_snapshot!(file(emit(&api(vec![create])), "resources/roles.rs"));
}

#[test]
fn bodies_other_than_json() {
    let mut upload = operation("uploadLogo", "upload", "POST", "/api/v1/logo");
    upload.body = Some(Body::Multipart {
        field: "file".into(),
    });
    let mut publish = operation("publishCsr", "publish", "POST", "/api/v1/csr");
    publish.body = Some(Body::Bytes {
        content_types: vec![
            "application/x-pem-file".into(),
            "application/pkix-cert".into(),
        ],
        required: true,
    });
    publish.success = Success::Text("text/xml".into());
    let mut merge = operation("mergeRole", "merge", "PATCH", "/api/v1/role");
    merge.body = Some(Body::Json {
        ty: named("Role"),
        content_type: "application/merge-patch+json".into(),
        required: false,
    });
    insta::assert_snapshot!(file(
        emit(&api(vec![upload, publish, merge])),
        "resources/roles.rs"
    ));
}

#[test]
fn an_answer_that_wraps_a_list_says_where_it_is() {
    let mut list = operation("listRoles", "list", "GET", "/api/v1/iam/roles");
    list.success = Success::WrappedList {
        ty: named("IamRoles"),
        property: "roles".into(),
        item: named("IamRole"),
    };
    insta::assert_snapshot!(file(emit(&api(vec![list])), "resources/roles.rs"));
}

#[test]
fn several_identifiers_are_given_by_name() {
    let mut get = operation(
        "getRole",
        "get",
        "GET",
        "/api/v1/users/{userId}/roles/{roleIdOrLabel}",
    );
    get.path_params = vec![
        path_param("userId", "user_id", TypeRef::String),
        path_param("roleIdOrLabel", "role_id_or_label", TypeRef::String),
    ];
    get.path_struct = Some("UserRole".into());
    let mut reset = operation("resetRole", "reset", "POST", "/api/v1/roles/{roleId}");
    reset.path_params = vec![path_param("roleId", "role_id", TypeRef::String)];
    reset.query_params = vec![
        param("sendEmail", "send_email", TypeRef::Bool, true),
        param("years", "years", TypeRef::Integer, true),
    ];
    reset.path_struct = Some("RoleSendEmail".into());
    let files = emit(&api(vec![get, reset]));
    insta::assert_snapshot!(file(files, "resources/paths.rs"));
    let mut get = operation(
        "getRole",
        "get",
        "GET",
        "/api/v1/users/{userId}/roles/{roleId}",
    );
    get.path_params = vec![
        path_param("userId", "user_id", TypeRef::String),
        path_param("roleId", "role_id", TypeRef::String),
    ];
    get.path_struct = Some("UserRole".into());
    let mut other = operation(
        "getOther",
        "other",
        "GET",
        "/api/v1/{userIdOrLogin}/{roleId}",
    );
    other.path_params = vec![
        path_param("userIdOrLogin", "user_id_or_login", TypeRef::String),
        path_param("roleId", "role_id", TypeRef::String),
    ];
    other.path_struct = Some("UserRole".into());
    let error = emit(&api(vec![get, other])).unwrap_err().to_string();
    assert!(error.contains("`UserRole`"), "{error}");
}

#[test]
fn a_list_without_end_says_what_ends_it() {
    let mut log = operation("listLogEvents", "list", "GET", "/api/v1/logs");
    log.query_params = vec![param("until", "until", TypeRef::Timestamp, false)];
    log.success = Success::Json(TypeRef::List(Box::new(named("LogEvent"))));
    log.ends_with = Some("until".into());
    let roles = file(emit(&api(vec![log])), "resources/roles.rs");
    assert!(roles.contains(r#".ends_with("until")"#), "{roles}");
    assert!(roles.contains("An endless list"), "{roles}");
}

#[test]
fn calls_that_clash_with_handles_are_refused() {
    let mut roles = operation("roles", "get", "GET", "/api/v1/roles");
    roles.query_params = vec![param("q", "q", TypeRef::String, false)];
    let error = emit(&api(vec![roles])).unwrap_err().to_string();
    assert!(error.contains("`Roles`"), "{error}");
}
