//! What only a real connection shows: bodies and connections that break off, redirects, and
//! what goes over the wire.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::AppendHeaders;
use axum::routing::get;
use futures::TryStreamExt;
use okta_auth::{ApiToken, Call, Error, OrgUrl, Pipeline, PipelineBuilder, RawResponse, Stage};
use reqwest::{Method, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};

const CALL: Call = Call::new("listUsers", "/api/v1/users");
const WHOLE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\n[42]";
const TRUNCATED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n[4";
const NOTHING: &str = "";

fn builder(address: SocketAddr) -> PipelineBuilder {
    let org = OrgUrl::parse(&format!("http://{address}")).unwrap();
    Pipeline::builder(org, ApiToken::new("00abc").unwrap())
}

async fn send(builder: PipelineBuilder, method: Method) -> Result<RawResponse, Error> {
    let pipeline = builder.build().unwrap();
    let url = pipeline.org_url().as_url().join("/api/v1/users").unwrap();
    pipeline.send(Request::new(method, url), &CALL).await
}

/// Answers connection after connection with these bytes, closing each; the last ones stay.
async fn raw_server(answers: &'static [&'static str]) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let number = counter
                .fetch_add(1, Ordering::SeqCst)
                .min(answers.len() - 1);
            let read = stream.read(&mut [0; 4096]).await;
            assert!(read.is_ok());
            stream.write_all(answers[number].as_bytes()).await.ok();
        }
    });
    (address, connections)
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn a_body_or_connection_that_breaks_off_is_fetched_again_where_that_is_safe() {
    for answers in [&[TRUNCATED, WHOLE], &[NOTHING, WHOLE]] {
        let (address, _) = raw_server(answers).await;
        let response = send(builder(address), Method::GET).await.unwrap();
        assert_eq!((response.attempts, &response.body[..]), (2, &b"[42]"[..]));

        let (address, connections) = raw_server(answers).await;
        let error = send(builder(address), Method::POST).await.unwrap_err();
        assert!(error.is_transport() && !error.is_timeout(), "{error}");
        assert_eq!(connections.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_port_nobody_listens_on_is_a_transport_error() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let error = send(builder(address).max_retries(0), Method::POST)
        .await
        .unwrap_err();
    assert!(error.is_transport() && !error.is_timeout());
    assert!(error.to_string().contains("could not connect"), "{error}");
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let builder = builder(listener.local_addr().unwrap());
    let error = send(
        builder.attempt_timeout(Duration::from_millis(50)),
        Method::POST,
    )
    .await;
    assert!(error.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let followed = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&followed);
    let elsewhere = serve(Router::new().route(
        "/",
        get(move || async move { counter.fetch_add(1, Ordering::SeqCst).to_string() }),
    ))
    .await;
    let location = format!("http://{elsewhere}/");
    let org = serve(Router::new().route(
        "/api/v1/users",
        get(move || async move { (StatusCode::FOUND, [("location", location)]) }),
    ))
    .await;
    let error = send(builder(org), Method::GET).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(followed.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_wire_has_token_and_user_agent() {
    let echo = |headers: HeaderMap| async move {
        ["authorization", "user-agent"]
            .map(|name| headers[name].to_str().unwrap().to_owned())
            .join("|")
    };
    let address = serve(Router::new().route("/api/v1/users", get(echo))).await;
    let response = send(builder(address).user_agent_extra("my-app/1"), Method::GET)
        .await
        .unwrap();
    let text = String::from_utf8(response.body.to_vec()).unwrap();
    assert!(text.starts_with("SSWS 00abc|okta-sdk-rust/"), "{text}");
    assert!(text.ends_with(" my-app/1"), "{text}");
}

#[tokio::test]
async fn two_link_lines_lead_from_page_to_page() {
    let list = |uri: Uri, headers: HeaderMap| async move {
        let base = format!("http://{}/api/v1/users", headers["host"].to_str().unwrap());
        let own = ("link", format!("<{base}>; rel=\"self\""));
        match uri.query() {
            None => {
                let next = ("link", format!("<{base}?after=x%2By>; rel=\"next\""));
                (AppendHeaders(vec![own, next]), "[1]".to_owned())
            }
            Some(query) => (AppendHeaders(vec![own]), query.to_owned()),
        }
    };
    let address = serve(Router::new().route("/api/v1/users", get(list))).await;
    let pipeline = builder(address).build().unwrap();
    let url = pipeline.org_url().as_url().join("/api/v1/users").unwrap();
    for ahead in [0, 1] {
        let first = Request::new(Method::GET, url.clone());
        let pages = pipeline.pages(first, CALL).prefetch(ahead);
        let bodies: Vec<_> = pages.map_ok(|page| page.body).try_collect().await.unwrap();
        assert_eq!(bodies, ["[1]", "after=x%2By"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_cut_tells_whether_it_had_a_connection() {
    // Says nothing, so that the TLS handshake does not end.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let org = OrgUrl::parse(&format!("https://{address}")).unwrap();
    let silent = Pipeline::builder(org, ApiToken::new("00abc").unwrap());
    let silent = silent.request_timeout(Duration::from_secs(5));
    let error = send(silent, Method::POST).await.unwrap_err();
    assert_eq!(error.stage(), Some(Stage::Connect), "{error}");
    assert!(error.is_timeout() && error.attempts() == 1);
}

#[tokio::test]
async fn a_call_that_is_cut_after_it_was_read_may_have_arrived() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let read = stream.read(&mut [0; 4096]).await;
        assert!(read.is_ok());
        // From here on time flies.
        tokio::time::pause();
        std::future::pending::<()>().await;
        drop(stream);
    });
    let patient = builder(address).request_timeout(Duration::from_secs(3600));
    let patient = patient.attempt_timeout(Duration::from_secs(7200));
    let error = send(patient, Method::POST).await.unwrap_err();
    assert_eq!(error.stage(), Some(Stage::Answer), "{error}");
    assert!(error.is_timeout() && error.may_have_arrived());
}
