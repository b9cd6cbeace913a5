//! A client over a script.
#![cfg(feature = "users")]
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::COOKIE;
use okta_sdk::models::{CreateUserRequest, UserProfile};
use okta_sdk::testing::{Answer, Failure, Script};
use okta_sdk::{Client, Method};
use serde_json::{Value, json};
use tokio::time::Instant;

fn new_user() -> CreateUserRequest {
    CreateUserRequest::new(UserProfile::new().login("grace@example.com"))
}

#[tokio::test(start_paused = true)]
async fn each_operation_has_its_own_answers_and_the_last_one_stays() {
    let script = Script::new()
        .answer("getUser", 200, json!({"id": "one"}))
        .answer("getUser", 200, json!({"id": "two"}))
        .answer("deleteUser", 204, json!(null));
    let okta = script.client().unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(okta.users().get("00u1").await.unwrap().id);
    }
    assert_eq!(ids, ["one", "two", "two"]);
    okta.users().delete("00u1").await.unwrap();
    let operations: Vec<_> = script.requests().iter().map(|it| it.operation()).collect();
    assert_eq!(operations, ["getUser", "getUser", "getUser", "deleteUser"]);
}

#[tokio::test(start_paused = true)]
async fn an_operation_without_an_answer_says_what_to_write_and_is_not_retried() {
    let script = Script::new().answer("getUser", 200, json!({}));
    let okta = script.client().unwrap();
    let error = okta.users().delete("00u1").await.unwrap_err();
    assert!(error.is_configuration());
    assert_eq!(
        error.to_string(),
        "DELETE /api/v1/users/{id} (deleteUser): the script has no answer to deleteUser \
         (DELETE /api/v1/users/00u1); write `.answer(\"deleteUser\", 204, json!(null))`"
    );
    let by_hand = okta.request(Method::GET, "/api/v1/other").send().await;
    let error = by_hand.unwrap_err().to_string();
    assert!(
        error.contains(r#"write `.answer("GET /api/v1/other", 200"#),
        "{error}"
    );
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn pages_lead_to_each_other() {
    let first = Answer::new(200, json!([{"id": "1"}])).next_page("/api/v1/users?after=1");
    let script = Script::new().answer_with("listUsers", first).answer(
        "listUsers",
        200,
        json!([{"id": "2"}]),
    );
    let okta = script.client().unwrap();
    let users: Vec<_> = okta.users().list().stream().try_collect().await.unwrap();
    assert_eq!(users.len(), 2);
    assert_eq!(script.requests()[1].query("after").unwrap(), "1");
}

#[tokio::test(start_paused = true)]
async fn failures_are_those_of_a_network() {
    for (failure, sendings) in [
        (Failure::Connect, 2),
        (Failure::Disconnect, 1),
        (Failure::Timeout, 1),
    ] {
        let script = Script::new().fail("createUser", failure).answer(
            "createUser",
            200,
            json!({"id": "00u1"}),
        );
        let okta = script.client().unwrap();
        let created = okta.users().create(new_user()).await;
        assert_eq!(script.requests().len(), sendings, "{failure:?}");
        match created {
            Ok(user) => assert_eq!(user.id, "00u1"),
            Err(error) => assert_eq!(error.is_timeout(), failure == Failure::Timeout),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn headers_and_time_are_as_written() {
    let limited = Answer::new(429, json!({"errorCode": "E0000047"}))
        .header("retry-after", "3")
        .after(Duration::from_secs(1));
    let script = Script::new()
        .answer_with("getUser", limited)
        .answer("getUser", 200, json!({}));
    let start = Instant::now();
    let answer = script.client().unwrap().users().get("me").send().await;
    assert_eq!(answer.unwrap().attempts(), 2);
    let taken = start.elapsed();
    assert!(
        taken >= Duration::from_secs(4) && taken <= Duration::from_secs(5),
        "{taken:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn answers_that_cannot_be_one_are_told() {
    for answer in [
        Answer::new(7, json!({})),
        Answer::new(200, json!({})).header("a b", "c"),
        Answer::new(200, json!({})).header("a", "line\nbreak"),
    ] {
        let script = Script::new().answer_with("getUser", answer);
        let error = script.client().unwrap().users().get("me").await;
        assert!(error.unwrap_err().is_configuration());
    }
}

#[tokio::test(start_paused = true)]
async fn requests_are_recorded_and_print_no_secret() {
    let script = Script::new().answer("createUser", 200, json!({})).answer(
        "GET /api/v1/users/me",
        200,
        json!({"id": "me"}),
    );
    let okta = Client::builder()
        .org_url("https://acme.okta.com")
        .api_token("leak-1")
        .transport(script.clone())
        .build()
        .unwrap();
    let user = new_user().credentials(
        serde_json::from_value::<okta_sdk::models::UserCredentialsWritable>(
            json!({"password": {"value": "leak-2"}}),
        )
        .unwrap(),
    );
    okta.users().create(&user).activate(true).await.unwrap();
    let me = okta.request(Method::GET, "/api/v1/users/me");
    let me = me.header(COOKIE, "sid=leak-3").send().await;
    assert_eq!(me.unwrap()["id"], "me");

    let requests = script.requests();
    let create = &requests[0];
    assert_eq!(*create.method(), Method::POST);
    assert_eq!(create.path_and_query(), "/api/v1/users?activate=true");
    assert_eq!(create.url().host_str(), Some("acme.okta.com"));
    assert_eq!(create.headers()["authorization"], "SSWS leak-1");
    let sent: Value = create.json().unwrap();
    assert_eq!(sent["credentials"]["password"]["value"], "leak-2");
    assert_eq!(requests[1].body(), None);
    let shown = format!("{requests:?} {script:?} {okta:?}");
    assert!(
        shown.contains("createUser") && !shown.contains("leak"),
        "{shown}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_tells_its_observers_of_each_attempt() {
    let told = Arc::<Mutex<Vec<String>>>::default();
    let (before, after) = (Arc::clone(&told), Arc::clone(&told));
    let script = Script::new().fail("getUser", Failure::Connect).answer(
        "getUser",
        200,
        json!({"id": "00u1"}),
    );
    let okta = Client::builder()
        .org_url("https://acme.okta.com")
        .api_token("00abc")
        .transport(script)
        .on_request(move |attempt| {
            let line = format!("{} {} {}", attempt.number, attempt.operation, attempt.path);
            before.lock().unwrap().push(line);
        })
        .on_response(move |_, end| {
            let line = format!("{:?} {:?}", end.status, end.failure);
            after.lock().unwrap().push(line);
        })
        .build()
        .unwrap();
    okta.users().get("00u1").await.unwrap();
    assert_eq!(
        *told.lock().unwrap(),
        [
            "1 getUser /api/v1/users/{id}",
            "None Some(Connect)",
            "2 getUser /api/v1/users/{id}",
            "Some(200) None",
        ]
    );
}
