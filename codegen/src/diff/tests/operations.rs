//! What happens to methods and to what they send.
#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn the_same_document_changes_nothing() {
    there_and_back(&document(), &[], &[]);
}

#[test]
fn an_operation_comes_or_goes() {
    there_and_back(
        &set("/paths/~1api~1v1~1users~1{userId}", &Value::Null),
        &["breaks users().get(): removed"],
        &["compatible users().get(): added"],
    );
}

#[test]
fn a_handle_comes_or_goes_with_its_types_and_feature() {
    there_and_back(
        &with(|document| {
            let paths = document["paths"].as_object_mut().unwrap();
            paths.remove("/api/v1/groups");
            let schemas = document["components"]["schemas"].as_object_mut().unwrap();
            schemas.remove("Group");
        }),
        &[
            "breaks groups: removed",
            "breaks groups(): removed",
            "breaks groups().list(): removed",
            "breaks models::Group: removed",
        ],
        &[
            "compatible groups: added",
            "compatible groups(): added",
            "compatible groups().list(): added",
            "compatible models::Group: added",
        ],
    );
}

#[test]
fn an_operation_with_another_id_keeps_its_name() {
    there_and_back(
        &set(&format!("{LIST}/operationId"), &json!("findUsers")),
        &[],
        &[],
    );
}

#[test]
fn a_request_goes_elsewhere() {
    there_and_back(
        &with(|document| {
            let paths = document["paths"].as_object_mut().unwrap();
            let groups = paths.remove("/api/v1/groups").unwrap();
            paths.insert("/api/v2/groups".to_owned(), groups);
        }),
        &["behaves groups().list(): sends `GET /api/v2/groups` now; before `GET /api/v1/groups`"],
        &["behaves groups().list(): sends `GET /api/v1/groups` now; before `GET /api/v2/groups`"],
    );
}

#[test]
fn scopes_change() {
    let pointer = format!("{LIST}/security/1/oauth2");
    there_and_back(
        &set(&pointer, &json!(["okta.users.read.all"])),
        &["behaves users().list(): scope: `okta.users.read.all` now; before `okta.users.read`"],
        &["behaves users().list(): scope: `okta.users.read` now; before `okta.users.read.all`"],
    );
    there_and_back(
        &set(&pointer, &json!(["okta.users.read", "okta.users.self"])),
        &[
            "compatible users().list(): scope: `okta.users.read` or `okta.users.self` now; \
           before `okta.users.read`",
        ],
        &["behaves users().list(): scope: `okta.users.read` now; \
           before `okta.users.read` or `okta.users.self`"],
    );
}

#[test]
fn an_api_token_is_taken_or_not() {
    there_and_back(
        &set(
            &format!("{LIST}/security"),
            &json!([{"oauth2": ["okta.users.read"]}]),
        ),
        &["behaves users().list(): no longer takes an API token"],
        &["compatible users().list(): takes an API token too"],
    );
}

#[test]
fn an_operation_or_a_parameter_becomes_deprecated() {
    there_and_back(
        &set(&format!("{LIST}/deprecated"), &json!(true)),
        &["compatible users().list(): deprecated"],
        &["compatible users().list(): no longer deprecated"],
    );
    there_and_back(
        &set(&format!("{LIST}/parameters/1/deprecated"), &json!(true)),
        &["compatible users().list().q(…): deprecated"],
        &["compatible users().list().q(…): no longer deprecated"],
    );
}

#[test]
fn the_release_cycle_goes_on() {
    there_and_back(
        &set(
            &format!("{LIST}/x-okta-lifecycle"),
            &json!({"lifecycle": "EA", "SKUs": ["Workflows"]}),
        ),
        &[
            "behaves users().list(): needs Workflows now",
            "compatible users().list(): stage: EA now; before none",
        ],
        &[
            "compatible users().list(): no longer needs Workflows",
            "compatible users().list(): stage: none now; before EA",
        ],
    );
}

