//! Factors over HTTP.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use okta_emulator::Emulator;
use serde_json::json;
use support::Org;

const FACTORS: &str = "/api/v1/users/grace@example.com/factors";

#[tokio::test]
async fn an_app_is_enrolled_activated_and_verified() {
    let org = Org::start(Emulator::builder()).await;
    let request = json!({ "factorType": "token:software:totp", "provider": "GOOGLE" });
    let enrolled = org.post(FACTORS, request).await;
    assert_eq!(
        (enrolled.status, &enrolled.body["status"]),
        (200, &json!("PENDING_ACTIVATION"))
    );
    let activation = &enrolled.body["_embedded"]["activation"];
    assert_eq!(activation["sharedSecret"].as_str().unwrap().len(), 32);
    let own = format!("{FACTORS}/{}", enrolled.id());
    let passcode = || json!({ "passCode": org.okta.passcode(&enrolled.id()).unwrap() });
    let wrong = json!({ "passCode": "x" });
    org.post(&format!("{own}/lifecycle/activate"), wrong)
        .await
        .refused(403, "E0000068");
    let active = org
        .post(&format!("{own}/lifecycle/activate"), passcode())
        .await;
    assert_eq!(
        (&active.body["status"], active.body.get("_embedded")),
        (&json!("ACTIVE"), None)
    );
    let verified = org.post(&format!("{own}/verify"), passcode()).await;
    assert_eq!(verified.body["factorResult"], "SUCCESS");
    assert_eq!(org.get(FACTORS).await.each("/id"), [enrolled.id()]);
    assert_eq!(org.delete(&own).await.status, 204);
    org.get(&own).await.refused(404, "E0000007");
    let log = org
        .get("/api/v1/logs?filter=eventType+sw+%22user.mfa.factor%22")
        .await;
    let kinds = log.each("/eventType");
    assert_eq!(
        kinds,
        ["user.mfa.factor.activate", "user.mfa.factor.deactivate"]
    );
    assert_eq!(log.body[0]["target"][0]["alternateId"], "grace@example.com");
}

#[tokio::test]
async fn a_push_is_asked_about() {
    let org = Org::start(Emulator::builder()).await;
    let push = json!({ "factorType": "push", "provider": "OKTA" });
    let factor = org
        .post(&format!("{FACTORS}?activate=true"), push)
        .await
        .id();
    let waiting = org
        .post(&format!("{FACTORS}/{factor}/verify"), json!({}))
        .await;
    assert_eq!(
        (waiting.status, &waiting.body["factorResult"]),
        (201, &json!("WAITING"))
    );
    let poll = waiting.body["_links"]["poll"]["href"].as_str().unwrap();
    assert_eq!(org.get(poll).await.body["factorResult"], "SUCCESS");
    org.get(&format!("{FACTORS}/{factor}/transactions/v2mst"))
        .await
        .refused(404, "E0000007");
    org.post(
        "/api/v1/users/grace@example.com/lifecycle/reset_factors",
        json!({}),
    )
    .await;
    assert!(org.get(FACTORS).await.body.as_array().unwrap().is_empty());
}

#[tokio::test]
async fn the_catalog_says_what_there_is() {
    let org = Org::start(Emulator::builder()).await;
    let catalog = org.get(&format!("{FACTORS}/catalog")).await;
    assert!(
        catalog
            .each("/status")
            .iter()
            .all(|status| status == "NOT_SETUP")
    );
    let questions = org.get(&format!("{FACTORS}/questions")).await;
    assert!(
        questions
            .each("/question")
            .contains(&"first_award".to_owned())
    );
}
