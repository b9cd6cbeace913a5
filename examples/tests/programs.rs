//! The other programs, each as someone runs it who has no Okta account.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use okta_emulator::Emulator;
use okta_sdk::Client;
use support::{name, run};

const LIST_USERS: &str = env!("CARGO_BIN_EXE_list_users");
const EXPORT_USERS: &str = env!("CARGO_BIN_EXE_export_users");
const ASSIGN_ROLE: &str = env!("CARGO_BIN_EXE_assign_role");
const TAIL_SYSTEM_LOG: &str = env!("CARGO_BIN_EXE_tail_system_log");

#[tokio::test(flavor = "multi_thread")]
async fn list_users_prints_all_or_those_of_a_search() {
    let all = run(LIST_USERS, &[], None).await;
    assert!(all.succeeded, "{all:?}");
    assert!(all.stdout.contains("grace@example.com"), "{}", all.stdout);

    let search = r#"profile.department eq "Support""#;
    let found = run(LIST_USERS, &["--search", search], None).await;
    assert!(found.succeeded, "{found:?}");
    assert!(
        found
            .stdout
            .contains("STAGED         katherine@example.com\n"),
        "{}",
        found.stdout
    );
    assert!(found.stdout.ends_with("\n1 users\n"), "{}", found.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn list_users_reads_every_page() {
    let seed = okta_emulator::Seed::empty().with_generated_users(450);
    let org = Emulator::builder().seed(seed).start().await.unwrap();
    let ran = run(LIST_USERS, &[], Some(&org)).await;
    assert!(ran.stdout.ends_with("\n451 users\n"), "{}", ran.stdout);
    assert_eq!(org.requests().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_org_is_shown_and_fails_the_program() {
    let ran = run(LIST_USERS, &["--search", "department eq"], None).await;
    assert!(!ran.succeeded);
    assert!(ran.stderr.contains("E0000031"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn export_users_writes_custom_attributes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.csv");
    let ran = run(EXPORT_USERS, &["--output", name(&file)], None).await;
    assert!(ran.succeeded, "{ran:?}");
    let mut reader = csv::Reader::from_path(&file).unwrap();
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let grace = rows
        .iter()
        .find(|row| row["login"] == "grace@example.com")
        .unwrap();
    assert_eq!(grace["badgeNumber"], "1906");
    assert_eq!(grace["status"], "ACTIVE");
    let admin = rows
        .iter()
        .find(|row| row["login"] == "admin@example.com")
        .unwrap();
    assert_eq!(admin["badgeNumber"], "");
}

#[tokio::test(flavor = "multi_thread")]
async fn export_users_writes_the_chosen_attributes_in_one_pass() {
    let org = Emulator::start().await.unwrap();
    let arguments = [
        "--attributes",
        "login,badgeNumber",
        "--search",
        r#"status eq "STAGED""#,
    ];
    let ran = run(EXPORT_USERS, &arguments, Some(&org)).await;
    assert!(ran.succeeded, "{ran:?}");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "id,status,login,badgeNumber");
    assert!(
        lines[1].ends_with(",STAGED,katherine@example.com,1918"),
        "{}",
        ran.stdout
    );
    assert_eq!(lines.len(), 2);
    assert_eq!(org.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn assign_role_assigns_once() {
    let org = Emulator::start().await.unwrap();
    let arguments = ["grace@example.com", "REPORT_ADMIN"];
    let first = run(ASSIGN_ROLE, &arguments, Some(&org)).await;
    assert!(
        first
            .stdout
            .starts_with("grace@example.com is REPORT_ADMIN from now on\n"),
        "{first:?}"
    );
    let second = run(ASSIGN_ROLE, &arguments, Some(&org)).await;
    assert!(second.succeeded, "{second:?}");
    assert!(
        second
            .stdout
            .starts_with("grace@example.com was REPORT_ADMIN before\n"),
        "{second:?}"
    );

    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token())
        .build()
        .unwrap();
    let grace = okta.users().get("grace@example.com").await.unwrap();
    let roles = okta.roles().list_assigned_for_user(&grace.id).stream();
    let roles: Vec<_> = roles.try_collect().await.unwrap();
    let types: Vec<_> = roles
        .iter()
        .map(|role| role.type_().unwrap().as_str())
        .collect();
    assert_eq!(types, ["APP_ADMIN", "REPORT_ADMIN"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn assign_role_runs_without_arguments_and_refuses_unknown_roles() {
    let ran = run(ASSIGN_ROLE, &[], None).await;
    assert!(ran.succeeded, "{ran:?}");
    let refused = run(ASSIGN_ROLE, &["grace@example.com", "KING"], None).await;
    assert!(!refused.succeeded);
    assert!(
        refused.stderr.contains("HELP_DESK_ADMIN"),
        "{}",
        refused.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_system_log_prints_what_happens_until_it_has_enough() {
    let ran = run(
        TAIL_SYSTEM_LOG,
        &["--every", "1", "--events", "2", "--for", "60"],
        None,
    )
    .await;
    assert!(ran.succeeded, "{ran:?}");
    let events: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(events.len(), 2, "{}", ran.stdout);
    assert!(
        events[0].contains("group.lifecycle.create"),
        "{}",
        ran.stdout
    );
    assert!(events[1].ends_with("Project 2"), "{}", ran.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_system_log_stops_when_its_time_is_up() {
    let ran = run(TAIL_SYSTEM_LOG, &["--for", "1", "--every", "600"], None).await;
    assert!(ran.succeeded, "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_system_log_starts_where_it_is_told() {
    let org = Emulator::start().await.unwrap();
    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token())
        .build()
        .unwrap();
    let grace = okta.users().get("grace@example.com").await.unwrap();
    okta.users().suspend(&grace.id).await.unwrap();
    let arguments = [
        "--since",
        "2026-01-01T00:00:00Z",
        "--events",
        "1",
        "--for",
        "60",
    ];
    let ran = run(TAIL_SYSTEM_LOG, &arguments, Some(&org)).await;
    assert!(ran.stdout.contains("user.lifecycle.suspend"), "{ran:?}");
    assert!(ran.stdout.ends_with(" → Grace Hopper\n"), "{ran:?}");
}
