//! What still works after a restart, and what happens where nothing can be written any more.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

#[path = "support/directory.rs"]
mod directory;

#[path = "support/program.rs"]
mod program;

use std::time::Duration;

use directory::{Directory, builder, flow, free_port};
use okta_emulator::{Clock, Emulator, Seed};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use support::Org;
use support::oauth::{Flow, GRACE, Proof, answer};

async fn made(flow: &Flow, path: &str, body: Value) -> support::Answer {
    let made = flow.manage(Method::POST, path, Some(body)).await;
    assert!(made.status < 300, "{path}: {:#}", made.body);
    made
}

/// Talks to the org's own server, which opens the API.
fn of_org(mut flow: Flow) -> Flow {
    flow.endpoints = format!("{}/oauth2/v1", flow.okta.org_url());
    flow
}

async fn verified(flow: &Flow, factor: &str, body: Value) -> support::Answer {
    let path = format!("/api/v1/users/{GRACE}/factors/{factor}/verify");
    flow.manage(Method::POST, &path, Some(body)).await
}

#[tokio::test]
async fn factors_verify_after_a_restart() {
    let (directory, port) = (Directory::new("factors"), free_port());
    let before = flow(&directory, port).await;
    let factors = format!("/api/v1/users/{GRACE}/factors?activate=true");
    let app = json!({ "factorType": "token:software:totp", "provider": "GOOGLE" });
    let app = made(&before, &factors, app).await.id();
    let asked = json!({ "question": "first_award", "answer": "Spelling" });
    let question = json!({ "factorType": "question", "profile": asked });
    let question = made(&before, &factors, question).await.id();
    let mail = made(&before, &factors, json!({ "factorType": "email" }))
        .await
        .id();
    verified(&before, &mail, json!({})).await;
    let codes = [&app, &mail].map(|factor| before.okta.passcode(factor).unwrap());
    before.okta.shutdown().await;

    let after = flow(&directory, port).await;
    // The clock stands still, so that an app shows what it showed before.
    for (factor, code) in [(&app, &codes[0]), (&mail, &codes[1])] {
        let wrong = verified(&after, factor, json!({ "passCode": "000000" })).await;
        wrong.refused(403, "E0000068");
        let right = verified(&after, factor, json!({ "passCode": code })).await;
        assert_eq!(right.body["factorResult"], "SUCCESS", "{:#}", right.body);
    }
    let wrong = verified(&after, &question, json!({ "answer": "Music" })).await;
    wrong.refused(403, "E0000068");
    let right = verified(&after, &question, json!({ "answer": "spelling" })).await;
    assert_eq!(right.body["factorResult"], "SUCCESS");
}

#[tokio::test]
async fn clients_authenticate_after_a_restart() {
    let (directory, port) = (Directory::new("clients"), free_port());
    let before = of_org(flow(&directory, port).await);
    let web = before.okta.web_app().clone();
    let secrets = format!("/api/v1/apps/{}/credentials/secrets", web.app_id);
    let second = made(&before, &secrets, json!({})).await;
    let listed = before.manage(Method::GET, &secrets, None).await;
    let ids = listed.each("/id");
    let first = ids.iter().rfind(|id| **id != second.id()).unwrap();
    let deactivate = format!("{secrets}/{first}/lifecycle/deactivate");
    made(&before, &deactivate, json!({})).await;
    let service = before.okta.service_app().clone();
    let keys = format!("/api/v1/apps/{}/credentials/keys", service.app_id);
    let keys_before = before.manage(Method::GET, &keys, None).await.body;
    let spent = before.assertion(&before.assertion_claims());
    let granted = before.service_token("okta.users.read", &spent).await;
    assert_eq!(granted.status, 200, "{:#}", granted.body);
    before.okta.shutdown().await;

    let after = of_org(flow(&directory, port).await);
    let introspect = async |client: &okta_emulator::SampleClient| {
        let form = [("token", "junk")];
        let proof = Proof::Basic(client);
        after.call("introspect", proof, &form).await
    };
    introspect(&web).await.failed(401, "invalid_client");
    let mut renewed = web.clone();
    renewed.client_secret = Some(second.text("client_secret"));
    assert_eq!(introspect(&renewed).await.status, 200);
    let trusted = after.okta.trusted_app();
    assert_eq!(introspect(trusted).await.status, 200);
    // A key that the first start made signs, and what was used once is not good again.
    assert_eq!(after.okta.service_app().key_id, service.key_id);
    let keys_after = after.manage(Method::GET, &keys, None).await.body;
    assert_eq!(keys_after, keys_before);
    let fresh = after.assertion(&after.assertion_claims());
    let granted = after.service_token("okta.users.read", &fresh).await;
    assert_eq!(granted.status, 200, "{:#}", granted.body);
    let again = after.service_token("okta.users.read", &spent).await;
    let said = again.failed(401, "invalid_client");
    assert!(said.contains("already been used"), "{said}");
}

