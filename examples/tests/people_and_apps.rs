//! The programs about people, their groups and their applications, against an emulated org.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;

use okta_emulator::Emulator;
use okta_sdk::Client;
use okta_sdk::models::{Application, RoleType, UserStatus};
use support::{name, run};

const ONBOARD: &str = env!("CARGO_BIN_EXE_onboard");
const OFFBOARD: &str = env!("CARGO_BIN_EXE_offboard");
const SYNC_GROUPS: &str = env!("CARGO_BIN_EXE_sync_groups");
const CREATE_APP: &str = env!("CARGO_BIN_EXE_create_app");
const ACCESS_REVIEW: &str = env!("CARGO_BIN_EXE_access_review");
const DELEGATE: &str = env!("CARGO_BIN_EXE_delegate");

async fn org() -> (Emulator, Client) {
    let org = Emulator::start().await.unwrap();
    let client = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token());
    let client = client.build().unwrap();
    (org, client)
}

/// Logins of the members of a group, in order.
async fn members(okta: &Client, name: &str) -> Vec<String> {
    let group = okta.groups().find_by_name(name).await.unwrap().unwrap();
    let users = okta.groups().list_users(&group.id).all().await.unwrap();
    let mut logins: Vec<String> = users
        .into_iter()
        .map(|user| user.profile.unwrap().login.unwrap())
        .collect();
    logins.sort();
    logins
}

