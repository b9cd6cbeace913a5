//! Single calls: what is refused, what errors say, and requests put together by hand.
#![cfg(all(feature = "users", feature = "groups"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::future::IntoFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use httpmock::MockServer;
use okta_sdk::models::CreateUserRequest;
use okta_sdk::paths::GroupUser;
use okta_sdk::testing::{Answer, Script};
use okta_sdk::{Client, Config, HeaderName, Id, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

fn client(server: &MockServer) -> Client {
    Client::builder()
        .org_url(server.base_url())
        .api_token("00leak")
        .max_retries(0)
        .build()
        .unwrap()
}

/// A client of a port that nobody listens at: what gets as far as sending fails otherwise.
fn unreachable() -> Client {
    Client::builder()
        .org_url("http://127.0.0.1:9")
        .api_token("00leak")
        .build()
        .unwrap()
}

#[tokio::test]
async fn path_parameters_that_would_change_the_path_are_refused() {
    let okta = unreachable();
    for wrong in [Id::default(), "".into(), ".".into(), "..".into()] {
        let error = okta.users().get(&wrong).await.unwrap_err();
        assert!(error.is_invalid_argument(), "{wrong:?}: {error}");
        assert_eq!(error.operation(), Some("getUser"));
        assert!(error.to_string().contains("`id`"), "{error}");

        let path = GroupUser {
            group_id: "00g1",
            user_id: &wrong,
        };
        let error = okta.groups().assign_user(path).await.unwrap_err();
        assert!(error.to_string().contains("`user_id`"), "{error}");

        let error = okta
            .groups()
            .list_users(&wrong)
            .stream()
            .next()
            .await
            .unwrap()
            .unwrap_err();
        assert!(error.is_invalid_argument(), "{wrong:?}: {error}");
    }
}

#[tokio::test]
async fn a_response_has_the_value_and_what_came_beside_it() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.method("GET").path("/api/v1/users/isaac@example.com");
            then.status(200)
                .header("x-okta-request-id", "req1")
                .header("x-rate-limit-limit", "600")
                .header("x-rate-limit-remaining", "599")
                .header("x-rate-limit-reset", "1700000000")
                .json_body(json!({ "id": "00u1", "brandNew": true }));
        })
        .await;
    let user = client(&server)
        .users()
        .get("isaac@example.com")
        .send()
        .await
        .unwrap();
    assert_eq!(user.status(), StatusCode::OK);
    assert_eq!(user.request_id(), Some("req1"));
    assert_eq!(user.rate_limit().unwrap().remaining, 599);
    assert_eq!(user.attempts(), 1);
    assert_eq!(user.id, "00u1");
    assert_eq!(
        serde_json::to_value(user.into_inner()).unwrap()["brandNew"],
        true
    );
}

#[tokio::test]
async fn an_error_has_the_fields_of_okta() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.method("GET").path("/api/v1/users/nobody");
            then.status(404)
                .header("x-okta-request-id", "req2")
                .json_body(json!({
                    "errorCode": "E0000007",
                    "errorSummary": "Not found: Resource not found: nobody (User)",
                    "errorId": "oae1",
                    "errorCauses": [{ "errorSummary": "no such user" }],
                }));
        })
        .await;
    let error = client(&server).users().get("nobody").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.code(), Some("E0000007"));
    assert_eq!(error.causes(), ["no such user"]);
    assert_eq!(error.error_id(), Some("oae1"));
    assert_eq!(error.request_id(), Some("req2"));
    assert_eq!(error.path(), Some("/api/v1/users/{id}"));
    assert!(!format!("{error} {error:?}").contains("leak"));
}

#[tokio::test]
async fn an_answer_that_does_not_fit_says_where() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.path("/api/v1/users/00u1");
            then.status(200)
                .json_body(json!({ "profile": { "login": ["a", "b"] } }));
        })
        .await;
    let user = client(&server).users().get("00u1").await.unwrap();
    assert_eq!(user.unfit(), ["profile.login"]);

    let strict = Client::builder()
        .org_url(server.base_url())
        .api_token("00token")
        .strict(true)
        .build()
        .unwrap();
    let error = strict.users().get("00u1").await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.json_path(), Some("$.profile.login"));
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(error.operation(), Some("getUser"));
}

#[tokio::test]
async fn headers_and_timeouts_are_set_for_a_call() {
    let server = MockServer::start_async().await;
    let called = server
        .mock_async(|when, then| {
            when.path("/api/v1/users/00u1")
                .header("x-forwarded-for", "203.0.113.7");
            then.status(200).delay(Duration::from_secs(5)).body("{}");
        })
        .await;
    let request = client(&server)
        .users()
        .get("00u1")
        .header(HeaderName::from_static("x-forwarded-for"), "203.0.113.7")
        .timeout(Duration::from_millis(100));
    assert!(request.await.unwrap_err().is_timeout());
    called.assert_async().await;

    let wrong = unreachable().users().get("00u1");
    let error = wrong
        .header(HeaderName::from_static("x-note"), "line\nbreak")
        .await
        .unwrap_err();
    assert!(
        error.is_invalid_argument() && error.to_string().contains("x-note"),
        "{error}"
    );
}

