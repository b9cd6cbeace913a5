//! A token endpoint that does not answer as it should.

use std::future::pending;
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::any;
use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use okta_auth::{Error, Issuer, ServerMetadata};
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};

use super::server::*;

async fn ask(respond: impl Fn(&Site, &Seen) -> Response + Send + Sync + 'static) -> Error {
    let server = Server::start(respond).await;
    let result = server.client().client_credentials().send().await;
    assert_eq!(server.seen("/token").len(), 1);
    let error = result.unwrap_err();
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(
            text.starts_with("POST ") || text.starts_with("Error(POST "),
            "{text}"
        );
        assert!(!text.contains("s3cret"), "{text}");
    }
    error
}

#[tokio::test]
async fn success_without_a_usable_token_is_no_success() {
    for (body, path) in [
        ("", "$"),
        ("<html>s3cret</html>", "$"),
        ("[\"s3cret\"]", "$"),
        ("null", "$"),
        ("{\"access_token\": \"s3cret", "$"),
        ("{}", "$.access_token"),
        ("{\"token_type\": \"Bearer\"}", "$.access_token"),
        (
            r#"{"access_token": "", "token_type": "Bearer"}"#,
            "$.access_token",
        ),
        (
            r#"{"access_token": null, "token_type": "Bearer"}"#,
            "$.access_token",
        ),
        (
            r#"{"access_token": ["s3cret"], "token_type": "Bearer"}"#,
            "$.access_token",
        ),
        (
            r#"{"access_token": "s3cret\n", "token_type": "Bearer"}"#,
            "$.access_token",
        ),
        (r#"{"access_token": "s3cret"}"#, "$.token_type"),
        (
            r#"{"access_token": "s3cret", "token_type": ""}"#,
            "$.token_type",
        ),
        (
            r#"{"access_token": "s3cret", "token_type": "mac"}"#,
            "$.token_type",
        ),
        (
            r#"{"access_token": "s3cret", "token_type": "DPoP"}"#,
            "$.token_type",
        ),
        (
            r#"{"access_token": "s3cret", "token_type": "Bearer", "expires_in": -1}"#,
            "$.expires_in",
        ),
        (
            r#"{"access_token": "s3cret", "token_type": "Bearer", "expires_in": "soon"}"#,
            "$.expires_in",
        ),
        (
            r#"{"access_token": "s3cret", "token_type": "Bearer", "scope": ["s3cret"]}"#,
            "$.scope",
        ),
    ] {
        let error = ask(move |_, _| body.into_response()).await;
        assert!(error.is_decode(), "{body}: {error}");
        assert_eq!(error.json_path(), Some(path), "{body}");
        assert_eq!(error.status().unwrap(), 200);
        assert!(error.raw().is_none());
    }
}

#[tokio::test]
async fn a_life_beyond_all_clocks_is_no_panic() {
    let respond = |_: &Site, _: &Seen| tokens_reply(json!({"expires_in": u64::MAX}));
    let server = Server::start(respond).await;
    let client = server.client();
    let tokens = client.client_credentials().send().await.unwrap();
    let month = Duration::from_secs(30 * 24 * 60 * 60);
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    assert_eq!(tokens.expires_at, Some(now + month));
}

#[tokio::test]
async fn oauths_errors_keep_code_and_description() {
    for status in [400, 401, 403] {
        let error = ask(move |_, _| error_reply(status, "invalid_scope", "No such scope")).await;
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.code(), Some("invalid_scope"));
        assert_eq!(error.summary(), Some("No such scope"));
        assert!(error.to_string().contains("invalid_scope: No such scope"));
    }
}

#[tokio::test]
async fn server_errors_keep_their_text() {
    let html = || (http::StatusCode::BAD_GATEWAY, "<h1>Bad gateway</h1>");
    let error = ask(move |_, _| html().into_response()).await;
    assert_eq!(error.status().unwrap(), 502);
    assert_eq!(error.code(), None);
    assert_eq!(error.body_text().unwrap(), "<h1>Bad gateway</h1>");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let error = ask(|_, _| Redirect::temporary("/elsewhere").into_response()).await;
    assert_eq!(error.status().unwrap(), 307);
}

fn client_of(issuer: Issuer) -> OAuthClient {
    OAuthClient::builder(issuer.clone(), CLIENT_ID)
        .authentication(ClientAuthentication::secret_basic("s3cret-cs"))
        .metadata(ServerMetadata::okta(&issuer))
        .requests(|requests| {
            requests
                .max_retries(0)
                .attempt_timeout(Duration::from_millis(50))
        })
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_server_that_is_down_or_silent_is_a_transport_error() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let down = format!("http://{}", socket.local_addr().unwrap());
    let oauth = client_of(Issuer::parse(&down).unwrap());
    let error = oauth.client_credentials().send().await.unwrap_err();
    assert!(error.is_transport() && !error.is_timeout(), "{error}");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(any(pending::<()>));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let oauth = client_of(Issuer::parse(&silent).unwrap());
    let error = oauth.client_credentials().send().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.operation(), Some("token"));
}

#[tokio::test]
async fn a_server_that_names_endpoints_elsewhere_gets_nothing() {
    for (member, value) in [
        ("token_endpoint", json!("https://evil.example/token")),
        ("issuer", json!("https://evil.example")),
    ] {
        let respond = |_: &Site, _: &Seen| panic!("nothing is to be sent");
        let server = Server::with_metadata(json!({member: value}), respond).await;
        let error = server.client().client_credentials().send().await;
        let error = error.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert!(error.to_string().contains("evil.example"), "{error}");
    }
}
