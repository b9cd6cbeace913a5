//! What a call leaves in the traces.
#![allow(clippy::unwrap_used)]

use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use okta_auth::{ApiToken, Call, OrgUrl, Pipeline};
use reqwest::{Method, Request};
use tokio::net::TcpListener;
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_span_tells_of_the_call_and_nothing_tells_of_secrets() {
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let headers = [("x-okta-request-id", "req-7"), ("set-cookie", "sid=leak")];
    let router = Router::new().route(
        "/api/v1/users/{id}",
        get(move || async move { (StatusCode::NOT_FOUND, headers, r#"{"token":"leak"}"#) }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let org = OrgUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });

    let pipeline = Pipeline::builder(org, ApiToken::new("leak").unwrap())
        .build()
        .unwrap();
    let url = pipeline
        .org_url()
        .as_url()
        .join("/api/v1/users/00u1")
        .unwrap();
    let call = Call::new("getUser", "/api/v1/users/{userId}");
    pipeline
        .send(Request::new(Method::GET, url), &call)
        .await
        .unwrap_err();

    let text = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
    let span = text
        .lines()
        .find(|line| line.contains("okta_auth::pipeline: close"))
        .unwrap();
    for field in [
        "operation=\"getUser\"",
        "method=GET",
        "path=\"/api/v1/users/{userId}\"",
        "status=404",
        "attempts=1",
        "request_id=\"req-7\"",
    ] {
        assert!(span.contains(field), "{field} is missing in {span}");
    }
    assert!(!text.contains("leak"), "{text}");
}