#[tokio::test]
async fn requests_by_hand_have_the_same_credentials_and_errors() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.method("POST")
                .path("/api/v1/brand%20new")
                .query_param("mode", "a&b")
                .header("authorization", "SSWS 00leak")
                .header("content-type", "application/json")
                .header("x-note", "hi")
                .json_body(json!({ "name": "it" }));
            then.status(201)
                .json_body(json!({ "id": "new1", "size": 3 }));
        })
        .await;
    let request = || {
        client(&server)
            .request(Method::POST, "/api/v1/brand%20new")
            .query("mode", "a&b")
            .header(HeaderName::from_static("x-note"), "hi")
            .json(&json!({ "name": "it" }))
    };
    let answer = request().send().await.unwrap();
    assert_eq!(
        (answer.status(), &answer["id"]),
        (StatusCode::CREATED, &json!("new1"))
    );

    #[derive(Debug, Deserialize)]
    struct Thing {
        size: u8,
    }
    assert_eq!(request().send_as::<Thing>().await.unwrap().size, 3);
    let error = request().send_as::<Vec<Thing>>().await.unwrap_err();
    assert!(error.is_decode());
    let raw: Value = serde_json::from_slice(error.raw().unwrap()).unwrap();
    assert_eq!(raw, json!({ "id": "new1", "size": 3 }));

    let error = client(&server)
        .request(Method::GET, "/nothing")
        .send()
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    let shown = error.to_string();
    assert!(shown.starts_with("GET /nothing (request): 404"), "{shown}");
    let streamed = client(&server)
        .request(Method::GET, "/nothing?secret=leak")
        .stream::<Value>();
    let error = streamed.collect::<Vec<_>>().await.remove(0).unwrap_err();
    let shown = error.to_string();
    assert!(shown.starts_with("GET /nothing (request): 404"), "{shown}");
}

#[tokio::test]
async fn requests_by_hand_stay_at_the_org() {
    for path in ["", "users", "https://evil.example/", "@evil.example/"] {
        let error = unreachable()
            .request(Method::GET, path)
            .query("a", 1)
            .send()
            .await;
        assert!(error.unwrap_err().is_invalid_argument(), "{path:?}");
    }
    // A host in the path stays a path.
    let error = unreachable()
        .request(Method::GET, "//evil.example/x")
        .send()
        .await
        .unwrap_err();
    assert!(error.is_transport(), "{error}");
}

#[tokio::test]
async fn requests_by_hand_page() {
    let server = MockServer::start_async().await;
    let next = server.url("/api/v9/things?after=2");
    server
        .mock_async(|when, then| {
            when.path("/api/v9/things").query_param_missing("after");
            then.status(200)
                .header("link", format!("<{next}>; rel=\"next\""))
                .json_body(json!({ "things": [1, "two"] }));
        })
        .await;
    server
        .mock_async(|when, then| {
            when.path("/api/v9/things").query_param("after", "2");
            then.status(200).json_body(json!({ "things": [3] }));
        })
        .await;
    let request = || {
        client(&server)
            .request(Method::GET, "/api/v9/things")
            .list_property("things")
    };
    let values: Vec<Value> = request().stream().try_collect().await.unwrap();
    assert_eq!(values, [json!(1), json!("two"), json!(3)]);

    let numbers: Vec<_> = request().stream::<u8>().collect().await;
    let numbers: Vec<Option<u8>> = numbers.into_iter().map(Result::ok).collect();
    assert_eq!(numbers, [Some(1), None, Some(3)]);
}

#[test]
fn a_client_says_what_it_misses() {
    let error = Client::builder().api_token("00leak").build().unwrap_err();
    assert!(
        error.is_configuration() && error.to_string().contains("org URL"),
        "{error}"
    );
    let error = Client::builder()
        .org_url("https://acme.okta.com")
        .build()
        .unwrap_err();
    assert!(
        error.is_configuration() && error.to_string().contains("credentials"),
        "{error}"
    );
    let wrong = Client::builder()
        .org_url("https://acme-admin.okta.com")
        .api_token("00leak");
    assert!(wrong.build().unwrap_err().is_configuration());
}

#[test]
fn settings_from_a_file_make_a_client() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okta.yaml");
    let yaml = "okta: {client: {orgUrl: 'https://acme.okta.com', token: 00leak}}";
    std::fs::write(&file, yaml).unwrap();
    let okta = Client::from_config(&Config::from_file(&file).unwrap()).unwrap();
    assert_eq!(okta.org_url().as_str(), "https://acme.okta.com");
    assert!(!format!("{okta:?}").contains("leak"));
}

