//! What event hooks are told, and what becomes of services that do not answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use okta_emulator::{Builder, Emulator, Seed};
use serde_json::{Value, json};
use support::Org;
use support::receiver::{Receiver, Reply};
use tokio::sync::Notify;

fn builder() -> Builder {
    Emulator::builder().seed(Seed::empty())
}

/// Creates a verified hook for these types of events, and gives its path.
async fn hook(org: &Org, url: &str, events: &[&str]) -> String {
    let created = org.post("/api/v1/eventHooks", described(url, events)).await;
    assert_eq!(created.status, 200, "{:#}", created.body);
    let own = format!("/api/v1/eventHooks/{}", created.id());
    let verified = org
        .post(&format!("{own}/lifecycle/verify"), json!({}))
        .await;
    assert_eq!(verified.body["verificationStatus"], "VERIFIED");
    own
}

fn described(url: &str, events: &[&str]) -> Value {
    json!({
        "name": format!("Hook for {}", events.join(", ")),
        "events": { "type": "EVENT_TYPE", "items": events },
        "channel": {
            "type": "HTTP",
            "version": "1.0.0",
            "config": {
                "uri": url,
                "headers": [{ "key": "X-Region", "value": "eu" }],
                "authScheme": { "type": "HEADER", "key": "Authorization", "value": "secret" },
            },
        },
    })
}

/// The events of all calls.
fn told(receiver: &Receiver) -> Vec<Value> {
    let calls = receiver.received();
    let events = calls.iter().flat_map(|call| {
        let body = call.json();
        body["data"]["events"].as_array().unwrap().clone()
    });
    events.collect()
}

/// Why deliveries failed, from the System Log.
async fn failures(org: &Org) -> Vec<String> {
    let path = "/api/v1/logs?filter=eventType+eq+%22event_hook.delivery%22";
    let log = org.get(path).await;
    for result in log.each("/outcome/result") {
        assert_eq!(result, "FAILURE");
    }
    log.each("/outcome/reason")
}

#[tokio::test]
async fn a_hook_is_told_what_it_subscribes_to() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    let kinds = ["user.lifecycle.create", "user.lifecycle.suspend"];
    let own = hook(&org, &receiver.url, &kinds).await;
    let id = org.user("ada@example.com").await;
    org.post(&format!("/api/v1/users/{id}/lifecycle/suspend"), json!({}))
        .await;
    org.okta.hooks_delivered().await;

    let events = told(&receiver);
    let names: Vec<_> = events.iter().map(|event| &event["eventType"]).collect();
    assert_eq!(names, kinds);
    let logged = org
        .get("/api/v1/logs?filter=eventType+eq+%22user.lifecycle.create%22")
        .await;
    assert_eq!(events[0], logged.body[0]);

    let call = receiver.received().remove(0);
    assert_eq!(call.header("authorization"), "secret");
    assert_eq!(call.header("x-region"), "eu");
    assert_eq!(call.header("accept"), "application/json");
    assert_eq!(call.header("content-type"), "application/json");
    let body = call.json();
    assert_eq!(body["eventType"], "com.okta.event_hook");
    assert_eq!(body["eventTypeVersion"], "1.0");
    assert_eq!(body["cloudEventsVersion"], "0.1");
    assert_eq!(body["contentType"], "application/json");
    assert_eq!(body["source"], format!("{}{own}", org.okta.org_url()));
    assert_eq!(body["eventId"].as_str().unwrap().len(), 36);
    assert!(body["eventTime"].is_string());
    assert!(failures(&org).await.is_empty());
}

#[tokio::test]
async fn only_active_and_verified_hooks_are_told() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    let kinds = ["user.lifecycle.create"];
    org.post("/api/v1/eventHooks", described(&receiver.url, &kinds))
        .await;
    org.user("ada@example.com").await;
    org.okta.hooks_delivered().await;
    assert!(receiver.received().is_empty());

    let switched = hook(&org, &receiver.url, &["user.lifecycle.suspend"]).await;
    let release = Arc::new(Notify::new());
    receiver.reply([Reply::Held(release.clone())]);
    let id = org.user("grace@example.com").await;
    let lifecycle = |verb: &str| format!("/api/v1/users/{id}/lifecycle/{verb}");
    org.post(&lifecycle("suspend"), json!({})).await;
    receiver.arrived(1).await;
    org.post(&lifecycle("unsuspend"), json!({})).await;
    // This one waits for the call that is under way, and the hook is off when its turn comes.
    org.post(&lifecycle("suspend"), json!({})).await;
    org.post(&format!("{switched}/lifecycle/deactivate"), json!({}))
        .await;
    release.notify_one();
    org.okta.hooks_delivered().await;
    assert_eq!(told(&receiver).len(), 1);
    assert_eq!(org.delete(&switched).await.status, 204);
    org.post(&lifecycle("unsuspend"), json!({})).await;
    org.post(&lifecycle("suspend"), json!({})).await;
    org.okta.hooks_delivered().await;
    assert_eq!(told(&receiver).len(), 1);
}

