//! What the programs do not show of the shortcuts, against an emulated org.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use okta_emulator::Emulator;
use okta_sdk::Client;
use okta_sdk::models::{CreateGroupRuleRequest, CreateUserRequest, UserProfile};
use okta_sdk::paths::GroupUser;
use okta_sdk::shortcuts::ExpressionRule;

async fn org() -> (Emulator, Client) {
    let org = Emulator::start().await.unwrap();
    let client = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token());
    let client = client.build().unwrap();
    (org, client)
}

#[tokio::test]
async fn a_user_is_found_by_a_login_with_a_slash() {
    let (_org, okta) = org().await;
    let profile = UserProfile::new()
        .login("Ops/mary@example.com")
        .email("mary@example.com")
        .first_name("Mary")
        .last_name("Jackson");
    let created = okta.users().create(CreateUserRequest::new(profile));
    let created = created.await.unwrap();
    let found = okta.users().find_by_login("ops/mary@example.com").await;
    assert_eq!(found.unwrap().unwrap().id, created.id);
    let other = okta.users().find_by_login("mary@example.com").await;
    assert!(other.unwrap().is_none());
}

#[tokio::test]
async fn a_group_that_is_made_twice_at_once_is_one() {
    let (_org, okta) = org().await;
    let groups = okta.groups();
    let both = futures::join!(
        groups.find_or_create("On call"),
        groups.find_or_create("On call"),
    );
    let (one, other) = (both.0.unwrap(), both.1.unwrap());
    assert_eq!(one.get().id, other.get().id);
    assert!(!(one.is_created() && other.is_created()));
}

#[tokio::test]
async fn a_rule_is_taken_and_can_be_activated() {
    let (_org, okta) = org().await;
    let group = okta.groups().find_or_create("Engineering").await.unwrap();
    let rule = CreateGroupRuleRequest::from_expression(ExpressionRule {
        name: "Engineers".into(),
        expression: r#"user.department=="Engineering""#.into(),
        group_ids: vec![group.get().id.clone()],
    });
    let rule = okta.group_rules().create(rule).await.unwrap();
    okta.group_rules().activate(&rule.id).await.unwrap();
}

#[tokio::test]
async fn a_membership_is_seen_or_not() {
    let (_org, okta) = org().await;
    let grace = okta.users().get("grace@example.com").await.unwrap().id;
    let group = okta.groups().find_or_create("On call").await.unwrap();
    let path = GroupUser {
        group_id: &group.get().id,
        user_id: &grace,
    };
    let users = okta.users();
    let error = users.wait_for_group(path, Duration::ZERO).await;
    assert!(error.unwrap_err().is_timeout());
    okta.groups().assign_user(path).await.unwrap();
    let seen = users.wait_for_group(path, Duration::from_secs(60)).await;
    seen.unwrap();
}