#[tokio::test]
async fn sessions_and_api_tokens_count_after_a_restart() {
    let (directory, port) = (Directory::new("sessions"), free_port());
    let before = flow(&directory, port).await;
    let web = before.okta.web_app();
    let cookie = async || {
        let page = before.authorize(web, &[]).await;
        let url = format!("{}{}", before.okta.org_url(), page.action());
        let form = [("username", GRACE), ("password", before.okta.password())];
        answer(before.http.post(url).form(&form)).await.cookie()
    };
    let (kept, ended) = (cookie().await, cookie().await);
    let me = format!("{}/api/v1/sessions/me", before.okta.org_url());
    let closed = answer(before.http.delete(&me).header("cookie", &ended)).await;
    assert_eq!(closed.status, 204);
    // A page that waits.
    let page = before.authorize(web, &[]).await;
    let tokens = before.manage(Method::GET, "/api/v1/api-tokens", None).await;
    let other = tokens
        .each("/name")
        .iter()
        .position(|it| it == "Nightly export");
    let other = tokens.body[other.unwrap()]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let revoke = format!("/api/v1/api-tokens/{other}");
    assert_eq!(
        before.manage(Method::DELETE, &revoke, None).await.status,
        204
    );
    before.okta.shutdown().await;

    let after = flow(&directory, port).await;
    let session = |cookie: &str| answer(after.http.get(&me).header("cookie", cookie));
    assert_eq!(session(&kept).await.body["login"], GRACE);
    session(&ended).await.refused(404, "E0000007");
    let url = format!("{}{}", after.okta.org_url(), page.action());
    let form = [("username", GRACE), ("password", after.okta.password())];
    let sent = answer(after.http.post(url).form(&form)).await;
    assert!(!sent.redirected("code").is_empty());
    let tokens = after.manage(Method::GET, "/api/v1/api-tokens", None).await;
    assert_eq!(tokens.each("/name"), ["okta-emulator"]);
    // A session lasts as long as it would have without the restart.
    after.advance(2 * 3600);
    session(&kept).await.refused(404, "E0000007");

    let current = "/api/v1/api-tokens/current";
    assert_eq!(
        after.manage(Method::DELETE, current, None).await.status,
        204
    );
    after.okta.shutdown().await;
    let last = flow(&directory, port).await;
    let refused = last.manage(Method::GET, "/api/v1/users", None).await;
    refused.refused(401, "E0000011");
}

#[tokio::test]
async fn the_clock_is_kept_when_it_is_moved() {
    let directory = Directory::new("clock");
    let mut moved = Duration::ZERO;
    for seconds in [60, 3600, 1] {
        let okta = builder(&directory, 0).start().await.unwrap();
        let expected = format!("2026-01-01T{}", clock_face(moved.as_secs()));
        assert!(okta.clock().now().to_rfc3339().starts_with(&expected));
        let by = Duration::from_secs(seconds);
        moved += by;
        // No request follows.
        okta.clock().clone().advance(by);
        drop(okta);
    }
    let okta = builder(&directory, 0).start().await.unwrap();
    let expected = format!("2026-01-01T{}", clock_face(moved.as_secs()));
    assert!(okta.clock().now().to_rfc3339().starts_with(&expected));
}

fn clock_face(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
}

#[tokio::test]
async fn an_emulator_that_is_dropped_lets_go_of_its_directory() {
    let directory = Directory::new("dropped");
    let start = || {
        Emulator::builder()
            .data(directory.path())
            .seed(Seed::empty())
    };
    for round in 0..5 {
        let org = Org::start(start()).await;
        let groups = org.get("/api/v1/groups").await;
        // Everyone, and one of each round.
        assert_eq!(groups.body.as_array().unwrap().len(), 1 + round);
        org.group(&format!("Round {round}")).await;
        drop(org);
    }
}

