//! Policies and their rules over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use okta_emulator::{Emulator, Seed};
use serde_json::json;
use support::Org;

#[tokio::test]
async fn policies_come_and_go() {
    let org = Org::empty().await;
    let request = json!({
        "type": "PASSWORD",
        "name": "Strict",
        "status": "INACTIVE",
        "settings": { "password": { "complexity": { "minLength": 14 } } },
    });
    let created = org.post("/api/v1/policies", request.clone()).await;
    assert_eq!(created.status, 200);
    assert_eq!(created.body["status"], "ACTIVE");
    assert_eq!(created.body["priority"], 1);
    assert_eq!(created.body["settings"], request["settings"]);
    org.post("/api/v1/policies", request)
        .await
        .refused(400, "E0000001");
    let own = format!("/api/v1/policies/{}", created.id());
    assert_eq!(org.get(&own).await.body, created.body);

    let off = format!("{own}/lifecycle/deactivate");
    assert_eq!(org.post(&off, json!({})).await.status, 204);
    let listed = org
        .get("/api/v1/policies?type=PASSWORD&status=INACTIVE")
        .await;
    assert_eq!(listed.each("/name"), ["Strict"]);
    let other = org.get("/api/v1/policies?type=OKTA_SIGN_ON").await;
    assert_eq!(other.each("/name"), ["Default Policy"]);
    org.get("/api/v1/policies").await.refused(400, "E0000001");

    let renamed = json!({ "type": "PASSWORD", "name": "Stricter" });
    assert_eq!(org.put(&own, renamed).await.body["name"], "Stricter");
    assert_eq!(org.delete(&own).await.status, 204);
    org.get(&own).await.refused(404, "E0000007");
}

#[tokio::test]
async fn policies_that_are_put_in_order_are_locked() {
    let lasts = Duration::from_secs(5);
    let builder = Emulator::builder().policy_reconciliation(lasts);
    let org = Org::start(builder.seed(Seed::empty())).await;
    let policy = |kind: &str, name: &str| json!({ "type": kind, "name": name });
    let create = async |kind: &str, name: &str| {
        let answer = org.post("/api/v1/policies", policy(kind, name)).await;
        answer.status
    };
    let first = org
        .post("/api/v1/policies", policy("PASSWORD", "One"))
        .await;
    let own = format!("/api/v1/policies/{}", first.id());
    let locked = org.delete(&own).await;
    locked.refused(423, "E0000239");
    let rule = json!({ "name": "Rule", "type": "PASSWORD" });
    let rules = format!("{own}/rules");
    org.post(&rules, rule.clone())
        .await
        .refused(423, "E0000239");
    assert_eq!(org.get(&own).await.status, 200);
    // Other types are put in order by themselves, and what was refused is no change.
    assert_eq!(create("OKTA_SIGN_ON", "One").await, 200);
    org.okta.clock().advance(lasts);
    assert_eq!(create("PASSWORD", "One").await, 400);
    assert_eq!(org.post(&rules, rule).await.status, 200);
    assert_eq!(create("PASSWORD", "Two").await, 423);
}

#[tokio::test]
async fn pages_of_policies_are_in_the_order_of_priority() {
    let org = Org::empty().await;
    for name in ["One", "Two", "Three"] {
        let request = json!({ "type": "OKTA_SIGN_ON", "name": name, "priority": 1 });
        org.post("/api/v1/policies", request).await;
    }
    let path = "/api/v1/policies?type=OKTA_SIGN_ON&limit=2";
    let (pages, names) = org.pages(path, "/name").await;
    assert_eq!(pages, 2);
    assert_eq!(names, ["Three", "Two", "One", "Default Policy"]);
}

#[tokio::test]
async fn rules_belong_to_a_policy() {
    let org = Org::empty().await;
    let policy = json!({ "type": "OKTA_SIGN_ON", "name": "Office" });
    let policy = org.post("/api/v1/policies", policy).await.id();
    let rules = format!("/api/v1/policies/{policy}/rules");
    let request = json!({ "name": "Elsewhere", "actions": { "signon": { "access": "DENY" } } });
    let created = org.post(&rules, request).await;
    assert_eq!(created.body["type"], "SIGN_ON");
    let own = format!("{rules}/{}", created.id());
    let off = format!("{own}/lifecycle/deactivate");
    assert_eq!(org.post(&off, json!({})).await.status, 204);
    assert_eq!(org.get(&own).await.body["status"], "INACTIVE");
    assert_eq!(org.get(&rules).await.each("/name"), ["Elsewhere"]);
    assert_eq!(org.delete(&own).await.status, 204);
    org.get(&own).await.refused(404, "E0000007");
}
