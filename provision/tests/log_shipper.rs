//! The System Log in files, against a script: what comes twice, what cannot be read, what was cut off.
#![cfg(feature = "system-log")]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use okta_provision::{Error, LogShipper};
use okta_sdk::testing::{Answer, Script};
use serde_json::{Value, json};

fn event(id: &str) -> Value {
    json!({ "uuid": id, "eventType": "user.session.start" })
}

/// A page of events that leads to the next one.
fn page(ids: &[&str], next: &str) -> Answer {
    let events: Vec<_> = ids.iter().map(|id| event(id)).collect();
    Answer::new(200, events).next_page(&format!("/api/v1/logs?after={next}"))
}

fn script(pages: impl IntoIterator<Item = Answer>) -> Script {
    pages.into_iter().fold(Script::new(), |script, page| {
        script.answer_with("listLogEvents", page)
    })
}

fn ids(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let events = text.lines().map(|line| serde_json::from_str(line).unwrap());
    events
        .map(|event: Value| event["uuid"].as_str().unwrap_or("none").to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn what_okta_gives_again_after_a_restart_is_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.jsonl");
    let okta = script([page(&["a", "b"], "1")]).client().unwrap();
    let mut shipping = LogShipper::new(&file).start(&okta).unwrap();
    assert_eq!(shipping.next().await.unwrap(), 2);
    drop(shipping);

    // A killed successor has written on.
    let mut killed = fs::OpenOptions::new().append(true).open(&file).unwrap();
    killed.write_all(b"{\"uuid\":\"c\"}\n{\"uu").unwrap();
    let again = script([page(&["b", "c"], "2"), page(&["d"], "3")]);
    let okta = again.client().unwrap();
    let mut shipping = LogShipper::new(&file).start(&okta).unwrap();
    assert_eq!(shipping.next().await.unwrap(), 1);
    assert_eq!(shipping.next().await.unwrap(), 1);
    assert_eq!(shipping.events(), 4);
    assert_eq!(ids(&file), ["a", "b", "c", "d"]);
    let first = &again.requests()[0];
    assert_eq!(first.query("after").as_deref(), Some("1"));
}

#[tokio::test(start_paused = true)]
async fn waiting_can_be_given_up_and_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.jsonl");
    let slow = page(&["a"], "1").after(Duration::from_secs(5));
    let okta = script([slow, page(&["b"], "2")]).client().unwrap();
    let mut shipping = LogShipper::new(&file).start(&okta).unwrap();
    for _ in 0..3 {
        let given_up = tokio::time::timeout(Duration::from_secs(1), shipping.next());
        assert!(given_up.await.is_err());
    }
    shipping.next().await.unwrap();
    shipping.next().await.unwrap();
    assert_eq!(ids(&file), ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_cannot_be_read_is_written_as_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.jsonl");
    let events = json!([event("a"), ["uuid", "b"], event("c")]);
    let odd = Answer::new(200, events).next_page("/api/v1/logs?after=1");
    let okta = script([odd]).client().unwrap();
    let mut shipping = LogShipper::new(&file).start(&okta).unwrap();
    assert_eq!(shipping.next().await.unwrap(), 3);
    assert_eq!(ids(&file), ["a", "none", "c"]);
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().nth(1), Some(r#"["uuid","b"]"#));
}

#[tokio::test(start_paused = true)]
async fn files_are_rotated_and_old_ones_removed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.jsonl");
    let pages = (0..10).map(|number| page(&[&*format!("event-{number}")], &number.to_string()));
    let okta = script(pages).client().unwrap();
    let shipper = LogShipper::new(&file).rotate_at(120).keep(2);
    let mut shipping = shipper.start(&okta).unwrap();
    for _ in 0..10 {
        assert_eq!(shipping.next().await.unwrap(), 1);
    }
    let last = shipping.path();
    assert_eq!(last.file_name().unwrap(), "okta.000005.jsonl");
    assert_eq!(ids(&last), ["event-8", "event-9"]);
    let before = folder.path().join("okta.000004.jsonl");
    assert_eq!(ids(&before), ["event-6", "event-7"]);
    assert!(!folder.path().join("okta.000003.jsonl").exists());
    assert!(!file.exists());
}

#[tokio::test(start_paused = true)]
async fn files_that_are_not_its_own_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.jsonl");
    let okta = script([page(&["a"], "1")]).client().unwrap();
    let mut shipping = LogShipper::new(&file).start(&okta).unwrap();
    shipping.next().await.unwrap();
    let second = LogShipper::new(&file).start(&okta).unwrap_err();
    assert!(second.to_string().contains("another program"), "{second}");
    drop(shipping);

    let other = LogShipper::new(&file).rotate_at(100).start(&okta);
    assert!(matches!(other, Err(Error::Missing(_))), "{other:?}");
    // Shorter than it was: something of it is lost.
    fs::write(&file, "").unwrap();
    let cut = LogShipper::new(&file).start(&okta).unwrap_err();
    assert!(cut.to_string().contains("0 bytes of the"), "{cut}");
    fs::write(folder.path().join("okta.jsonl.cursor"), "{").unwrap();
    let broken = LogShipper::new(&file).start(&okta).unwrap_err();
    assert!(broken.to_string().contains("where to go on"), "{broken}");
}
