//! The program that ships the System Log, against an emulated org: killed, restarted, refused.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use okta_emulator::Emulator;
use okta_sdk::Client;
use serde_json::Value;
use support::{command, name, run};

const SHIP_LOG: &str = env!("CARGO_BIN_EXE_ship_log");

fn client(org: &Emulator) -> Client {
    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token());
    okta.build().unwrap()
}

async fn suspend_and_unsuspend(okta: &Client, login: &str) {
    let user = okta.users().get(login).await.unwrap();
    okta.users().suspend(&user.id).await.unwrap();
    okta.users().unsuspend(&user.id).await.unwrap();
}

/// The events of all files of the folder, in the order of their names.
fn shipped(folder: &Path) -> Vec<Value> {
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|it| it.extension().is_some_and(|it| it == "jsonl"))
        .collect();
    files.sort();
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    let texts: Vec<_> = texts.collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn uuid(event: &Value) -> String {
    event["uuid"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_the_log_was_left() {
    let org = Emulator::start().await.unwrap();
    let okta = client(&org);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.jsonl");
    let ship = async |events: &str| {
        let arguments = [name(&file), "--every", "1", "--events", events];
        let ran = run(SHIP_LOG, &arguments, Some(&org)).await;
        assert!(ran.succeeded, "{ran:?}");
        let events = shipped(folder.path()).into_iter().map(|event| {
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
    let ran = run(SHIP_LOG, &arguments, None).await;
    assert!(ran.succeeded, "{ran:?}");
    // The next emulated org is another one.
    let ran = run(SHIP_LOG, &arguments, None).await;
    assert!(!ran.succeeded, "{ran:?}");
    assert!(ran.stderr.contains("choose another file"), "{ran:?}");
    fs::write(folder.path().join("okta.jsonl.cursor"), "elsewhere").unwrap();
    let ran = run(SHIP_LOG, &arguments, None).await;
    assert!(!ran.succeeded, "{ran:?}");
    assert!(ran.stderr.contains("okta.jsonl.cursor"), "{ran:?}");
}

/// Kills the program at random moments while events come in, again and again, and then lets it come to
/// the end: each event of the org is there once.
async fn killed_again_and_again(rounds: u64, more: &[&str]) -> (Vec<Value>, usize) {
    let org = Emulator::start().await.unwrap();
    let okta = client(&org);
    let folder = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.jsonl");
    let arguments: Vec<&str> = [name(&file), "--every", "0.1"]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    let mut random = fastrand::Rng::with_seed(14);
    let mut killed = 0;
    for round in 0..rounds {
        let mut child = command(SHIP_LOG, &arguments, home.path())
            .env("OKTA_CLIENT_ORGURL", org.org_url())
            .env("OKTA_CLIENT_TOKEN", org.token())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let end = Duration::from_millis(random.u64(0..800));
        let work = async {
            for number in 0.. {
                let group = format!("Project {round} {number}");
                okta.groups().find_or_create(&group).await.unwrap();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // It ends with the time.
        assert!(tokio::time::timeout(end, work).await.is_err());
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(u64::try_from(killed).unwrap(), rounds, "it ended by itself");

    // What is wanted: all that the org has, oldest first.
    let all = okta.system_log().list().sort_order("ASCENDING").limit(1000);
    let mut wanted = BTreeSet::new();
    let mut pages = all.pages();
    while let Some(page) = pages.try_next().await.unwrap() {
        let is_last = page.items.is_empty();
        wanted.extend(page.items.into_iter().map(|it| it.unwrap().uuid.unwrap()));
        if is_last {
            break;
        }
    }
    let before = shipped_after_kill(folder.path());
    let left = wanted.len() - before;
    if left > 0 {
        let left = left.to_string();
        let last = [arguments.as_slice(), &["--events", &left]].concat();
        let ran = run(SHIP_LOG, &last, Some(&org)).await;
        assert!(ran.succeeded, "{ran:?}");
    }
    let events = shipped(folder.path());
    let mut times = BTreeMap::<String, usize>::new();
    for event in &events {
        *times.entry(uuid(event)).or_default() += 1;
    }
    let doubled: Vec<_> = times.iter().filter(|(_, count)| **count > 1).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
    let shipped: BTreeSet<_> = times.into_keys().collect();
    let lost: Vec<_> = wanted.difference(&shipped).collect();
    assert!(lost.is_empty(), "{lost:?} of {}", wanted.len());
    let files = fs::read_dir(folder.path()).unwrap();
    let files = files.filter(|it| {
        let path = it.as_ref().unwrap().path();
        path.extension().is_some_and(|it| it == "jsonl")
    });
    (events, files.count())
}

/// How many events count as written: what the cursor file says.
fn shipped_after_kill(folder: &Path) -> usize {
    match fs::read(folder.join("okta.jsonl.cursor")) {
        Ok(state) => {
            let state: Value = serde_json::from_slice(&state).unwrap();
            usize::try_from(state["events"].as_u64().unwrap()).unwrap()
        }
        Err(_) => 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_it_loses_and_doubles_nothing() {
    let (events, files) = killed_again_and_again(25, &[]).await;
    assert!(events.len() > 25, "{}", events.len());
    assert_eq!(files, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_does_it_where_files_are_rotated() {
    let rotated = ["--rotate-at", "20000"];
    let (events, files) = killed_again_and_again(15, &rotated).await;
    assert!(events.len() > 25, "{}", events.len());
    assert!(files > 1, "{files}");
}