#[tokio::test]
async fn cursors_of_sorted_searches_are_refused_after_a_restart() {
    let directory = Directory::new("cursors");
    let clock = Clock::system();
    let start = || {
        let seed = Seed::empty().with_generated_users(30);
        let builder = Emulator::builder().data(directory.path()).seed(seed);
        Org::start(builder.clock(clock.clone()))
    };
    let search = "/api/v1/users?search=status%20eq%20%22ACTIVE%22&sortBy=profile.lastName&limit=10";
    let org = start().await;
    let path = |url: String| url[url.find("/api").unwrap()..].to_owned();
    let sorted = path(org.get(search).await.link("next").unwrap());
    assert_eq!(org.get(&sorted).await.status, 200);
    let plain = path(
        org.get("/api/v1/users?limit=10")
            .await
            .link("next")
            .unwrap(),
    );
    let rest = org.get(&plain).await.each("/id");
    drop(org);

    let org = start().await;
    org.get(&sorted).await.refused(400, "E0000031");
    // Neither does it fit a list of the same search that is read now.
    assert_eq!(org.get(search).await.status, 200);
    org.get(&sorted).await.refused(400, "E0000031");
    assert_eq!(org.get(&plain).await.each("/id"), rest);
}

#[cfg(unix)]
mod full_disk {
    use std::process::Command;

    use super::*;
    use program::Program;

    /// How large a file may grow, in blocks of 512 bytes: 2 MiB.
    const BLOCKS: usize = 4096;

    /// The program with a directory on a disk that is full soon: files cannot grow beyond a limit.
    fn limited(directory: &Directory, users: &str) -> Command {
        let mut command = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {BLOCKS}; exec \"$0\" \"$@\"");
        command
            .args(["-c", &script])
            .arg(env!("CARGO_BIN_EXE_okta-emulator"))
            .arg("--data")
            .arg(directory.path())
            .args(["--users", users, "--rate-limit", "1000000"]);
        command
    }

    /// Makes a group whose description is long.
    async fn make(program: &Program, http: &Client, name: &str) -> (u16, Value) {
        let url = format!("{}/api/v1/groups", program.org_url);
        let description = "x".repeat(1000);
        let body = json!({ "profile": { "name": name, "description": description } });
        let request = http.post(url).json(&body);
        let request = request.header("authorization", format!("SSWS {}", program.token));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn names(program: &Program, http: &Client) -> Vec<String> {
        let (mut names, mut next) = (
            Vec::new(),
            Some(format!("{}/api/v1/groups", program.org_url)),
        );
        while let Some(url) = next {
            let response = program.get(http, &url).send().await.unwrap();
            assert_eq!(response.status(), 200);
            let lines = response.headers().get_all("link").iter();
            let mut lines = lines.map(|line| line.to_str().unwrap());
            let after = lines.find_map(|line| line.strip_suffix(">; rel=\"next\""));
            next = after.map(|line| line.trim_start_matches('<').to_owned());
            let groups: Vec<Value> = response.json().await.unwrap();
            let all = groups.iter().map(|it| it["profile"]["name"].as_str());
            names.extend(all.map(|name| name.unwrap().to_owned()));
        }
        names
    }

    #[tokio::test]
    async fn what_cannot_be_written_is_answered_with_500_and_what_was_answered_is_there() {
        let directory = Directory::new("full");
        let http = Client::builder().no_proxy().build().unwrap();
        let command = limited(&directory, "0");
        let (mut program, lines) = Program::start_by(command);
        std::thread::spawn(move || lines.for_each(drop));
        let mut written = Vec::new();
        let refused = loop {
            let name = format!("Group {}", written.len());
            let (status, body) = make(&program, &http, &name).await;
            if status != 200 {
                break (status, body);
            }
            written.push(name);
            assert!(written.len() < 10_000, "the disk is never full");
        };
        assert!(!written.is_empty());
        assert_eq!(refused.0, 500);
        assert_eq!(refused.1["errorCode"], "E0000009");
        let cause = refused.1["errorCauses"][0]["errorSummary"].as_str();
        assert!(cause.unwrap().contains("Make space"), "{refused:?}");
        // It stays so, and what is read is answered.
        assert_eq!(make(&program, &http, "Later").await.0, 500);
        names(&program, &http).await;
        program.process.kill().unwrap();
        drop(program);

        // With space on the disk, it goes on.
        let path = directory.path().to_str().unwrap();
        let (program, lines) = Program::start(&["--data", path, "--rate-limit", "1000000"]);
        std::thread::spawn(move || lines.for_each(drop));
        let there = names(&program, &http).await;
        for name in &written {
            assert!(there.contains(name), "{name} is lost");
        }
        assert!(!there.contains(&"Later".to_owned()));
        assert_eq!(make(&program, &http, "Later").await.0, 200);
    }

    #[test]
    fn a_disk_that_is_full_from_the_start_is_said() {
        let directory = Directory::new("full-start");
        let mut command = limited(&directory, "3000");
        let output = command.output().unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("with space left"), "{said}");
    }
}
