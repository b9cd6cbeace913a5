//! Event hooks over HTTP, and the services behind them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use support::Org;
use tokio::net::TcpListener;

/// A service that repeats the challenge of those who know the secret, at `/right`.
async fn service() -> String {
    async fn right(headers: HeaderMap) -> Json<Value> {
        let header = |name: &str| headers.get(name).map(|it| it.to_str().unwrap().to_owned());
        let known = header("authorization").as_deref() == Some("secret");
        let challenge = header("x-okta-verification-challenge").filter(|_| known);
        Json(json!({ "verification": challenge }))
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().route("/right", get(right));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

fn hook(name: &str, uri: &str) -> Value {
    json!({
        "name": name,
        "events": { "type": "EVENT_TYPE", "items": ["user.lifecycle.create"] },
        "channel": {
            "type": "HTTP",
            "version": "1.0.0",
            "config": {
                "uri": uri,
                "authScheme": { "type": "HEADER", "key": "authorization", "value": "secret" },
            },
        },
    })
}

#[tokio::test]
async fn a_hook_is_verified_by_its_service() {
    let (org, url) = (Org::empty().await, service().await);
    let right = format!("{url}/right");
    let created = org.post("/api/v1/eventHooks", hook("Users", &right)).await;
    assert_eq!(created.status, 200);
    assert_eq!(created.body["status"], "ACTIVE");
    assert_eq!(created.body["verificationStatus"], "UNVERIFIED");
    let scheme = &created.body["channel"]["config"]["authScheme"];
    assert_eq!(*scheme, json!({ "type": "HEADER", "key": "authorization" }));

    let own = format!("/api/v1/eventHooks/{}", created.id());
    let verify = format!("{own}/lifecycle/verify");
    let verified = org.post(&verify, json!({})).await;
    assert_eq!(verified.body["verificationStatus"], "VERIFIED");
    assert_eq!(org.get(&own).await.body, verified.body);

    let same = org.put(&own, hook("People", &right)).await;
    assert_eq!(same.body["verificationStatus"], "VERIFIED");
    let other = org.put(&own, hook("People", &url)).await;
    assert_eq!(other.body["verificationStatus"], "UNVERIFIED");
    org.post(&verify, json!({})).await.refused(400, "E0000001");
    org.post("/api/v1/eventHooks/who1/lifecycle/verify", json!({}))
        .await
        .refused(404, "E0000007");
    let log = org
        .get("/api/v1/logs?filter=eventType+sw+%22event_hook%22")
        .await;
    let kinds = log.each("/eventType");
    assert_eq!(kinds[..2], ["event_hook.created", "event_hook.verified"]);
    assert_eq!(log.each("/target/0/displayName")[0], "Users");
}

#[tokio::test]
async fn only_an_inactive_hook_can_be_deleted() {
    let org = Org::empty().await;
    let request = hook("Users", "https://hooks.example.com");
    let id = org.post("/api/v1/eventHooks", request.clone()).await.id();
    org.post("/api/v1/eventHooks", request)
        .await
        .refused(400, "E0000001");
    assert_eq!(org.get("/api/v1/eventHooks").await.each("/name"), ["Users"]);
    let own = format!("/api/v1/eventHooks/{id}");
    org.delete(&own).await.refused(400, "E0000001");
    let off = org
        .post(&format!("{own}/lifecycle/deactivate"), json!({}))
        .await;
    assert_eq!(off.body["status"], "INACTIVE");
    assert_eq!(org.delete(&own).await.status, 204);
    org.get(&own).await.refused(404, "E0000007");
}

#[tokio::test]
async fn a_hook_needs_name_events_and_address() {
    let org = Org::empty().await;
    for absent in ["name", "events", "channel"] {
        let mut request = hook("Users", "https://hooks.example.com");
        request[absent] = Value::Null;
        let answer = org.post("/api/v1/eventHooks", request).await;
        let cause = answer.refused(400, "E0000001");
        assert!(cause.starts_with(absent), "{cause}");
    }
}
