//! What a caller may change of the HTTP client, and what stays whatever the caller does.
#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request as Asked;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use okta_auth::{ApiToken, Call, Error, OrgUrl, Pipeline, PipelineBuilder, RawResponse};
use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Method, Request, retry};
use tokio::net::TcpListener;

type Seen = Arc<Mutex<Vec<(String, HeaderMap)>>>;

/// Sends `/api/v1/users` elsewhere, has no time for `/api/v1/groups`, answers all else, and keeps
/// what was asked.
async fn server() -> (SocketAddr, Seen) {
    let seen = Seen::default();
    let keep = Arc::clone(&seen);
    let answer = move |asked: Asked| {
        let path = asked.uri().path().to_owned();
        let answer = match &*path {
            "/api/v1/users" => (StatusCode::FOUND, [("location", "/elsewhere")]).into_response(),
            "/api/v1/groups" => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => "[]".into_response(),
        };
        keep.lock().unwrap().push((path, asked.headers().clone()));
        async move { answer }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, seen)
}

fn builder(org: &str) -> PipelineBuilder {
    let org = OrgUrl::parse_allowing_http(org).unwrap();
    Pipeline::builder(org, ApiToken::new("00abc").unwrap()).max_retries(0)
}

async fn get(builder: PipelineBuilder, path: &str) -> Result<RawResponse, Error> {
    let pipeline = builder.build().unwrap();
    let url = pipeline.org_url().as_url().join(path).unwrap();
    let call = Call::new("get", "/api/v1");
    pipeline.send(Request::new(Method::GET, url), &call).await
}

#[tokio::test]
async fn a_callers_redirect_policy_is_not_followed() {
    let changes: [fn(ClientBuilder) -> ClientBuilder; 2] = [
        |http| http.redirect(Policy::limited(5)),
        |_| reqwest::Client::builder(),
    ];
    for change in changes {
        let (address, seen) = server().await;
        let org = format!("http://{address}");
        let error = get(builder(&org).http(change), "/api/v1/users").await;
        assert_eq!(error.unwrap_err().status(), Some(StatusCode::FOUND));
        assert_eq!(seen.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_callers_retries_do_not_send_a_request_again() {
    let (address, seen) = server().await;
    let org = format!("http://{address}");
    let again = |http: ClientBuilder| {
        let always = retry::for_host("127.0.0.1").no_budget();
        http.retry(always.classify_fn(|answer| answer.retryable()))
    };
    let error = get(builder(&org).http(again), "/api/v1/groups").await;
    assert_eq!(
        error.unwrap_err().status(),
        Some(StatusCode::SERVICE_UNAVAILABLE)
    );
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_callers_client_inflates_nothing() {
    let (address, seen) = server().await;
    let builder = builder(&format!("http://{address}")).compression(false);
    get(builder.http(|http| http.gzip(true)), "/api/v1/apps")
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    assert!(!seen[0].1.contains_key("accept-encoding"), "{seen:?}");
}

#[tokio::test]
async fn default_headers_and_addresses_of_a_callers_own_are_used() {
    let (address, seen) = server().await;
    let tenant = HeaderName::from_static("x-tenant");
    let headers = HeaderMap::from_iter([(tenant, HeaderValue::from_static("acme"))]);
    // A name that no name server knows (RFC 6761).
    let builder = builder(&format!("http://acme.invalid:{}", address.port()))
        .http(move |http| http.resolve("acme.invalid", address))
        .http(move |http| http.default_headers(headers.clone()));
    let response = get(builder.clone(), "/api/v1/apps").await.unwrap();
    assert_eq!(&response.body[..], b"[]");
    get(builder, "/api/v1/apps").await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    for (_, headers) in &*seen {
        assert_eq!(headers["x-tenant"], "acme");
        assert_eq!(headers["authorization"], "SSWS 00abc");
        let agent = headers["user-agent"].to_str().unwrap();
        assert!(agent.starts_with("okta-sdk-rust/"), "{agent}");
    }
}

#[test]
fn a_client_that_cannot_be_set_up_is_an_error_of_the_settings() {
    let broken = builder("https://acme.okta.com").http(|http| http.user_agent("line\nbreak"));
    assert!(broken.build().unwrap_err().is_configuration());
}