#[tokio::test]
async fn what_happens_during_a_call_is_in_the_next() {
    let builder = builder().hook_timeout(Duration::from_secs(300));
    let (org, receiver) = (Org::start(builder).await, Receiver::start().await);
    let other = Receiver::start().await;
    hook(&org, &receiver.url, &["user.lifecycle.create"]).await;
    hook(&org, &other.url, &["user.lifecycle.activate"]).await;
    let release = Arc::new(Notify::new());
    receiver.reply([Reply::Held(release.clone())]);
    org.user("first@example.com").await;
    receiver.arrived(1).await;
    for number in 0..5 {
        org.user(&format!("user{number}@example.com")).await;
    }
    // A service that hangs holds up no other.
    while told(&other).len() < 6 {
        let calls = other.received().len();
        other.arrived(calls + 1).await;
    }
    let waiting = org.get("/_emulator/hooks").await;
    assert_eq!(waiting.body["waiting"], 6);
    release.notify_one();
    let waiting = org.get("/_emulator/hooks?wait=60").await;
    assert_eq!(waiting.body, json!({ "waiting": 0 }));
    let calls = receiver.received();
    let count = |call: usize| {
        calls[call].json()["data"]["events"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((calls.len(), count(0), count(1)), (2, 1, 5));
    assert_ne!(calls[0].json()["eventId"], calls[1].json()["eventId"]);
    org.get("/_emulator/hooks?wait=61")
        .await
        .refused(400, "E0000001");
}

#[tokio::test]
async fn a_call_that_fails_in_passing_is_made_once_more() {
    let builder = builder().hook_timeout(Duration::from_millis(100));
    let (org, receiver) = (Org::start(builder).await, Receiver::start().await);
    let kinds = ["user.lifecycle.create", "event_hook.delivery"];
    let own = hook(&org, &receiver.url, &kinds).await;
    let rounds = [
        (vec![Reply::Status(503), Reply::Status(200)], 2, None),
        (
            vec![Reply::Status(500), Reply::Status(502)],
            2,
            Some("the service answered with status 502"),
        ),
        (
            vec![Reply::Status(410)],
            1,
            Some("the service answered with status 410"),
        ),
        (
            vec![Reply::Status(302)],
            1,
            Some("the service answered with status 302"),
        ),
        (
            vec![Reply::Never, Reply::Never],
            2,
            Some("the service did not answer in time"),
        ),
        (vec![Reply::Text("no JSON".to_owned())], 1, None),
    ];
    let (mut calls, mut reasons) = (0, Vec::new());
    for (round, (replies, made, reason)) in rounds.into_iter().enumerate() {
        receiver.reply(replies);
        org.user(&format!("user{round}@example.com")).await;
        org.okta.hooks_delivered().await;
        calls += made;
        reasons.extend(reason);
        assert_eq!(receiver.received().len(), calls, "round {round}");
        assert_eq!(failures(&org).await, reasons, "round {round}");
    }
    let received = receiver.received();
    assert_eq!(received[0].body, received[1].body);
    let path = "/api/v1/logs?filter=outcome.result+eq+%22FAILURE%22";
    let failed = org.get(path).await;
    assert_eq!(
        failed.each("/target/0/id")[0],
        own.rsplit('/').next().unwrap()
    );
    assert_eq!(failed.each("/actor/id")[0], "SYSTEM");
}

#[tokio::test]
async fn a_service_that_is_away_does_no_harm() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    let own = hook(&org, &receiver.url, &["user.lifecycle.create"]).await;
    // Nobody listens at a port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let away = format!("http://{}/", free.local_addr().unwrap());
    drop(free);
    let other = org
        .put(&own, described(&away, &["user.lifecycle.create"]))
        .await;
    assert_eq!(other.body["verificationStatus"], "UNVERIFIED");
    let cause = org
        .post(&format!("{own}/lifecycle/verify"), json!({}))
        .await
        .refused(400, "E0000001")
        .to_owned();
    assert_eq!(cause, "the service could not be reached");
    org.user("ada@example.com").await;
    org.okta.hooks_delivered().await;
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn hosts_that_no_setting_names_are_not_called() {
    let org = Org::start(builder()).await;
    let url = "https://hooks.example.com/in";
    let created = org
        .post(
            "/api/v1/eventHooks",
            described(url, &["user.lifecycle.create"]),
        )
        .await;
    let verify = format!("/api/v1/eventHooks/{}/lifecycle/verify", created.id());
    let refused = org.post(&verify, json!({})).await;
    let cause = refused.refused(400, "E0000001");
    assert!(cause.contains("hooks.example.com"), "{cause}");
    assert!(cause.contains("--allow-calls-to"), "{cause}");
}

#[cfg(feature = "data")]
#[tokio::test]
async fn hooks_stay_across_restarts() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().await;
    let start = async || Org::start(builder().data(directory.path())).await;
    let org = start().await;
    hook(&org, &receiver.url, &["user.lifecycle.create"]).await;
    org.user("ada@example.com").await;
    org.okta.hooks_delivered().await;
    receiver.reply([Reply::Status(404)]);
    org.user("alan@example.com").await;
    org.okta.hooks_delivered().await;
    org.okta.shutdown().await;

    let org = start().await;
    assert_eq!(
        failures(&org).await,
        ["the service answered with status 404"]
    );
    org.user("grace@example.com").await;
    org.okta.hooks_delivered().await;
    let calls = receiver.received();
    assert_eq!(calls.len(), 3);
    let ids: Vec<_> = calls
        .iter()
        .map(|call| call.json()["eventId"].clone())
        .collect();
    assert!(ids[0] != ids[2] && ids[1] != ids[2]);
}

#[tokio::test]
async fn deliveries_end_with_the_emulator() {
    let builder = builder().hook_timeout(Duration::from_secs(300));
    let (org, receiver) = (Org::start(builder).await, Receiver::start().await);
    hook(&org, &receiver.url, &["user.lifecycle.create"]).await;
    receiver.reply([Reply::Never]);
    org.user("ada@example.com").await;
    receiver.arrived(1).await;
    org.user("grace@example.com").await;
    // Returns although a call hangs.
    org.okta.shutdown().await;
    assert_eq!(receiver.received().len(), 1);
}
