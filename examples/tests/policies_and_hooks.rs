//! The programs about policies and hooks, against an emulated org.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use okta_emulator::Emulator;
use okta_sdk::Client;
use okta_sdk::models::{EventHookVerificationStatus, LifecycleStatus, PolicyType};
use support::run;

const PASSWORD_POLICY: &str = env!("CARGO_BIN_EXE_password_policy");
const EVENT_HOOK: &str = env!("CARGO_BIN_EXE_event_hook");

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
async fn event_hook_registers_itself_once_and_is_verified() {
    let (org, okta) = org().await;
    for _ in 0..2 {
        let ran = run(EVENT_HOOK, &["--verify-only"], Some(&org)).await;
        assert!(ran.succeeded, "{ran:?}");
        assert!(ran.stdout.ends_with("it is VERIFIED\n"), "{ran:?}");
    }
    let hooks = okta.event_hooks().list().all().await.unwrap();
    assert_eq!(hooks.len(), 1);
    let verified = Some(EventHookVerificationStatus::Verified);
    assert_eq!(hooks[0].verification_status, verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn they_run_without_an_org() {
    for program in [PASSWORD_POLICY, EVENT_HOOK] {
        let ran = run(program, &[], None).await;
        assert!(ran.succeeded, "{program}: {ran:?}");
    }
}