#[test]
fn defaults_and_limits_of_parameters_change() {
    there_and_back(
        &set(&format!("{LIST}/parameters/0/schema/default"), &json!(50)),
        &["behaves users().list().limit(…): now: Default `50`. Before: Default `20`."],
        &["behaves users().list().limit(…): now: Default `20`. Before: Default `50`."],
    );
    there_and_back(
        &set(&format!("{LIST}/parameters/0/schema/maximum"), &json!(100)),
        &["behaves users().list().limit(…): now: At most 100. Before: At most 200."],
        &["compatible users().list().limit(…): now: At most 200. Before: At most 100."],
    );
}

#[test]
fn a_parameter_comes_or_goes() {
    there_and_back(
        &set(&format!("{LIST}/parameters/1/name"), &json!("search")),
        &[
            "breaks users().list().q(…): removed",
            "compatible users().list().search(…): added",
        ],
        &[
            "breaks users().list().search(…): removed",
            "compatible users().list().q(…): added",
        ],
    );
    there_and_back(
        &set(
            &format!("{LIST}/parameters/-"),
            &json!({"name": "since", "in": "query", "schema": {"type": "string"}}),
        ),
        &["compatible users().list().since(…): added"],
        &["breaks users().list().since(…): removed"],
    );
}

#[test]
fn an_optional_parameter_becomes_required() {
    there_and_back(
        &set(&format!("{LIST}/parameters/1/required"), &json!(true)),
        &[
            "breaks users().list(): takes `q: impl Into<String>` now",
            "breaks users().list().q(…): is an argument of the method now",
        ],
        &[
            "breaks users().list(): no longer takes `q`",
            "breaks users().list().q(…): is no argument of the method now, but a setter",
        ],
    );
}

#[test]
fn a_parameter_has_another_type() {
    there_and_back(
        &set(
            &format!("{LIST}/parameters/1/schema/type"),
            &json!("boolean"),
        ),
        &["breaks users().list().q(…): takes `q: bool` now; before `impl Into<String>`"],
        &["breaks users().list().q(…): takes `q: impl Into<String>` now; before `bool`"],
    );
}

#[test]
fn a_body_becomes_optional() {
    there_and_back(
        &set(&format!("{CREATE}/requestBody/required"), &json!(false)),
        &[
            "breaks users().create(): no longer takes `body`",
            "breaks users().create().body(…): is no argument of the method now, but a setter",
        ],
        &[
            "breaks users().create(): takes `body: impl Body<models::User>` now",
            "breaks users().create().body(…): is an argument of the method now",
        ],
    );
}

#[test]
fn a_body_is_of_another_content_type() {
    there_and_back(
        &with(|document| {
            let content = document
                .pointer_mut(&format!("{CREATE}/requestBody/content"))
                .unwrap();
            let media = content["application/json"].take();
            *content = json!({"application/merge-patch+json": media});
        }),
        &[
            "behaves users().create(): sends `application/merge-patch+json` now; \
           before `application/json`",
        ],
        &["behaves users().create(): sends `application/json` now; \
           before `application/merge-patch+json`"],
    );
}

#[test]
fn a_list_becomes_one_object() {
    there_and_back(
        &set(
            &format!("{LIST}/responses/200/content/application~1json/schema"),
            &json!({"$ref": "#/components/schemas/User"}),
        ),
        &["breaks users().list(): gives `models::User` now; before a list of `models::User`"],
        &["breaks users().list(): gives a list of `models::User` now; before `models::User`"],
    );
}

#[test]
fn an_answer_that_was_empty_has_something() {
    there_and_back(
        &set(
            "/paths/~1api~1v1~1groups/get/responses",
            &json!({"200": {}}),
        ),
        &[
            "breaks groups().list(): gives `()` now; before a list of `models::Group`",
            "breaks models::Group: removed",
        ],
        &[
            "breaks groups().list(): gives a list of `models::Group` now; before `()`",
            "compatible models::Group: added",
        ],
    );
}
