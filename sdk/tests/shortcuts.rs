//! Tasks of several requests.
#![cfg(all(feature = "admin-roles", feature = "groups", feature = "users"))]
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use okta_sdk::Id;
use okta_sdk::models::{
    CreateIamRoleRequest, CreateIamRoleRequestParts, CreateResourceSetRequest,
    CreateResourceSetRequestParts, UserStatus,
};
use okta_sdk::paths::GroupUser;
use okta_sdk::shortcuts::Delegation;
use okta_sdk::testing::{Answer, Script};
use serde_json::{Value, json};
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);

fn operations(script: &Script) -> Vec<String> {
    let requests = script.requests();
    requests
        .iter()
        .map(|it| it.operation().to_owned())
        .collect()
}

fn taken() -> Value {
    let cause = "name: An object with this field already exists in the current organization";
    json!({ "errorCode": "E0000001", "errorCauses": [{ "errorSummary": cause }] })
}

fn absent() -> Value {
    json!({ "errorCode": "E0000007", "errorSummary": "Not found" })
}

#[tokio::test]
async fn a_login_with_a_slash_is_found_and_compared() {
    let script = Script::new().answer(
        "listUsers",
        200,
        json!([
            { "id": "00u1", "profile": { "login": "ops/grace2@example.com" } },
            { "id": "00u2", "profile": { "login": "Ops/Grace@example.com" } },
        ]),
    );
    let okta = script.client().unwrap();
    let found = okta.users().find_by_login("ops/grace@example.com").await;
    assert_eq!(found.unwrap().unwrap().id, "00u2");
    assert_eq!(
        script.requests()[0].query("search").unwrap(),
        r#"profile.login eq "ops/grace@example.com""#
    );
    let other = okta.users().find_by_login("grace@example.com").await;
    assert!(other.unwrap().is_none());
}

#[tokio::test]
async fn a_group_is_found_or_created() {
    let script = Script::new()
        .answer(
            "listGroups",
            200,
            json!([{ "id": "00g1", "profile": { "name": "Band" } }]),
        )
        .answer(
            "addGroup",
            200,
            json!({ "id": "00g2", "profile": { "name": "Bands" } }),
        );
    let okta = script.client().unwrap();
    let found = okta.groups().find_or_create("Band").await.unwrap();
    assert!(!found.is_created());
    assert_eq!(found.get().id, "00g1");
    let created = okta.groups().find_or_create("Bands").await.unwrap();
    assert!(created.is_created());
    assert_eq!(created.into_inner().id, "00g2");
}

#[tokio::test]
async fn a_group_that_somebody_else_makes_meanwhile_is_found() {
    let script = Script::new()
        .answer("listGroups", 200, json!([]))
        .answer(
            "listGroups",
            200,
            json!([{ "id": "00g1", "profile": { "name": "Band" } }]),
        )
        .answer("addGroup", 400, taken());
    let okta = script.client().unwrap();
    let found = okta.groups().find_or_create("Band").await.unwrap();
    assert!(!found.is_created());
    assert_eq!(found.get().id, "00g1");
    assert_eq!(
        operations(&script),
        ["listGroups", "addGroup", "listGroups"]
    );
    assert_eq!(script.requests()[2].query("q").unwrap(), "Band");
}

#[tokio::test]
async fn members_become_exactly_those_that_are_given() {
    let members = Answer::new(200, json!([{ "id": "1" }, { "id": "2" }]));
    let script = Script::new()
        .answer_with(
            "listGroupUsers",
            members.next_page("/api/v1/groups/00g1/users?after=2"),
        )
        .answer("listGroupUsers", 200, json!([{ "id": "3" }]))
        .answer("assignUserToGroup", 204, json!(null))
        .answer("unassignUserFromGroup", 204, json!(null));
    let okta = script.client().unwrap();
    let groups = okta.groups();
    let change = groups
        .set_members("00g1", ["4", "2", "5", "2"])
        .await
        .unwrap();
    assert_eq!(change.added, ["4", "5"]);
    assert_eq!(change.removed, ["1", "3"]);
    let count = |name| operations(&script).iter().filter(|it| *it == name).count();
    assert_eq!(count("assignUserToGroup"), 2);
    assert_eq!(count("unassignUserFromGroup"), 2);
}