#[tokio::test(flavor = "multi_thread")]
async fn onboard_creates_a_user_once() {
    let (org, okta) = org().await;
    let arguments = ["mary@example.com", "Mary", "Jackson", "--group", "On call"];
    let first = run(ONBOARD, &arguments, Some(&org)).await;
    assert!(first.succeeded, "{first:?}");
    assert_eq!(
        first.stdout,
        "mary@example.com is created\nmary@example.com is in On call\n\
         mary@example.com has got the activation message\n"
    );
    assert_eq!(members(&okta, "On call").await, ["mary@example.com"]);
    let second = run(ONBOARD, &arguments, Some(&org)).await;
    assert_eq!(
        second.stdout,
        "mary@example.com was there before\nmary@example.com is in On call\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn offboard_takes_everything_and_deletes_nothing() {
    let (org, okta) = org().await;
    let ran = run(OFFBOARD, &["grace@example.com"], Some(&org)).await;
    assert_eq!(
        ran.stdout,
        "suspended\nrole taken: Application Administrator\ngroup left: Engineering\n\
         factors removed\nsessions, tokens and grants ended\ngrace@example.com is deactivated\n",
        "{ran:?}"
    );
    let grace = okta.users().find_by_login("grace@example.com").await;
    let grace = grace.unwrap().unwrap();
    assert_eq!(grace.status, Some(UserStatus::Deprovisioned));
    assert_eq!(members(&okta, "Engineering").await, ["alan@example.com"]);

    let again = run(OFFBOARD, &["grace@example.com"], Some(&org)).await;
    assert_eq!(again.stdout, "grace@example.com was deactivated before\n");
    let nobody = run(OFFBOARD, &["nobody@example.com"], Some(&org)).await;
    assert!(!nobody.succeeded);
    assert!(nobody.stderr.contains("there is no user"), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_groups_makes_groups_match_the_file() {
    let (org, okta) = org().await;
    let first = run(SYNC_GROUPS, &[], Some(&org)).await;
    assert_eq!(
        first.stdout, "Engineering: 1 added, 1 removed\nOn call: 2 added, 0 removed\n",
        "{first:?}"
    );
    let engineers = ["grace@example.com", "katherine@example.com"];
    assert_eq!(members(&okta, "Engineering").await, engineers);
    let second = run(SYNC_GROUPS, &[], Some(&org)).await;
    assert_eq!(
        second.stdout,
        "Engineering: 0 added, 0 removed\nOn call: 0 added, 0 removed\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_groups_changes_nothing_if_a_login_is_unknown() {
    let (org, okta) = org().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("groups.csv");
    fs::write(&file, "group,login\nEngineering,nobody@example.com\n").unwrap();
    let ran = run(SYNC_GROUPS, &["--members", name(&file)], Some(&org)).await;
    assert!(!ran.succeeded);
    assert_eq!(members(&okta, "Engineering").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn create_app_creates_each_kind_for_a_group() {
    let (org, okta) = org().await;
    let settings = r#"{"subDomain":"acme"}"#;
    for arguments in [
        &["web", "Portal", "https://portal.example.com/callback"][..],
        &["native", "Phone", "com.example.phone:/callback"],
        &[
            "saml",
            "Chart",
            "https://chart.example.com/acs",
            "urn:chart",
        ],
        &["integration", "zoomus", "Zoom", settings],
    ] {
        let ran = run(CREATE_APP, arguments, Some(&org)).await;
        assert!(ran.succeeded, "{ran:?}");
    }
    let engineering = okta.groups().find_by_name("Engineering").await;
    let id = engineering.unwrap().unwrap().id;
    let apps = okta.groups().list_assigned_applications(&id);
    let apps = apps.all().await.unwrap();
    let labels: Vec<&str> = apps.iter().map(|app| app.label().unwrap()).collect();
    assert_eq!(labels, ["Wiki", "Portal", "Phone", "Chart", "Zoom"]);
    let [
        _,
        Application::OpenIdConnect(web),
        Application::OpenIdConnect(native),
        saml,
        _,
    ] = apps.as_slice()
    else {
        panic!("{apps:?}");
    };
    let client = |app: &okta_sdk::models::OpenIdConnectApplication| {
        app.credentials.clone().unwrap().oauth_client.unwrap()
    };
    assert!(client(web).client_secret.is_some());
    assert!(client(native).client_secret.is_none());
    assert!(matches!(saml, Application::Saml(_)), "{saml:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn access_review_tells_who_has_what_and_how() {
    let (org, _) = org().await;
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--folder", name(folder.path())];
    let ran = run(ACCESS_REVIEW, &arguments, Some(&org)).await;
    assert!(ran.succeeded, "{ran:?}");
    assert!(ran.stdout.contains("administrators\n"), "{}", ran.stdout);
    let access = fs::read_to_string(folder.path().join("access.csv")).unwrap();
    let mut rows = access
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>());
    assert_eq!(
        rows.next().unwrap(),
        ["login", "id", "kind", "name", "given"]
    );
    let rows: Vec<_> = rows.map(|row| [row[0], row[2], row[3], row[4]]).collect();
    for row in [
        ["admin@example.com", "role", "Super Administrator", "USER"],
        [
            "grace@example.com",
            "role",
            "Application Administrator",
            "USER",
        ],
        ["grace@example.com", "app", "Wiki", "GROUP"],
        ["katherine@example.com", "app", "Ticket Desk", "USER"],
        ["alan@example.com", "group", "Support", "OKTA_GROUP"],
        ["alan@example.com", "group", "Everyone", "BUILT_IN"],
    ] {
        assert!(rows.contains(&row), "{row:?}\n{access}");
    }
    let accounts = fs::read_to_string(folder.path().join("accounts.csv")).unwrap();
    assert!(accounts.starts_with("login,id,status,"), "{accounts}");
    assert!(accounts.contains("\ngrace@example.com,"), "{accounts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn delegate_binds_a_role_to_a_group_once() {
    let (org, okta) = org().await;
    let first = run(DELEGATE, &[], Some(&org)).await;
    assert!(first.succeeded, "{first:?}");
    assert!(
        first
            .stdout
            .starts_with("role: created\nresource set: created\nbinding: created\n"),
        "{first:?}"
    );
    let second = run(DELEGATE, &[], Some(&org)).await;
    assert!(
        second
            .stdout
            .starts_with("role: found\nresource set: found\nbinding: found\n"),
        "{second:?}"
    );
    let support = okta.groups().find_by_name("Support").await;
    let support = support.unwrap().unwrap().id;
    let roles = okta.roles().list_assigned_for_group(&support).all().await;
    let roles = roles.unwrap();
    assert_eq!(roles.len(), 2);
    assert_eq!(roles[1].type_(), Some(&RoleType::Custom));
    assert_eq!(roles[1].label(), Some("User reader"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_program_runs_without_an_org() {
    for program in [ONBOARD, OFFBOARD, SYNC_GROUPS, ACCESS_REVIEW, DELEGATE] {
        let ran = run(program, &[], None).await;
        assert!(ran.succeeded, "{program}: {ran:?}");
    }
}
