//! `cargo xtask call-all`, as a program.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::{Command, Output};

use httpmock::MockServer;
use serde_json::Value;

fn call_all(server: &MockServer, only: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_call-all"))
        .args([
            "--org-url",
            &server.base_url(),
            "--token",
            "00token",
            "--only",
            only,
        ])
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn each_operation_has_a_line_whatever_its_status() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/api/v1/logs")
            .header("authorization", "SSWS 00token");
        then.status(200).body(r#"[{"uuid":"a"}]"#);
    });
    let output = call_all(&server, "system-log");
    let lines = lines(&output);
    assert_eq!(lines.len(), 8);
    let of = |operation: &str| {
        lines
            .iter()
            .find(|line| line["operation"] == operation)
            .unwrap()
    };
    let expected = serde_json::json!({
        "document": "management",
        "operation": "listLogEvents",
        "method": "GET",
        "path": "/api/v1/logs",
        "status": 200,
        "decoded": true,
    });
    assert_eq!(of("listLogEvents"), &expected);
    assert_eq!(of("listLogStreams")["status"], 404);
    assert_eq!(of("listLogStreams")["decoded"], false);
    assert!(
        of("listLogStreams")["reason"]
            .as_str()
            .unwrap()
            .contains("404")
    );
    assert!(output.status.success(), "an error status is an answer");
}

#[test]
fn an_answer_that_cannot_be_decoded_is_a_failure() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/api/v1/logs");
        then.status(200).body("<html>");
    });
    let output = call_all(&server, "system-log");
    let line = lines(&output)
        .into_iter()
        .find(|line| line["operation"] == "listLogEvents");
    assert_eq!(line.unwrap()["decoded"], false);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn an_unknown_feature_is_refused() {
    let output = call_all(&MockServer::start(), "everything");
    assert!(!output.status.success());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("`everything`")
    );
}
