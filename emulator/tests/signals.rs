//! Security event tokens: the stream, what is sent over it, and receivers that do not answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use okta_emulator::{Builder, Emulator, Seed};
use serde_json::{Value, json};
use support::Org;
use support::receiver::{Received, Receiver, Reply};

const STREAM: &str = "/api/v1/ssf/stream";
const VERIFICATION: &str = "/api/v1/ssf/stream/verification";
const REVOKED: &str = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
const CHANGED: &str = "https://schemas.openid.net/secevent/caep/event-type/credential-change";
const UNKNOWN: &str = "https://schemas.openid.net/secevent/risc/event-type/account-purged";

fn builder() -> Builder {
    Emulator::builder().seed(Seed::empty())
}

fn described(url: &str, events: &[&str]) -> Value {
    json!({
        "events_requested": events,
        "delivery": {
            "method": "urn:ietf:rfc:8935",
            "endpoint_url": url,
            "authorization_header": "Bearer of news",
        },
    })
}

/// Creates a stream, and gives its id.
async fn stream(org: &Org, url: &str, events: &[&str]) -> String {
    let created = org.post(STREAM, described(url, events)).await;
    assert_eq!(created.status, 201, "{:#}", created.body);
    created.body["stream_id"].as_str().unwrap().to_owned()
}

/// The claims of a token, whose signature and headers are right.
async fn claims(org: &Org, call: &Received) -> Value {
    assert_eq!(call.header("content-type"), "application/secevent+jwt");
    assert_eq!(call.header("accept"), "application/json");
    assert_eq!(call.header("authorization"), "Bearer of news");
    let token = std::str::from_utf8(&call.body).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("secevent+jwt"));
    let keys = org.get("/oauth2/v1/keys").await.body;
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_value(keys).unwrap();
    let key = keys.find(header.kid.as_deref().unwrap()).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(key).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_aud = false;
    let data = jsonwebtoken::decode::<Value>(token, &key, &validation);
    data.unwrap().claims
}

async fn change_password(org: &Org, user: &str, old: &str, new: &str) {
    let path = format!("/api/v1/users/{user}/credentials/change_password");
    let body = json!({ "oldPassword": { "value": old }, "newPassword": { "value": new } });
    let changed = org.post(&path, body).await;
    assert_eq!(changed.status, 200, "{:#}", changed.body);
}

#[tokio::test]
async fn an_org_has_one_stream() {
    let org = Org::start(builder()).await;
    org.get(STREAM).await.refused(404, "E0000007");
    let url = "http://127.0.0.1:9/in";
    let id = stream(&org, url, &[REVOKED, CHANGED, UNKNOWN]).await;
    let other = org.post(STREAM, described(url, &[REVOKED])).await;
    other.refused(409, "E0000001");

    let own = format!("{STREAM}?stream_id={id}");
    let read = org.get(&own).await;
    assert_eq!(read.body["iss"], org.okta.org_url());
    assert_eq!(read.body["aud"], "http://127.0.0.1:9");
    assert_eq!(read.body["delivery"]["endpoint_url"], url);
    assert_eq!(
        read.body["events_requested"],
        json!([REVOKED, CHANGED, UNKNOWN])
    );
    assert_eq!(read.body["events_delivered"], json!([REVOKED, CHANGED]));
    assert!(!read.body.to_string().contains("Bearer of news"));
    assert_eq!(org.get(STREAM).await.body, json!([read.body]));
    let status = org.get(&format!("{STREAM}/status?stream_id={id}")).await;
    assert_eq!(status.body, json!({ "stream_id": id, "status": "enabled" }));

    let mut body = described("http://127.0.0.1:10/in", &[CHANGED]);
    body["stream_id"] = json!(id);
    let replaced = org.put(STREAM, body.clone()).await;
    assert_eq!(replaced.body["events_delivered"], json!([CHANGED]));
    assert_eq!(replaced.body["aud"], "http://127.0.0.1:10");
    body["events_requested"] = json!([REVOKED]);
    let updated = org.patch(STREAM, body.clone()).await;
    assert_eq!(updated.body["events_delivered"], json!([REVOKED]));
    body["stream_id"] = json!("esc1");
    org.put(STREAM, body).await.refused(404, "E0000007");
    let wrong = format!("{STREAM}?stream_id=esc1");
    org.get(&wrong).await.refused(404, "E0000007");
    org.delete(&wrong).await.refused(404, "E0000007");
    assert_eq!(org.delete(&own).await.status, 204);
    org.get(&own).await.refused(404, "E0000007");
    let nowhere = org.post(STREAM, described("urn:nowhere", &[REVOKED])).await;
    nowhere.refused(400, "E0000001");
}

