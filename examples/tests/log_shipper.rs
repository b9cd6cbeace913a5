//! The program that ships the System Log, against an emulated org.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;

use okta_emulator::Emulator;
use okta_sdk::Client;
use serde_json::Value;
use support::{name, run};

const SHIP_SYSTEM_LOG: &str = env!("CARGO_BIN_EXE_ship_system_log");

async fn suspend_and_unsuspend(okta: &Client, login: &str) {
    let user = okta.users().get(login).await.unwrap();
    okta.users().suspend(&user.id).await.unwrap();
    okta.users().unsuspend(&user.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_the_log_was_left() {
    let org = Emulator::start().await.unwrap();
    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token())
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.jsonl");
    let ship = async |events: &str| {
        let arguments = [name(&file), "--every", "1", "--events", events];
        let ran = run(SHIP_SYSTEM_LOG, &arguments, Some(&org)).await;
        assert!(ran.succeeded, "{ran:?}");
        let lines = fs::read_to_string(&file).unwrap();
        let events = lines.lines().map(|line| {
            let event: Value = serde_json::from_str(line).unwrap();
            let target = event["target"][0]["alternateId"].as_str().unwrap();
            format!("{} {target}", event["eventType"].as_str().unwrap())
        });
        events.collect::<Vec<_>>()
    };

    suspend_and_unsuspend(&okta, "grace@example.com").await;
    let first = ship("2").await;
    let of_grace = [
        "user.lifecycle.suspend grace@example.com",
        "user.lifecycle.unsuspend grace@example.com",
    ];
    assert_eq!(first, of_grace);
    assert!(folder.path().join("okta.jsonl.cursor").exists());

    suspend_and_unsuspend(&okta, "alan@example.com").await;
    let second = ship("2").await;
    assert_eq!(second[..2], of_grace);
    assert_eq!(
        second[2..],
        [
            "user.lifecycle.suspend alan@example.com",
            "user.lifecycle.unsuspend alan@example.com",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_runs_without_an_org_and_refuses_a_broken_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.jsonl");
    let arguments = [name(&file), "--every", "1", "--events", "1"];
    let ran = run(SHIP_SYSTEM_LOG, &arguments, None).await;
    assert!(ran.succeeded, "{ran:?}");
    fs::write(folder.path().join("okta.jsonl.cursor"), "https://elsewhere").unwrap();
    let ran = run(SHIP_SYSTEM_LOG, &arguments, None).await;
    assert!(!ran.succeeded, "{ran:?}");
}
