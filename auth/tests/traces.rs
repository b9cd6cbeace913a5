//! What a call leaves in the traces.
#![allow(clippy::unwrap_used)]

mod scripted;

use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use okta_auth::transport::{Answer, SendError, Transport};
use okta_auth::{ApiToken, Call, OrgUrl, Pipeline};
use reqwest::header::HeaderMap;
use reqwest::{Method, Request};

use tokio::net::TcpListener;
use tokio::time::{Duration, timeout};
use tracing::Level;
use tracing::subscriber::DefaultGuard;
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

impl Buffer {
    /// Takes down what this thread traces, as long as the guard lives.
    fn listen(&self) -> DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(Level::TRACE)
            .with_span_events(FmtSpan::CLOSE)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// What the span of the call says when it closes.
    fn span(&self) -> String {
        let text = self.text();
        let mut lines = text.lines();
        let closed = lines.find(|line| line.contains("okta_auth::http::pipeline: close"));
        closed.unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_span_tells_of_the_call_and_nothing_tells_of_secrets() {
    let buffer = Buffer::default();
    let _guard = buffer.listen();

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

    let (text, span) = (buffer.text(), buffer.span());
    for field in [
        "operation=\"getUser\"",
        "method=GET",
        "path=\"/api/v1/users/{userId}\"",
        "status=404",
        "attempts=1",
        "request_id=\"req-7\"",
        "error=\"status\"",
        "otel.status_code=\"ERROR\"",
    ] {
        assert!(span.contains(field), "{field} is missing in {span}");
    }
    assert!(!text.contains("leak"), "{text}");
}

/// Is busy at first, and then says nothing at all.
#[derive(Debug)]
struct Stuck(Mutex<bool>);

impl Transport for Stuck {
    async fn send(&self, _: Request, _: &Call) -> Result<Answer, SendError> {
        let first = !std::mem::replace(&mut *self.0.lock().unwrap(), true);
        match first {
            true => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Ok(Answer::new(status, HeaderMap::new(), ""))
            }
            false => std::future::pending().await,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_span_of_a_call_without_an_answer_says_how_it_ended() {
    for (limit, given_up_after, error) in [(9, 99, "timeout"), (99, 9, "cancelled")] {
        let buffer = Buffer::default();
        let guard = buffer.listen();
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        let pipeline = Pipeline::builder(org, ApiToken::new("leak").unwrap())
            .transport(Stuck(Mutex::new(false)))
            .request_timeout(Duration::from_secs(limit))
            .build()
            .unwrap();
        let _ = timeout(
            Duration::from_secs(given_up_after),
            scripted::get(&pipeline),
        )
        .await;
        drop(guard);
        let span = buffer.span();
        for field in ["status=503", "attempts=2", &format!("error=\"{error}\"")] {
            assert!(span.contains(field), "{field} is missing in {span}");
        }
    }
}

#[tokio::test]
async fn the_span_of_a_call_that_was_not_sent_has_an_error() {
    let buffer = Buffer::default();
    let guard = buffer.listen();
    let pipeline = scripted::builder("https://acme.okta.com").build().unwrap();
    let url = reqwest::Url::parse("https://elsewhere.example/").unwrap();
    let call = Call::new("getUser", "/api/v1/users/{userId}");
    let sent = pipeline.send(Request::new(Method::GET, url), &call).await;
    assert!(sent.unwrap_err().is_invalid_argument());
    drop(guard);
    assert!(buffer.span().contains("error=\"argument\""));
}
