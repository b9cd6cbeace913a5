//! Reviews and exports of an emulated org: what they say, and that they go on where they were left.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use okta_emulator::{Emulator, ErrorBody, Fault, FaultRule, Seed};
use okta_provision::{AccessReview, Error, Export, Exported, ReviewFormat};
use okta_sdk::Client;
use okta_sdk::models::{GroupRequest, OktaUserGroupProfile};
use serde_json::Value;
use support::client;

/// An org of some pages: 450 users more, who are all in a group.
async fn large() -> Emulator {
    let seed = Seed::default().with_generated_users(450);
    Emulator::builder().seed(seed).start().await.unwrap()
}

fn lines(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn sorted(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn of(folder: &Path) -> AccessReview {
    AccessReview::new(folder)
        .format(ReviewFormat::JsonLines)
        .now("2026-06-01T00:00:00Z".parse().unwrap())
}

async fn review(okta: &Client, folder: &Path) {
    let mut review = of(folder).open(okta).unwrap();
    while review.advance(okta).await.unwrap() {}
    assert!(review.is_complete());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_has_everybody_and_what_they_have() {
    let org = Emulator::start().await.unwrap();
    let okta = client(&org);
    let folder = tempfile::tempdir().unwrap();
    review(&okta, folder.path()).await;

    let accounts = lines(&folder.path().join("accounts.jsonl"));
    assert_eq!(accounts.len(), org.stats().users);
    let of = |login: &str| {
        let mut found = accounts.iter().filter(|it| it["login"] == login);
        found.next().unwrap_or_else(|| panic!("no {login}")).clone()
    };
    let grace = of("grace@example.com");
    assert_eq!(grace["isAdministrator"], true);
    assert_eq!(grace["status"], "ACTIVE");
    assert_eq!(of("alan@example.com")["isAdministrator"], false);

    let access = lines(&folder.path().join("access.jsonl"));
    let has = |login: &str, kind: &str, name: &str, given: &str| {
        access.iter().any(|row| {
            row["login"] == login
                && row["kind"] == kind
                && row["name"] == name
                && row["given"] == given
        })
    };
    assert!(has(
        "grace@example.com",
        "role",
        "Application Administrator",
        "USER"
    ));
    assert!(has("grace@example.com", "app", "Wiki", "GROUP"));
    assert!(has("katherine@example.com", "app", "Ticket Desk", "USER"));
    assert!(has("alan@example.com", "group", "Support", "OKTA_GROUP"));

    let summary = fs::read(folder.path().join("summary.json")).unwrap();
    let summary: Value = serde_json::from_slice(&summary).unwrap();
    assert_eq!(summary["rows"], access.len());
    let administrators = accounts.iter().filter(|it| it["isAdministrator"] == true);
    assert_eq!(summary["administrators"], administrators.count());
}

/// A review is cut off after each of its pages, in the middle of a row, and goes on in another process
/// as it were: nothing is lost or there twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_review_goes_on_wherever_it_was_cut_off() {
    let org = large().await;
    let okta = client(&org);
    let whole = tempfile::tempdir().unwrap();
    review(&okta, whole.path()).await;

    let folder = tempfile::tempdir().unwrap();
    let mut pages = 0;
    while !folder.path().join("summary.json").exists() {
        let mut review = of(folder.path()).open(&okta).unwrap();
        assert!(review.advance(&okta).await.unwrap());
        drop(review);
        pages += 1;
        for name in ["accounts.jsonl", "access.jsonl"] {
            let mut file = fs::OpenOptions::new()
                .append(true)
                .open(folder.path().join(name))
                .unwrap();
            file.write_all(b"{\"login\":\"ha").unwrap();
        }
    }
    assert!(pages > 8, "{pages}");
    for name in ["accounts.jsonl", "access.jsonl"] {
        let (one, other) = (whole.path().join(name), folder.path().join(name));
        let mut cut = sorted(&other);
        cut.retain(|line| *line != "{\"login\":\"ha");
        assert_eq!(sorted(&one), cut, "{name}");
    }
    // Complete, it begins again.
    review(&okta, folder.path()).await;
    let (one, other) = (whole.path(), folder.path());
    let name = "access.jsonl";
    assert_eq!(sorted(&one.join(name)), sorted(&other.join(name)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_loses_nothing_and_the_next_call_goes_on() {
    let org = large().await;
    let okta = client(&org);
    let whole = tempfile::tempdir().unwrap();
    review(&okta, whole.path()).await;
    let fault = Fault::ServerError {
        status: 500,
        body: ErrorBody::Html,
    };
    org.faults()
        .inject(FaultRule::new(fault).always().with_probability(0.2));
    let folder = tempfile::tempdir().unwrap();
    let mut review = of(folder.path()).open(&okta).unwrap();
    let mut failures = 0;
    loop {
        match review.advance(&okta).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => failures += 1,
        }
        assert!(failures < 1000);
    }
    for name in ["accounts.jsonl", "access.jsonl"] {
        let (one, other) = (whole.path().join(name), folder.path().join(name));
        assert_eq!(sorted(&one), sorted(&other), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_has_one_review_of_one_org_at_a_time() {
    let (org, other) = (
        Emulator::start().await.unwrap(),
        Emulator::start().await.unwrap(),
    );
    let folder = tempfile::tempdir().unwrap();
    let mut review = of(folder.path()).open(&client(&org)).unwrap();
    review.advance(&client(&org)).await.unwrap();
    let second = of(folder.path()).open(&client(&org)).unwrap_err();
    assert!(second.to_string().contains("another program"), "{second}");
    drop(review);
    let error = of(folder.path()).open(&client(&other)).unwrap_err();
    assert!(matches!(error, Error::Missing(_)), "{error}");
    of(folder.path()).open(&client(&org)).unwrap();
}

/// Exports to the end; what was created, updated and deleted.
async fn export(okta: &Client, file: &Path, what: Exported) -> [usize; 3] {
    let mut export = Export::new(file, what).open(okta).unwrap();
    while export.advance(okta).await.unwrap() {}
    let summary = export.summary();
    [summary.created, summary.updated, summary.deleted]
}

/// What the lines say that there is, by id.
fn replayed(file: &Path) -> BTreeMap<String, Value> {
    let mut objects = BTreeMap::new();
    for line in lines(file) {
        let id = line["id"].as_str().unwrap().to_owned();
        match line["change"].as_str().unwrap() {
            "created" => assert!(objects.insert(id, line["object"].clone()).is_none()),
            "updated" => assert!(objects.insert(id, line["object"].clone()).is_some()),
            _ => assert!(objects.remove(&id).is_some()),
        }
    }
    objects
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_tells_what_was_created_updated_and_deleted() {
    let org = large().await;
    let okta = client(&org);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.jsonl");
    let first = export(&okta, &file, Exported::Users).await;
    assert_eq!(first, [org.stats().users, 0, 0]);
    assert_eq!(export(&okta, &file, Exported::Users).await, [0, 0, 0]);

    okta.users().deactivate("user1@example.com").await.unwrap();
    for login in ["user2@example.com", "user3@example.com"] {
        okta.users().deactivate(login).await.unwrap();
        okta.users().delete(login).await.unwrap();
    }
    assert_eq!(export(&okta, &file, Exported::Users).await, [0, 1, 2]);

    let objects = replayed(&file);
    assert_eq!(objects.len(), org.stats().users);
    for user in okta.users().list().search("status pr").all().await.unwrap() {
        let known = &objects[&user.id.to_string()];
        assert_eq!(*known, serde_json::to_value(&user).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_exported_likewise() {
    let org = Emulator::start().await.unwrap();
    let okta = client(&org);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("groups.jsonl");
    let first = export(&okta, &file, Exported::Groups).await;
    assert_eq!(first, [org.stats().groups, 0, 0]);
    let new = okta.groups().find_or_create("Night shift").await.unwrap();
    let id = new.get().id.clone();
    let support = okta
        .groups()
        .find_by_name("Support")
        .await
        .unwrap()
        .unwrap();
    let profile = OktaUserGroupProfile::new().name("Help");
    let change = GroupRequest::new().profile(profile);
    okta.groups().replace(&support.id, change).await.unwrap();
    assert_eq!(export(&okta, &file, Exported::Groups).await, [1, 1, 0]);
    okta.groups().delete(&id).await.unwrap();
    assert_eq!(export(&okta, &file, Exported::Groups).await, [0, 0, 1]);
    assert_eq!(replayed(&file).len(), org.stats().groups);
    let other = Export::new(&file, Exported::Users).open(&okta).unwrap_err();
    assert!(other.to_string().contains("choose another file"), "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_goes_on_wherever_it_was_cut_off() {
    let org = large().await;
    let okta = client(&org);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.jsonl");
    let mut pages = 0;
    loop {
        let mut export = Export::new(&file, Exported::Users).open(&okta).unwrap();
        export.advance(&okta).await.unwrap();
        pages += 1;
        let created = export.summary().created;
        drop(export);
        let mut half = fs::OpenOptions::new().append(true).open(&file).unwrap();
        half.write_all(b"{\"change\":\"crea").unwrap();
        if created == org.stats().users {
            break;
        }
    }
    assert!(pages >= 3, "{pages}");
    assert_eq!(export(&okta, &file, Exported::Users).await, [0, 0, 0]);
    assert_eq!(replayed(&file).len(), org.stats().users);
    assert_eq!(lines(&file).len(), org.stats().users);
}
