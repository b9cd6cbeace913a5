use super::emit;
use crate::api::{Param, TypeRef};
use crate::emit::testing::{api, file, operation, param, path_param};

#[test]
fn each_kind_of_parameter_has_its_place() {
    let strings = || TypeRef::List(Box::new(TypeRef::String));
    let mut list = operation(
        "listRoles",
        "list",
        "GET",
        "/api/v1/iam/{assigneeType}/x/{id}",
    );
    list.path_params = vec![
        path_param(
            "assigneeType",
            "assignee_type",
            TypeRef::Named("Assignee".into()),
        ),
        path_param("id", "role_id", TypeRef::String),
    ];
    list.query_params = vec![
        param("_embed", "embed", strings(), false),
        param("limit", "limit", TypeRef::Integer, true),
        param("since", "since", TypeRef::Timestamp, false),
        Param {
            explode: true,
            ..param("type", "type_", strings(), false)
        },
        param("withTotal", "with_total", TypeRef::Bool, false),
    ];
    list.header_params = vec![param(
        "X-Forwarded-For",
        "x_forwarded_for",
        TypeRef::String,
        false,
    )];
    let delete = operation("deleteAllRoles", "delete_all", "DELETE", "/api/v1/iam");
    insta::assert_snapshot!(file(emit(&api(vec![list, delete])), "wire/admin_roles.rs"));
}

#[test]
fn operations_that_differ_by_the_name_of_a_parameter_stay_apart() {
    let mut get = operation("getRole", "get", "GET", "/api/v1/iam/{roleId}");
    get.path_params = vec![path_param("roleId", "role_id", TypeRef::String)];
    let mut delete = operation(
        "deleteRole",
        "delete",
        "DELETE",
        "/api/v1/iam/{roleIdOrLabel}",
    );
    delete.path_params = vec![path_param(
        "roleIdOrLabel",
        "role_id_or_label",
        TypeRef::String,
    )];
    let wire = file(emit(&api(vec![get, delete])), "wire/admin_roles.rs");
    assert!(
        wire.contains("fn roles_get(&self, role_id: &str)"),
        "{wire}"
    );
    assert!(wire.contains("role_id_or_label: &str"), "{wire}");
}
