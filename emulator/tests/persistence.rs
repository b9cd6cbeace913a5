//! What `--data` and `Builder::data` keep.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

#[path = "support/directory.rs"]
mod directory;

#[path = "support/program.rs"]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use directory::{Directory, builder, flow, free_port};
use okta_emulator::SampleClient;
use program::Program;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use support::Org;
use support::oauth::Proof;

async fn started(directory: &Directory, port: u16) -> Org {
    Org::start(builder(directory, port)).await
}

/// What the lists and objects of an org show.
async fn shown(org: &Org, paths: &[String]) -> BTreeMap<String, Value> {
    let mut shown = BTreeMap::new();
    for path in paths {
        let answer = org.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {:#}", answer.body);
        shown.insert(path.clone(), answer.body);
    }
    shown
}

/// Changes something in every part of the API that has rules of its own, and says where that shows.
async fn fill(org: &Org) -> Vec<String> {
    let made = async |path: &str, body: Value| {
        let answer = org.post(path, body).await;
        assert!(answer.status < 300, "{path}: {:#}", answer.body);
        answer
    };
    let attribute = json!({ "definitions": { "custom": { "id": "#custom", "properties": {
        "badge": { "title": "Badge", "type": "number" },
    } } } });
    made("/api/v1/meta/schemas/user/default", attribute.clone()).await;
    made("/api/v1/meta/schemas/group/default", attribute).await;
    let kind = json!({ "name": "guest", "displayName": "Guest" });
    made("/api/v1/meta/types/user", kind).await;
    let (one, two) = (
        org.user("one@example.com").await,
        org.user("two@example.com").await,
    );
    made(
        &format!("/api/v1/users/{one}"),
        json!({ "profile": { "badge": 1.1 } }),
    )
    .await;
    let group = org.group("Kept").await;
    org.put(&format!("/api/v1/groups/{group}/users/{one}"), json!({}))
        .await;
    let owner = json!({ "id": two, "type": "USER" });
    made(&format!("/api/v1/groups/{group}/owners"), owner).await;
    let rule = json!({
        "name": "Rule", "type": "group_rule",
        "conditions": { "expression": {
            "value": "user.login == \"two@example.com\"", "type": "urn:okta:expression:1.0",
        } },
        "actions": { "assignUserToGroups": { "groupIds": [group] } },
    });
    let rule = made("/api/v1/groups/rules", rule).await.id();
    made(
        &format!("/api/v1/groups/rules/{rule}/lifecycle/activate"),
        json!({}),
    )
    .await;
    let app = org.app("Kept app").await;
    made(&format!("/api/v1/apps/{app}/users"), json!({ "id": one })).await;
    org.put(&format!("/api/v1/apps/{app}/groups/{group}"), json!({}))
        .await;
    let role = json!({ "type": "HELP_DESK_ADMIN" });
    made(&format!("/api/v1/users/{one}/roles"), role).await;
    let custom = json!({
        "label": "Custom", "description": "Kept", "permissions": ["okta.users.read"],
    });
    let custom = made("/api/v1/iam/roles", custom).await.id();
    let set = json!({
        "label": "Set", "description": "Kept",
        "resources": [format!("{}/api/v1/users", org.okta.org_url())],
    });
    let set = made("/api/v1/iam/resource-sets", set).await.id();
    let binding = json!({
        "role": custom, "members": [format!("{}/api/v1/users/{one}", org.okta.org_url())],
    });
    made(
        &format!("/api/v1/iam/resource-sets/{set}/bindings"),
        binding,
    )
    .await;
    let policy = json!({ "type": "OKTA_SIGN_ON", "name": "Kept" });
    let policy = made("/api/v1/policies", policy).await.id();
    let hook = json!({
        "name": "Hook", "events": { "type": "EVENT_TYPE", "items": ["group.lifecycle.create"] },
        "channel": { "type": "HTTP", "version": "1.0.0", "config": {
            "uri": "https://example.com/hook",
        } },
    });
    made("/api/v1/eventHooks", hook).await;
    let links = json!({
        "primary": { "name": "boss", "title": "Boss", "type": "USER" },
        "associated": { "name": "report", "title": "Report", "type": "USER" },
    });
    made("/api/v1/meta/schemas/user/linkedObjects", links).await;
    org.put(
        &format!("/api/v1/users/{one}/linkedObjects/boss/{two}"),
        json!({}),
    )
    .await;
    let zone = json!({ "type": "IP", "name": "Kept", "gateways": [] });
    made("/api/v1/zones", zone).await;
    let server = json!({ "name": "Kept", "audiences": ["api://kept"] });
    let server = made("/api/v1/authorizationServers", server).await.id();
    let below = format!("/api/v1/authorizationServers/{server}");
    made(&format!("{below}/scopes"), json!({ "name": "read" })).await;
    let claim = json!({
        "name": "mail", "claimType": "RESOURCE", "valueType": "EXPRESSION", "value": "user.email",
    });
    made(&format!("{below}/claims"), claim).await;
    // Gone things stay gone.
    let gone = org.group("Gone").await;
    org.delete(&format!("/api/v1/groups/{gone}")).await;

    let mut paths: Vec<String> = [
        "/api/v1/users",
        "/api/v1/groups",
        "/api/v1/groups/rules",
        "/api/v1/apps",
        "/api/v1/iam/roles",
        "/api/v1/iam/resource-sets",
        "/api/v1/policies?type=OKTA_SIGN_ON",
        "/api/v1/eventHooks",
        "/api/v1/zones",
        "/api/v1/authorizationServers",
        "/api/v1/api-tokens",
        "/api/v1/meta/types/user",
        "/api/v1/meta/schemas/user/default",
        "/api/v1/meta/schemas/group/default",
        "/api/v1/meta/schemas/user/linkedObjects",
        "/api/v1/logs?limit=1000",
        "/api/v1/org",
        "/api/v1/authenticators",
        "/_emulator/messages",
        "/oauth2/default/v1/keys",
        "/oauth2/v1/keys",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.extend([
        format!("/api/v1/users/{one}/roles"),
        format!("/api/v1/users/{one}/groups"),
        format!("/api/v1/users/{one}/linkedObjects/boss"),
        format!("/api/v1/groups/{group}/users"),
        format!("/api/v1/groups/{group}/owners"),
        format!("/api/v1/apps/{app}/users"),
        format!("/api/v1/apps/{app}/groups"),
        format!("/api/v1/policies/{policy}/rules"),
        format!("/api/v1/iam/resource-sets/{set}/bindings"),
        format!("{below}/scopes"),
        format!("{below}/claims"),
        format!("{below}/policies"),
        format!("/oauth2/{server}/v1/keys"),
    ]);
    paths
}

#[tokio::test]
async fn everything_comes_back() {
    let (directory, port) = (Directory::new("everything"), free_port());
    let org = started(&directory, port).await;
    let paths = fill(&org).await;
    // What comes into being when it is looked at is there from then on.
    shown(&org, &paths).await;
    let before = shown(&org, &paths).await;
    let first = org.get("/api/v1/logs?limit=5").await;
    let next = first.link("next").unwrap();
    let rest = org.get(&next).await;
    org.okta.clock().advance(Duration::from_secs(3600));
    assert_eq!(org.get("/_emulator/clock").await.status, 200);
    let token = org.okta.token().to_owned();
    org.okta.shutdown().await;

    let other = okta_emulator::Seed::empty();
    let org = Org::start(builder(&directory, port).seed(other)).await;
    assert_eq!(org.okta.token(), token);
    assert!(
        !org.okta.seed().users.is_empty(),
        "the seed is that of the directory"
    );
    assert_eq!(
        org.okta.clock().now().to_rfc3339(),
        "2026-01-01T01:00:00+00:00"
    );
    let after = shown(&org, &paths).await;
    for (path, body) in &before {
        assert_eq!(body, &after[path], "{path}");
    }
    assert_eq!(org.get(&next).await.body, rest.body);
    let group = org.group("Later").await;
    assert!(
        !before["/api/v1/groups"].to_string().contains(&group),
        "an id came twice"
    );
    org.okta.shutdown().await;
}

fn same(one: &SampleClient, other: &SampleClient) {
    assert_eq!(one.app_id, other.app_id);
    assert_eq!(one.client_id, other.client_id);
    assert_eq!(one.client_secret, other.client_secret);
    assert_eq!(one.private_key_pem, other.private_key_pem);
    assert_eq!(one.key_id, other.key_id);
}

#[tokio::test]
async fn tokens_keys_and_sample_apps_come_back() {
    let (directory, port) = (Directory::new("tokens"), free_port());
    let before = flow(&directory, port).await;
    let (native, service) = (
        before.okta.native_app().clone(),
        before.okta.service_app().clone(),
    );
    let tokens = before.native_tokens("openid offline_access").await;
    let revoked = before.native_tokens("openid offline_access").await;
    let access = revoked.text("access_token");
    let form = [("token", access.as_str())];
    let answer = before.call("revoke", Proof::Public(&native), &form).await;
    assert_eq!(answer.status, 200);
    before.verified(&tokens.text("access_token")).await;
    let keys = before.keys().await;
    before.okta.shutdown().await;

    let after = flow(&directory, port).await;
    same(after.okta.native_app(), &native);
    same(after.okta.service_app(), &service);
    assert_eq!(after.keys().await, keys);
    after.verified(&tokens.text("access_token")).await;
    let active = async |token: &str| after.introspect(token).await["active"].clone();
    assert_eq!(active(&tokens.text("access_token")).await, true);
    assert_eq!(active(&access).await, false);
    let refreshed = after
        .refresh(Proof::Public(&native), &tokens.text("refresh_token"))
        .await;
    assert_eq!(refreshed.status, 200, "{:#}", refreshed.body);
    let apps = after
        .manage(Method::GET, "/api/v1/apps?limit=200", None)
        .await;
    let labels = apps.each("/label");
    assert_eq!(
        labels
            .iter()
            .filter(|label| *label == "Sample Web App")
            .count(),
        1
    );
    after.okta.shutdown().await;
}

/// The program with a directory, until it is killed.
fn run(directory: &Directory) -> Program {
    let path = directory.path().to_str().unwrap();
    let (program, lines) = Program::start(&["--data", path, "--rate-limit", "1000000"]);
    // What follows on its output is read, so that it does not wait.
    std::thread::spawn(move || lines.for_each(drop));
    program
}

/// The items of all pages.
async fn all(program: &Program, http: &Client, path: &str) -> Vec<Value> {
    let (mut items, mut next) = (Vec::new(), Some(format!("{}{path}", program.org_url)));
    while let Some(url) = next {
        let response = program.get(http, &url).send().await.unwrap();
        let lines = response.headers().get_all("link").iter();
        let mut lines = lines.map(|line| line.to_str().unwrap());
        next = lines.find_map(|line| {
            let url = line.strip_suffix(">; rel=\"next\"")?;
            Some(url.strip_prefix('<')?.to_owned())
        });
        items.extend(response.json::<Vec<Value>>().await.unwrap());
    }
    items
}

/// The answer of a success; none where the program was gone.
async fn send(
    http: &Client,
    org_url: &str,
    token: &str,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> Option<Value> {
    let request = http.request(method, format!("{org_url}{path}"));
    let request = request.header("authorization", format!("SSWS {token}"));
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let response = request.send().await.ok()?;
    assert!(
        response.status().is_success(),
        "{path}: {}",
        response.status()
    );
    let text = response.text().await.ok()?;
    Some(serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// Writes without end: groups with one member each. Gives the names of those whose membership was
/// answered.
async fn write(
    org_url: String,
    token: String,
    name: String,
    answered: Arc<AtomicUsize>,
) -> Vec<String> {
    let http = Client::builder().no_proxy().build().unwrap();
    let admin = "/api/v1/users/admin@example.com";
    let Some(admin) = send(&http, &org_url, &token, Method::GET, admin, None).await else {
        return Vec::new();
    };
    let admin = admin["id"].as_str().unwrap();
    let mut written = Vec::new();
    for number in 0.. {
        let name = format!("{name}-{number}");
        let body = json!({ "profile": { "name": name } });
        let group = send(
            &http,
            &org_url,
            &token,
            Method::POST,
            "/api/v1/groups",
            Some(body),
        )
        .await;
        let Some(group) = group else { break };
        let member = format!(
            "/api/v1/groups/{}/users/{admin}",
            group["id"].as_str().unwrap()
        );
        if send(&http, &org_url, &token, Method::PUT, &member, None)
            .await
            .is_none()
        {
            break;
        }
        written.push(name);
        answered.fetch_add(1, Ordering::SeqCst);
    }
    written
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_a_kill() {
    let directory = Directory::new("kill");
    let http = Client::builder().no_proxy().build().unwrap();
    let mut expected: Vec<String> = Vec::new();
    for (round, kill_after) in [1, 40, 7, 150, 90].into_iter().enumerate() {
        let mut program = run(&directory);
        let answered = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                tokio::spawn(write(
                    program.org_url.clone(),
                    program.token.clone(),
                    format!("r{round}w{writer}"),
                    answered.clone(),
                ))
            })
            .collect();
        while answered.load(Ordering::SeqCst) < kill_after {
            tokio::time::sleep(Duration::from_micros(300)).await;
        }
        program.process.kill().unwrap();
        program.process.wait().unwrap();
        for writer in writers {
            expected.extend(writer.await.unwrap());
        }
        check(&run(&directory), &http, &expected).await;
    }
}

/// Every answered write is there, and what is there is whole.
async fn check(program: &Program, http: &Client, expected: &[String]) {
    let mine = all(
        program,
        http,
        "/api/v1/users/admin@example.com/groups?limit=200",
    )
    .await;
    let mine: BTreeSet<&str> = mine
        .iter()
        .map(|group| text(&group["profile"]["name"]))
        .collect();
    for name in expected {
        assert!(mine.contains(name.as_str()), "{name} is lost");
    }
    // A membership has its event, and an event its membership.
    let filter = "eventType%20eq%20%22group.user_membership.add%22";
    let since = "since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z";
    let events = all(
        program,
        http,
        &format!("/api/v1/logs?limit=1000&{since}&filter={filter}"),
    )
    .await;
    let targets = events
        .iter()
        .flat_map(|event| event["target"].as_array().unwrap());
    let groups = targets.filter(|target| target["type"] == "UserGroup");
    let logged: BTreeSet<&str> = groups.map(|group| text(&group["displayName"])).collect();
    let written = |name: &&&str| name.starts_with('r');
    assert_eq!(
        mine.iter().filter(written).collect::<Vec<_>>(),
        logged.iter().filter(written).collect::<Vec<_>>(),
    );
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_directory_is_open_once() {
    let directory = Directory::new("twice");
    let _first = run(&directory);
    let second = Command::new(env!("CARGO_BIN_EXE_okta-emulator"))
        .arg("--data")
        .arg(directory.path())
        .output()
        .unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("another emulator has it open"), "{said}");
}