#[tokio::test]
async fn an_absent_id_changes_no_members() {
    let script = Script::new();
    let okta = script.client().unwrap();
    let change = okta.groups().set_members("00g1", [Id::default()]).await;
    assert!(change.unwrap_err().is_invalid_argument());
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn a_member_that_cannot_be_read_removes_nobody() {
    let script = Script::new().answer("listGroupUsers", 200, json!([{ "id": "1" }, 7]));
    let okta = script.client().unwrap();
    let change = okta.groups().set_members("00g1", ["2"]).await;
    assert!(change.unwrap_err().is_decode());
    assert_eq!(operations(&script), ["listGroupUsers"]);
}

#[tokio::test(start_paused = true)]
async fn a_status_is_waited_for() {
    let script = Script::new()
        .answer("getUser", 200, json!({ "id": "00u1", "status": "STAGED" }))
        .answer(
            "getUser",
            200,
            json!({ "id": "00u1", "status": "PROVISIONED" }),
        )
        .answer("getUser", 200, json!({ "id": "00u1", "status": "ACTIVE" }));
    let okta = script.client().unwrap();
    let users = okta.users();
    users
        .wait_for_status("00u1", UserStatus::Active, MINUTE)
        .await
        .unwrap();
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_status_ends() {
    let script = Script::new().answer("getUser", 200, json!({ "status": "STAGED" }));
    let okta = script.client().unwrap();
    let start = Instant::now();
    let waiting = okta
        .users()
        .wait_for_status("00u1", UserStatus::Active, MINUTE);
    let error = waiting.await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "after 60s, the status of the user is STAGED and not ACTIVE"
    );
    assert_eq!(start.elapsed(), MINUTE);
    assert!(script.requests().len() < 15);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_ends_the_waiting_too() {
    let slow = Answer::new(200, json!({ "status": "ACTIVE" })).after(2 * MINUTE);
    let script = Script::new().answer_with("getUser", slow);
    let okta = script.client().unwrap();
    let waiting = okta
        .users()
        .wait_for_status("00u1", UserStatus::Active, MINUTE);
    let error = waiting.await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_waited_for_who_is_not_there() {
    let script = Script::new().answer("getUser", 404, absent());
    let okta = script.client().unwrap();
    let waiting = okta
        .users()
        .wait_for_status("00u1", UserStatus::Active, MINUTE);
    assert!(waiting.await.unwrap_err().is_not_found());
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_membership_is_waited_for() {
    let script = Script::new()
        .answer("listUserGroups", 200, json!([{ "id": "00g1" }]))
        .answer(
            "listUserGroups",
            200,
            json!([{ "id": "00g1" }, { "id": "00g2" }]),
        );
    let okta = script.client().unwrap();
    let there = GroupUser {
        group_id: "00g2",
        user_id: "00u1",
    };
    okta.users().wait_for_group(there, MINUTE).await.unwrap();
    assert_eq!(script.requests().len(), 2);
    let never = GroupUser {
        group_id: "00g3",
        user_id: "00u1",
    };
    let error = okta
        .users()
        .wait_for_group(never, MINUTE)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "after 60s, the user is not in the group");
}

fn delegation() -> Delegation {
    Delegation {
        role: CreateIamRoleRequest::new(CreateIamRoleRequestParts {
            label: "User reader".into(),
            description: "Reads users".into(),
            permissions: vec!["okta.users.read".into()],
        }),
        resource_set: CreateResourceSetRequest::new(CreateResourceSetRequestParts {
            label: "All users".into(),
            description: "Every user".into(),
            resources: vec!["https://script.okta.com/api/v1/users".into()],
        }),
        users: vec!["00u1".into()],
        groups: vec!["00g1".into()],
    }
}

#[tokio::test]
async fn a_delegation_makes_what_is_missing() {
    let script = Script::new()
        .answer("getRole", 404, absent())
        .answer("createRole", 200, json!({ "id": "cr01" }))
        .answer("getResourceSet", 404, absent())
        .answer("createResourceSet", 200, json!({ "id": "iam1" }))
        .answer("getBinding", 404, absent())
        .answer("createResourceSetBinding", 200, json!({}));
    let okta = script.client().unwrap();
    let made = okta.delegate(delegation()).await.unwrap();
    assert!(made.role.is_created() && made.resource_set.is_created() && made.binding_created);
    let binding = script.requests().pop().unwrap();
    assert_eq!(
        binding.path_and_query(),
        "/api/v1/iam/resource-sets/iam1/bindings"
    );
    assert_eq!(
        binding.json().unwrap(),
        json!({
            "role": "cr01",
            "members": [
                "https://script.okta.com/api/v1/users/00u1",
                "https://script.okta.com/api/v1/groups/00g1",
            ],
        })
    );
}

#[tokio::test]
async fn a_delegation_adds_to_what_is_there() {
    let script = Script::new()
        .answer("getRole", 404, absent())
        .answer("getRole", 200, json!({ "id": "cr01" }))
        .answer("createRole", 400, taken())
        .answer("getResourceSet", 200, json!({ "id": "iam1" }))
        .answer("getBinding", 200, json!({ "id": "cr01" }))
        .answer("addMembersToBinding", 200, json!({}));
    let okta = script.client().unwrap();
    let made = okta.delegate(delegation()).await.unwrap();
    assert!(!made.role.is_created() && !made.resource_set.is_created() && !made.binding_created);
    let members = script.requests().pop().unwrap().json().unwrap();
    assert_eq!(members["additions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_delegation_to_nobody_is_refused() {
    let script = Script::new();
    let okta = script.client().unwrap();
    let nobody = Delegation {
        users: vec![],
        groups: vec![],
        ..delegation()
    };
    let error = okta.delegate(nobody).await.unwrap_err();
    assert!(error.is_invalid_argument());
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn a_shortcut_outlives_its_handle() {
    let script = Script::new().answer("listUsers", 200, json!([]));
    let okta = script.client().unwrap();
    let finding = okta
        .users()
        .find_by_login(String::from("grace@example.com"));
    drop(okta);
    assert!(tokio::spawn(finding).await.unwrap().unwrap().is_none());
}
