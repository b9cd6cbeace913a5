//! The programs that log in, act as a service, or check tokens.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use okta_emulator::Emulator;
use support::{Running, run};

const SERVICE_APP: &str = env!("CARGO_BIN_EXE_service_app");
const VERIFY_TOKEN: &str = env!("CARGO_BIN_EXE_verify_token");
const TOKEN_LIFECYCLE: &str = env!("CARGO_BIN_EXE_token_lifecycle");
const DEVICE_LOGIN: &str = env!("CARGO_BIN_EXE_device_login");

const GRACE: &str = "grace@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn service_app_lists_users_with_a_token_of_its_own() {
    for arguments in [&[][..], &["--dpop"]] {
        let ran = run(SERVICE_APP, arguments, None).await;
        assert!(ran.succeeded, "{ran:?}");
        assert!(ran.stdout.contains(GRACE), "{}", ran.stdout);
        assert!(ran.stdout.ends_with("\n4 users\n"), "{}", ran.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_token_says_what_a_good_token_says_and_what_a_token_lacks() {
    let ran = run(VERIFY_TOKEN, &["--scope", "api:read"], None).await;
    assert!(ran.succeeded, "{ran:?}");
    assert!(ran.stdout.contains("scopes   api:read\n"), "{}", ran.stdout);

    for (arguments, why) in [
        (["--scope", "api:write"], "api:write"),
        (["--audience", "api://other"], "api://other"),
    ] {
        let ran = run(VERIFY_TOKEN, &arguments, None).await;
        assert!(!ran.succeeded);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn token_lifecycle_ends_with_nothing_active() {
    let ran = run(TOKEN_LIFECYCLE, &[], None).await;
    assert!(ran.succeeded, "{ran:?}");
    for line in [
        "user info      Grace Hopper",
        "introspection  access token is active",
        "refreshed      the access token is another one: true",
        "introspection  revoked token is not active",
        "introspection  refresh token is not active",
    ] {
        assert!(
            ran.stdout.lines().any(|other| other == line),
            "{}",
            ran.stdout
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn device_login_waits_for_the_user() {
    let org = Emulator::start().await.unwrap();
    let mut program = Running::start(DEVICE_LOGIN, &[], &org, org.native_app());
    let line = program.line().await;
    let (_, code) = line.rsplit_once(' ').unwrap();
    org.oauth().approve_device(code, GRACE).unwrap();
    assert!(program.line().await.starts_with("or open http://"));
    assert_eq!(program.line().await, "Hello, Grace Hopper");
    assert!(program.line().await.contains("offline_access"));
}
