//! The API, called by the lines that it prints.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::process::Command;

use support::Running;

const WEB_API: &str = env!("CARGO_BIN_EXE_web_api");

/// The API, and the lines that it has printed.
async fn start() -> (Running, [String; 4]) {
    let mut program = Running::start_with(WEB_API, &["--port", "0"], &[]);
    let mut lines = <[String; 4]>::default();
    for line in &mut lines {
        *line = program.line().await;
    }
    (program, lines)
}

/// What a shell prints that runs these lines.
async fn shell(lines: &[&str]) -> String {
    let script = lines.join("\n");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).env("no_proxy", "*");
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.unwrap().unwrap();
    assert!(output.status.success(), "{script}\n{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_lines_show_a_good_call_and_two_that_are_refused() {
    let (_program, lines) = start().await;
    let [token, read, nobody, write] = lines.each_ref();

    let answer = shell(&[token, read]).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.ends_with(r#"{"orders":[{"item":"keyboard","quantity":1}]}"#),
        "{answer}"
    );

    let answer = shell(&[nobody]).await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(
        answer.to_lowercase().contains("www-authenticate: bearer"),
        "{answer}"
    );

    let answer = shell(&[token, write]).await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(
        answer.contains(r#""error":"insufficient_scope""#),
        "{answer}"
    );
    assert!(
        answer.contains(r#""required_scope":"orders:write""#),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_added_with_the_scope_for_it_and_a_bad_one_is_refused() {
    let (_program, lines) = start().await;
    let [token, read, _, write] = lines.each_ref();
    let token = token.replace("scope=orders:read", "'scope=orders:read orders:write'");

    let answer = shell(&[&token, write, read]).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(
        answer.ends_with(r#"{"item":"lamp","quantity":2}]}"#),
        "{answer}"
    );

    let bad = write.replace("\"quantity\": 2", "\"quantity\": -2");
    let answer = shell(&[&token, &bad]).await;
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert!(answer.contains(r#""error":"invalid_order""#), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_and_a_method_that_are_not_there_are_answered_in_json() {
    let (_program, lines) = start().await;
    let [token, read, nobody, _] = lines.each_ref();
    let answer = shell(&[&nobody.replace("/orders", "/nothing")]).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(answer.contains(r#""error":"not_found""#), "{answer}");

    let delete = read.replace("curl -i", "curl -i -X DELETE");
    let answer = shell(&[token, &delete]).await;
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
    assert!(
        answer.contains(r#""error":"method_not_allowed""#),
        "{answer}"
    );
}
