//! The programs about policies and hooks, against an emulated org.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use okta_emulator::Emulator;
use okta_sdk::Client;
use okta_sdk::models::{
    EventHookVerificationStatus, GroupRequest, LifecycleStatus, OktaUserGroupProfile, PolicyType,
};
use support::{Running, run};

const PASSWORD_POLICY: &str = env!("CARGO_BIN_EXE_password_policy");
const HOOKS: &str = env!("CARGO_BIN_EXE_hooks");

async fn org() -> (Emulator, Client) {
    let org = Emulator::start().await.unwrap();
    let client = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token());
    let client = client.build().unwrap();
    (org, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn password_policy_creates_a_policy_with_its_rule_once() {
    let (org, okta) = org().await;
    let arguments = ["Support", "--min-length", "16"];
    let first = run(PASSWORD_POLICY, &arguments, Some(&org)).await;
    assert_eq!(
        first.stdout, "Passwords of Support: created, of at least 16 characters\n",
        "{first:?}"
    );
    let second = run(PASSWORD_POLICY, &arguments, Some(&org)).await;
    assert_eq!(second.stdout, "Passwords of Support: there before\n");

    let policies = okta.policies().list(PolicyType::Password).all().await;
    let policies = policies.unwrap();
    // The other one is the default policy, which comes last.
    assert_eq!(policies.len(), 2);
    assert_eq!(policies[0].status(), Some(&LifecycleStatus::Active));
    let rules = okta.policies().list_rules(policies[0].id()).all().await;
    assert_eq!(rules.unwrap()[0].name(), Some("Change and unlock"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_registers_its_event_hook_once_and_is_verified() {
    let (org, okta) = org().await;
    for _ in 0..2 {
        let ran = run(HOOKS, &["--verify-only"], Some(&org)).await;
        assert!(ran.succeeded, "{ran:?}");
        assert!(ran.stdout.ends_with("it is VERIFIED\n"), "{ran:?}");
    }
    let hooks = okta.event_hooks().list().all().await.unwrap();
    assert_eq!(hooks.len(), 1);
    let verified = Some(EventHookVerificationStatus::Verified);
    assert_eq!(hooks[0].verification_status, verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_says_what_else_to_register_in_an_org_and_serves_it() {
    let (org, _) = org().await;
    let mut program = Running::start_with(
        HOOKS,
        &["--event", "group.lifecycle.create"],
        &[
            ("OKTA_CLIENT_ORGURL", org.org_url()),
            ("OKTA_CLIENT_TOKEN", org.token()),
        ],
    );
    assert!(program.line().await.starts_with("hooks example is "));
    assert_eq!(program.line().await, "it is VERIFIED");

    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token())
        .build()
        .unwrap();
    let group = GroupRequest::new().profile(OktaUserGroupProfile::new().name("Analysts"));
    okta.groups().add(group).await.unwrap();
    let line = program.line().await;
    assert!(line.starts_with("event "), "{line}");
    assert!(line.ends_with(" group.lifecycle.create"), "{line}");
    assert!(okta.inline_hooks().list().all().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_prints_everything_that_the_emulator_sends() {
    let ran = run(HOOKS, &[], None).await;
    assert!(ran.succeeded, "{ran:?}");
    let mut lines = ran.stdout.lines();
    assert!(lines.next().unwrap().starts_with("hooks example is "));
    assert_eq!(lines.next(), Some("it is VERIFIED"));
    let mut received: Vec<String> = lines.map(without_values).collect();
    // What is sent after an answer comes in no order.
    received.sort();
    assert_eq!(
        received,
        [
            "event … user.account.update_password",
            "event … user.lifecycle.create",
            "event … user.lifecycle.create",
            "password of ada@example.com: Verified",
            "sign-up of isaac@example.com: allowed; gets a title",
            "signal credential-change of …",
            "signal verification",
            "token for ada@example.com; gets `region`",
        ],
        "{ran:?}"
    );
}

/// A line, with what is another in each run as `…`.
fn without_values(line: &str) -> String {
    let words = line.split_whitespace();
    let words = words.map(|word| {
        let is_time = word.contains('T') && word.ends_with('Z');
        let is_id = word.len() == 20 && word.starts_with("00u");
        match is_time || is_id {
            true => "…",
            false => word,
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn password_policy_runs_without_an_org() {
    let ran = run(PASSWORD_POLICY, &[], None).await;
    assert!(ran.succeeded, "{ran:?}");
}
