//! What tests in other languages do to the org by HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use okta_emulator::{Fault, FaultRule};
use serde_json::json;
use support::Org;

#[tokio::test]
async fn nobody_without_the_token_is_in_control() {
    let org = Org::empty().await;
    let url = format!("{}/_emulator/faults", org.okta.org_url());
    let answer = org.http.get(&url).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let rule = json!({ "fault": "connectionReset" });
    let answer = org.http.post(&url).json(&rule).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(org.okta.faults().rules().is_empty());
}

#[tokio::test]
async fn faults_are_added_listed_and_removed() {
    let org = Org::empty().await;
    let rule =
        json!({ "fault": { "serverError": { "status": 503 } }, "method": "GET", "times": 2 });
    let added = org.post("/_emulator/faults", rule).await;
    assert_eq!(added.status, 201, "{:#}", added.body);
    org.get("/api/v1/users").await.refused(503, "E0000009");
    let listed = org.get("/_emulator/faults").await;
    assert_eq!(listed.body[0]["times"], 1, "{:#}", listed.body);
    assert_eq!(listed.body[0]["fault"]["serverError"]["status"], 503);
    assert_eq!(org.delete("/_emulator/faults").await.status, 204);
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    let bad = org
        .post("/_emulator/faults", json!({ "fault": "earthquake" }))
        .await;
    let cause = bad.refused(400, "E0000001");
    assert!(
        cause.contains("earthquake") && cause.contains("connectionReset"),
        "{cause}"
    );
}

#[tokio::test]
async fn the_seed_of_the_faults_can_be_set() {
    let org = Org::empty().await;
    let rule = FaultRule::new("E0000007".parse().map(Fault::OktaError).unwrap());
    org.okta
        .faults()
        .inject(rule.always().with_probability(0.5));
    let run = async || {
        let seeded = org
            .put("/_emulator/faults/seed", json!({ "seed": 5 }))
            .await;
        assert_eq!(seeded.status, 204);
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(org.get("/api/v1/users").await.status);
        }
        statuses
    };
    let first = run().await;
    assert!(first.contains(&200) && first.contains(&404));
    assert_eq!(first, run().await);
}

#[tokio::test]
async fn requests_are_shown_with_their_bodies_and_the_controls_are_none_of_them() {
    let org = Org::empty().await;
    org.post("/api/v1/groups", json!({ "profile": { "name": "Staff" } }))
        .await;
    let shown = org.get("/_emulator/requests").await.body;
    assert_eq!(shown.as_array().unwrap().len(), 1);
    assert_eq!(shown[0]["method"], "POST");
    assert_eq!(shown[0]["body"], "{\"profile\":{\"name\":\"Staff\"}}");
    assert_eq!(org.delete("/_emulator/requests").await.status, 204);
    assert!(org.okta.requests().is_empty());
    assert_eq!(org.okta.stats().requests, 1);
}

#[tokio::test]
async fn time_passes_and_keys_change_on_request() {
    let org = Org::empty().await;
    let before = org.okta.clock().now();
    let moved = org
        .post("/_emulator/clock", json!({ "seconds": 3600 }))
        .await;
    assert_eq!(moved.status, 200, "{:#}", moved.body);
    assert!((org.okta.clock().now() - before).num_seconds() >= 3600);
    let keys = async || {
        org.get("/oauth2/v1/keys").await.body["keys"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(keys().await, 1);
    assert_eq!(
        org.post("/_emulator/keys/rotate", json!({})).await.status,
        204
    );
    assert_eq!(keys().await, 2);
    let retired = org
        .post("/_emulator/keys/rotate", json!({ "retire": true }))
        .await;
    assert_eq!(retired.status, 204);
    assert_eq!(keys().await, 1);
    let typo = org.post("/_emulator/clock", json!({ "minutes": 1 })).await;
    assert!(typo.refused(400, "E0000001").contains("`seconds`"));
}
