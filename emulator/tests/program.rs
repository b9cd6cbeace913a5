//! The program and its options.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::process::Command;

use program::Program;
use reqwest::{Certificate, Client, Response};
use serde_json::Value;

#[path = "support/program.rs"]
mod program;

async fn get(program: &Program, http: &Client, path: &str) -> Response {
    let url = format!("{}{path}", program.org_url);
    program.get(http, &url).send().await.unwrap()
}

/// A file of this process.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    folder.join(format!("{}-{name}", std::process::id()))
}

fn refused(options: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_okta-emulator"))
        .args(options)
        .output()
        .unwrap();
    assert!(!output.status.success(), "{options:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn tls_needs_one_option_and_the_authority_goes_to_a_file() {
    let authority = file("authority.pem");
    let (program, _) = Program::start(&["--tls", "--tls-ca", authority.to_str().unwrap()]);
    let pem = std::fs::read(&authority).unwrap();
    std::fs::remove_file(&authority).unwrap();
    let root = Certificate::from_pem(&pem).unwrap();
    let http = Client::builder()
        .no_proxy()
        .tls_certs_only([root])
        .build()
        .unwrap();
    assert!(
        program.org_url.starts_with("https://"),
        "{}",
        program.org_url
    );
    assert_eq!(get(&program, &http, "/api/v1/users").await.status(), 200);
}

#[tokio::test]
async fn faults_limits_and_skew_are_options() {
    let (program, _) = Program::start(&[
        "--fault",
        "{fault: {oktaError: E0000006}, path: /api/v1/groups, times: 1}",
        "--fault-seed",
        "7",
        "--rate-limit",
        "55",
        "--rate-limit-window",
        "1",
        "--clock-skew",
        "-86400",
    ]);
    let http = Client::builder().no_proxy().build().unwrap();
    let refused = get(&program, &http, "/api/v1/groups").await;
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.headers()["x-rate-limit-limit"], "55");
    let rules: Value = get(&program, &http, "/_emulator/faults")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(rules, Value::Array(Vec::new()));
    let log: Value = get(&program, &http, "/_emulator/clock")
        .await
        .json()
        .await
        .unwrap();
    let now = chrono::DateTime::parse_from_rfc3339(log["now"].as_str().unwrap()).unwrap();
    let behind = okta_emulator::Clock::system().now() - now.to_utc();
    assert!((80_000..90_000).contains(&behind.num_seconds()), "{behind}");
}

#[test]
fn what_cannot_be_done_is_said() {
    for (options, reason) in [
        (&["--fault", "{fault: flood}"][..], "connectionReset"),
        (&["--tls-ca", "x.pem"], "--tls"),
        (&["--tls-cert", "x.pem"], "--tls-key"),
        (
            &["--tls-cert", "/nowhere.pem", "--tls-key", "/nowhere.pem"],
            "/nowhere.pem",
        ),
        (&["--rate-limit-window", "0"], "0"),
        (&["--trusted-origin", "app"], "https://app.example.com"),
        (&["--seed", "/nowhere.yaml"], "/nowhere.yaml"),
    ] {
        let said = refused(options);
        assert!(said.contains(reason), "{options:?}: {said}");
    }
}