#[tokio::test]
async fn changes_of_credentials_and_ends_of_sessions_are_sent() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    stream(&org, &receiver.url, &[REVOKED, CHANGED]).await;
    let user = org.user("ada@example.com").await;
    org.okta.hooks_delivered().await;
    assert!(receiver.received().is_empty());

    change_password(&org, &user, "correct horse", "battery staple").await;
    let factors = format!("/api/v1/users/{user}/factors");
    let question = json!({
        "factorType": "question", "provider": "OKTA",
        "profile": { "question": "favorite_toy", "answer": "a bear" },
    });
    org.post(&factors, question).await;
    let login = json!({ "username": "ada@example.com", "password": "battery staple" });
    let login = org.post("/api/v1/authn", login).await;
    // Ada has a factor now, so that the session is one of somebody else.
    assert_eq!(login.body["status"], "MFA_REQUIRED", "{:#}", login.body);
    let other = org.user("alan@example.com").await;
    let login = json!({ "username": "alan@example.com", "password": "correct horse" });
    let login = org.post("/api/v1/authn", login).await;
    let session = json!({ "sessionToken": login.body["sessionToken"] });
    let session = org.post("/api/v1/sessions", session).await.id();
    org.delete(&format!("/api/v1/sessions/{session}")).await;
    org.okta.hooks_delivered().await;

    let calls = receiver.received();
    assert_eq!(calls.len(), 3);
    let mut tokens = Vec::new();
    for call in &calls {
        tokens.push(claims(&org, call).await);
    }
    let issuer = org.okta.org_url();
    let of = |user: &str| json!({ "format": "iss_sub", "iss": issuer, "sub": user });
    for token in &tokens {
        assert_eq!(token["iss"], issuer);
        assert_eq!(token["aud"], receiver.url.trim_end_matches("/hook"));
        assert!(token["iat"].is_i64() && token["jti"].is_string());
        assert_eq!(token["events"].as_object().unwrap().len(), 1);
    }
    assert_ne!(tokens[0]["jti"], tokens[1]["jti"]);
    let password = &tokens[0]["events"][CHANGED];
    assert_eq!(password["subject"], of(&user));
    assert_eq!(password["credential_type"], "password");
    assert_eq!(password["change_type"], "revoke");
    assert_eq!(password["initiating_entity"], "admin");
    assert!(password["event_timestamp"].as_i64().unwrap() > 1_000_000_000_000);
    let factor = &tokens[1]["events"][CHANGED];
    assert_eq!(factor["credential_type"], "QUESTION");
    assert_eq!(factor["change_type"], "create");
    let revoked = &tokens[2]["events"][REVOKED];
    assert_eq!(revoked["subject"], json!({ "user": of(&other) }));
    assert_eq!(revoked["initiating_entity"], "user");
}

#[tokio::test]
async fn only_what_was_asked_for_is_sent_and_nothing_after_the_end() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    let id = stream(&org, &receiver.url, &[REVOKED]).await;
    let user = org.user("ada@example.com").await;
    change_password(&org, &user, "correct horse", "battery staple").await;
    org.okta.hooks_delivered().await;
    assert!(receiver.received().is_empty());
    let update = json!({
        "stream_id": id, "events_requested": [CHANGED],
        "delivery": { "method": "urn:ietf:rfc:8935", "endpoint_url": receiver.url },
    });
    org.patch(STREAM, update).await;
    change_password(&org, &user, "battery staple", "correct horse").await;
    org.okta.hooks_delivered().await;
    let calls = receiver.received();
    assert_eq!(calls.len(), 1);
    // The authorization stays where the update has none.
    claims(&org, &calls[0]).await;
    org.delete(STREAM).await;
    change_password(&org, &user, "correct horse", "battery staple").await;
    org.okta.hooks_delivered().await;
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_verification_carries_the_state() {
    let (org, receiver) = (Org::start(builder()).await, Receiver::start().await);
    let id = stream(&org, &receiver.url, &[REVOKED]).await;
    let asked = json!({ "stream_id": id, "state": "a state of mind" });
    assert_eq!(org.post(VERIFICATION, asked).await.status, 204);
    let told = claims(&org, &receiver.received()[0]).await;
    let verification = "https://schemas.openid.net/secevent/ssf/event-type/verification";
    assert_eq!(
        told["events"],
        json!({ verification: { "state": "a state of mind" } })
    );
    let wrong = org.post(VERIFICATION, json!({ "stream_id": "esc1" })).await;
    wrong.refused(404, "E0000007");
    org.delete(STREAM).await;
    let id = stream(&org, "https://signals.example.com/in", &[REVOKED]).await;
    let refused = org.post(VERIFICATION, json!({ "stream_id": id })).await;
    let cause = refused.refused(400, "E0000001");
    assert!(cause.contains("--allow-calls-to"), "{cause}");
}

#[tokio::test]
async fn a_token_is_sent_again_where_the_receiver_is_away() {
    let builder = builder().hook_timeout(Duration::from_millis(100));
    let (org, receiver) = (Org::start(builder).await, Receiver::start().await);
    stream(&org, &receiver.url, &[CHANGED]).await;
    let user = org.user("ada@example.com").await;
    let passwords = ["correct horse", "battery staple"];
    let rounds = [
        (
            vec![Reply::Status(503), Reply::Never, Reply::Status(202)],
            3,
        ),
        (
            vec![Reply::Status(500), Reply::Status(500), Reply::Status(500)],
            3,
        ),
        (vec![Reply::Status(400)], 1),
        (vec![Reply::Status(202)], 1),
    ];
    let mut calls = 0;
    for (round, (replies, made)) in rounds.into_iter().enumerate() {
        receiver.reply(replies);
        let (old, new) = (passwords[round % 2], passwords[(round + 1) % 2]);
        change_password(&org, &user, old, new).await;
        org.okta.hooks_delivered().await;
        let received = receiver.received();
        assert_eq!(received.len(), calls + made, "round {round}");
        // It is the same token each time.
        for call in &received[calls..] {
            assert_eq!(call.body, received[calls].body);
        }
        calls += made;
    }
}

#[cfg(feature = "data")]
#[tokio::test]
async fn the_stream_stays_across_restarts() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().await;
    let start = async || Org::start(builder().data(directory.path())).await;
    let org = start().await;
    stream(&org, &receiver.url, &[CHANGED]).await;
    let user = org.user("ada@example.com").await;
    org.okta.shutdown().await;
    let org = start().await;
    change_password(&org, &user, "correct horse", "battery staple").await;
    org.okta.hooks_delivered().await;
    let calls = receiver.received();
    assert_eq!(calls.len(), 1);
    claims(&org, &calls[0]).await;
}
