//! Users whose passwords another system knows, until they have logged in once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use okta_emulator::{Builder, Emulator, Seed};
use serde_json::{Value, json};
use support::receiver::{Receiver, Reply};
use support::{Answer, Org, person};

const LOGIN: &str = "ada@example.com";
const PASSWORD: &str = "long known elsewhere";

fn builder() -> Builder {
    Emulator::builder().seed(Seed::empty())
}

/// Creates the hook, and a user whose password it knows.
async fn arranged(org: &Org, receiver: &Receiver) -> String {
    let hook = json!({
        "name": "Passwords", "type": "com.okta.user.credential.password.import",
        "version": "1.0.0",
        "channel": { "type": "HTTP", "version": "1.0.0", "config": {
            "uri": receiver.url, "method": "POST",
            "authScheme": { "type": "HEADER", "key": "Authorization", "value": "secret" },
        } },
    });
    let hook = org.post("/api/v1/inlineHooks", hook).await;
    assert_eq!(hook.status, 200, "{:#}", hook.body);
    let user = json!({
        "profile": person(LOGIN),
        "credentials": { "password": { "hook": { "type": "default" } } },
    });
    let user = org.post("/api/v1/users", user).await;
    assert_eq!(user.body["status"], "ACTIVE", "{:#}", user.body);
    hook.id()
}

async fn log_in(org: &Org, password: &str) -> Answer {
    let body = json!({ "username": LOGIN, "password": password });
    org.post("/api/v1/authn", body).await
}

fn verdict(credential: &str) -> Reply {
    Reply::Json(json!({ "commands": [
        { "type": "com.okta.action.update", "value": { "credential": credential } },
    ] }))
}

/// The outcomes of imports, oldest first.
async fn imports(org: &Org) -> Vec<String> {
    let log = org
        .get("/api/v1/logs?filter=eventType+eq+%22user.import.password%22")
        .await;
    log.each("/outcome/result")
}

#[tokio::test]
async fn a_verified_password_is_the_orgs_from_then_on() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    let hook = arranged(&org, &receiver).await;
    receiver.reply([verdict("VERIFIED")]);
    let first = log_in(&org, PASSWORD).await;
    assert_eq!(first.body["status"], "SUCCESS", "{:#}", first.body);
    let call = receiver.received().remove(0);
    assert_eq!(call.header("authorization"), "secret");
    let body = call.json();
    assert_eq!(
        body["eventType"],
        "com.okta.user.credential.password.import"
    );
    let source = format!("{}/api/v1/inlineHooks/{hook}", org.okta.org_url());
    assert_eq!(body["source"], source);
    let data = &body["data"];
    assert_eq!(
        data["context"]["credential"],
        json!({ "username": LOGIN, "password": PASSWORD })
    );
    assert_eq!(data["context"]["request"]["url"]["value"], "/api/v1/authn");
    assert_eq!(data["action"], json!({ "credential": "UNVERIFIED" }));

    let again = log_in(&org, PASSWORD).await;
    assert_eq!(again.body["status"], "SUCCESS");
    log_in(&org, "another password")
        .await
        .refused(401, "E0000004");
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(imports(&org).await, ["SUCCESS"]);
    let log = org.get("/api/v1/logs").await;
    assert!(!log.body.to_string().contains(PASSWORD));
}

#[tokio::test]
async fn nobody_logs_in_where_the_service_does_not_verify() {
    let builder = builder().hook_timeout(Duration::from_millis(100));
    let (org, receiver) = (Org::start(builder).await, Receiver::start().await);
    arranged(&org, &receiver).await;
    let rounds = [
        vec![verdict("UNVERIFIED")],
        vec![Reply::Status(204)],
        vec![Reply::Status(400)],
        vec![Reply::Status(500), Reply::Status(500)],
        vec![Reply::Never, Reply::Never],
        vec![Reply::Json(json!({ "credential": "VERIFIED" }))],
    ];
    let count = rounds.len();
    for replies in rounds {
        receiver.reply(replies);
        log_in(&org, PASSWORD).await.refused(401, "E0000004");
    }
    assert_eq!(imports(&org).await, vec!["FAILURE"; count]);
    // The next login asks again.
    receiver.reply([verdict("VERIFIED")]);
    assert_eq!(log_in(&org, PASSWORD).await.body["status"], "SUCCESS");
}

#[tokio::test]
async fn the_grant_password_asks_as_well() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    arranged(&org, &receiver).await;
    let client = org.okta.trusted_app().clone();
    let right = client.client_secret.clone().unwrap();
    let token = async |grant: &str, secret: &str| {
        let form = [
            ("grant_type", grant),
            ("username", LOGIN),
            ("password", PASSWORD),
            ("scope", "openid"),
        ];
        let url = format!("{}/v1/token", org.okta.issuer());
        let request = org.http.post(url).form(&form);
        let request = request.basic_auth(&client.client_id, Some(secret));
        support::oauth::answer(request).await
    };
    receiver.reply([verdict("VERIFIED")]);
    assert_ne!(token("client_credentials", &right).await.status, 200);
    assert_eq!(token("password", "wrong secret").await.status, 401);
    assert!(receiver.received().is_empty());
    let granted = token("password", &right).await;
    assert_eq!(granted.status, 200, "{:#}", granted.body);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn the_page_of_a_device_asks_as_well() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    arranged(&org, &receiver).await;
    receiver.reply([verdict("VERIFIED")]);
    let form = [
        ("user_code", "BCDFGHJK"),
        ("username", LOGIN),
        ("password", PASSWORD),
    ];
    let url = format!("{}/activate", org.okta.org_url());
    org.http.post(url).form(&form).send().await.unwrap();
    let data = receiver.received().remove(0).json()["data"].clone();
    assert_eq!(data["context"]["request"]["url"]["value"], "/activate");
    assert_eq!(imports(&org).await, ["SUCCESS"]);
}

#[tokio::test]
async fn without_an_active_hook_nobody_is_asked() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    let hook = arranged(&org, &receiver).await;
    let off = format!("/api/v1/inlineHooks/{hook}/lifecycle/deactivate");
    org.post(&off, json!({})).await;
    log_in(&org, PASSWORD).await.refused(401, "E0000004");
    let user = format!("/api/v1/users/{LOGIN}/lifecycle");
    let on = format!("/api/v1/inlineHooks/{hook}/lifecycle/activate");
    org.post(&on, json!({})).await;
    org.post(&format!("{user}/suspend"), json!({})).await;
    log_in(&org, PASSWORD).await.refused(401, "E0000004");
    assert!(receiver.received().is_empty());
    let wrong = json!({
        "profile": person("alan@example.com"),
        "credentials": { "password": { "hook": { "type": "mine" } } },
    });
    let refused: Value = org.post("/api/v1/users", wrong).await.body;
    assert_eq!(refused["errorCode"], "E0000001", "{refused:#}");
}