#[test]
fn calls_can_be_moved_between_threads_and_outlive_their_client() {
    fn portable<T: Send + 'static>(_: T) {}
    let okta = unreachable();
    fn shared<T: Clone + Send + Sync>(_: &T) {}
    shared(&okta);
    portable(okta.users().get("00u1").into_future());
    portable(okta.users().get("00u1").send());
    portable(okta.users().list().stream());
    let call = okta.groups().delete("00g1");
    drop(okta);
    portable(call.into_future());
}

#[test]
fn debug_shows_no_argument() {
    let okta = unreachable();
    let call = okta.users().list().q("leak");
    assert!(!format!("{call:?} {:?}", okta.users().list().q("leak").stream()).contains("leak"));
    assert!(format!("{call:?}").contains("ListUsers"));
}

#[test]
fn what_was_read_becomes_what_replaces_it() {
    let read: okta_sdk::models::User = serde_json::from_value(json!({
        "id": "00u1",
        "status": "ACTIVE",
        "brandNew": [1, { "a": null }],
        "profile": { "login": "a@x.org", "badgeNumber": 4711, "email": 7 },
        "credentials": {
            "password": {},
            "provider": { "type": "OKTA", "name": "OKTA", "since": "2026" },
        },
    }))
    .unwrap();
    let replace = okta_sdk::models::UpdateUserRequest::from(read);
    assert_eq!(
        serde_json::to_value(replace).unwrap(),
        json!({
            "brandNew": [1, { "a": null }],
            "profile": { "login": "a@x.org", "badgeNumber": 4711, "email": 7 },
            "credentials": { "provider": { "type": "OKTA", "name": "OKTA", "since": "2026" } },
        })
    );
}

#[tokio::test]
async fn what_changed_in_between_is_not_replaced() {
    let script = Script::new()
        .answer_with(
            "getUser",
            Answer::new(200, json!({ "id": "00u1" })).header("etag", "W/\"7\""),
        )
        .answer("replaceUser", 412, json!({ "errorCode": "E0000202" }));
    let okta = script.client().unwrap();
    let read = okta.users().get("00u1").send().await.unwrap();
    let version = read.etag().unwrap().to_owned();
    let body = okta_sdk::models::UpdateUserRequest::from(read.into_inner());
    let replaced = okta.users().replace("00u1", body).if_match(version).await;
    assert_eq!(
        replaced.unwrap_err().status(),
        Some(StatusCode::PRECONDITION_FAILED)
    );
    assert_eq!(script.requests()[1].headers()["if-match"], "W/\"7\"");
}

#[tokio::test]
async fn requests_by_hand_are_known_by_their_template() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let templates = Arc::clone(&seen);
    let script = Script::new()
        .answer("GET /api/v1/users/00u1", 200, json!({}))
        .answer("GET /api/v1/brand-new", 200, json!({}));
    let okta = Client::builder()
        .org_url("https://acme.okta.com")
        .api_token("00token")
        .transport(script)
        .on_request(move |attempt| templates.lock().unwrap().push(attempt.path))
        .build()
        .unwrap();
    for path in ["/api/v1/users/00u1", "/api/v1/brand-new"] {
        okta.request(Method::GET, path).send().await.unwrap();
    }
    assert_eq!(*seen.lock().unwrap(), ["/api/v1/users/{id}", ""]);
}

#[tokio::test]
async fn an_absent_id_is_sent_nowhere() {
    let script = Script::new().answer("createUser", 200, json!({}));
    let okta = script.client().unwrap();
    let profile = okta_sdk::models::UserProfile::new().login("a@x.org");
    let user = |groups: [Id; 2]| CreateUserRequest::new(profile.clone()).group_ids(groups);
    let fine = user(["00g1".into(), "00g2".into()]);
    okta.users().create(&fine).await.unwrap();
    assert_eq!(
        script.requests()[0].json().unwrap()["groupIds"],
        json!(["00g1", "00g2"])
    );
    let absent = user(["00g1".into(), Id::default()]);
    let error = okta.users().create(absent).await.unwrap_err();
    assert!(error.is_invalid_argument(), "{error}");
    assert!(error.to_string().contains("`groupIds[1]`"), "{error}");
    assert_eq!(script.requests().len(), 1, "nothing more was sent");
}

#[test]
fn null_is_no_id_of_a_list() {
    let json = json!({ "groupIds": ["00g1", null], "realmId": null });
    let user: CreateUserRequest = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(user.unfit(), ["groupIds"]);
    assert_eq!(
        serde_json::to_value(user).unwrap()["groupIds"],
        json["groupIds"]
    );
}
