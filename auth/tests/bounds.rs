//! No answer takes more memory than it may, whatever the server sends.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use okta_auth::{ApiToken, Call, Error, OrgUrl, Pipeline, PipelineBuilder, RawResponse};
use reqwest::{Method, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const CALL: Call = Call::new("listUsers", "/api/v1/users");
const MIB: usize = 1 << 20;

fn builder(address: SocketAddr) -> PipelineBuilder {
    let org = OrgUrl::parse(&format!("http://{address}")).unwrap();
    Pipeline::builder(org, ApiToken::new("00abc").unwrap())
}

async fn send(
    builder: PipelineBuilder,
    call: Call,
    headers: &[(HeaderName, &'static str)],
) -> Result<RawResponse, Error> {
    let pipeline = builder.build().unwrap();
    let url = pipeline.org_url().as_url().join("/api/v1/users").unwrap();
    let mut request = Request::new(Method::GET, url);
    for (name, value) in headers {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    pipeline.send(request, &call).await
}

/// Sends `head` and then spaces without end, as chunks if `chunked`. Counts connections and bytes.
async fn endless(head: &'static str) -> (SocketAddr, Arc<[AtomicUsize; 2]>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let counts = Arc::new([const { AtomicUsize::new(0) }; 2]);
    let counter = Arc::clone(&counts);
    tokio::spawn(async move {
        let chunk = [&b"4000\r\n"[..], &[b' '; 0x4000], b"\r\n"].concat();
        while let Ok((mut stream, _)) = listener.accept().await {
            counter[0].fetch_add(1, Ordering::SeqCst);
            let read = stream.read(&mut [0; 4096]).await;
            assert!(read.is_ok());
            stream.write_all(head.as_bytes()).await.ok();
            while stream.write_all(&chunk).await.is_ok() {
                counter[1].fetch_add(chunk.len(), Ordering::SeqCst);
            }
        }
    });
    (address, counts)
}

/// Says that a GiB comes, and sends nothing of it.
async fn announces_a_gib() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let read = stream.read(&mut [0; 4096]).await;
        assert!(read.is_ok());
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
        stream.write_all(head).await.unwrap();
        std::future::pending::<()>().await;
    });
    address
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Answers with this body as `gzip`, however it is asked, and tells what was asked for.
async fn gzipped(status: StatusCode, body: Vec<u8>) -> SocketAddr {
    let answer = move |headers: HeaderMap| async move {
        let asked = headers.get("accept-encoding").cloned();
        let asked = asked.unwrap_or_else(|| "nothing".parse().unwrap());
        let headers = [
            ("content-encoding", "gzip".parse().unwrap()),
            ("x-asked", asked),
        ];
        (status, headers, body)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/api/v1/users", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_not_read() {
    let error = send(builder(announces_a_gib().await), CALL, &[]).await;
    let error = error.unwrap_err();
    assert!(error.is_too_large() && error.attempts() == 1, "{error}");
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert!(error.may_have_arrived() && !error.is_transport());
    assert!(error.to_string().contains("67108864 bytes"), "{error}");
}

#[tokio::test]
async fn a_body_without_end_is_cut_and_not_asked_for_again() {
    let (address, counts) = endless("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
    let error = send(builder(address).max_response_bytes(MIB), CALL, &[]).await;
    assert!(error.unwrap_err().is_too_large());
    assert_eq!(counts[0].load(Ordering::SeqCst), 1);
    // What is on its way when the connection is closed is in the buffers of two sockets.
    assert!(counts[1].load(Ordering::SeqCst) < 64 * MIB);
}

#[tokio::test]
async fn of_an_errors_body_256_kib_are_kept() {
    let head = "HTTP/1.1 403 Forbidden\r\ntransfer-encoding: chunked\r\n\r\n";
    let (address, _) = endless(head).await;
    let error = send(builder(address), CALL, &[]).await.unwrap_err();
    assert!(error.is_auth() && !error.is_too_large(), "{error}");
    assert_eq!(error.body_text().unwrap().len(), 256 << 10);

    let bomb = gzipped(StatusCode::FORBIDDEN, gzip(&vec![b' '; 8 * MIB])).await;
    let error = send(builder(bomb), CALL, &[]).await.unwrap_err();
    assert_eq!(error.body_text().unwrap().len(), 256 << 10);
}

#[tokio::test]
async fn a_call_has_a_limit_of_its_own() {
    let address = gzipped(StatusCode::OK, gzip(&[b'1'; 100])).await;
    let call = |limit| CALL.max_response_bytes(limit);
    let response = send(builder(address).max_response_bytes(5), call(100), &[]).await;
    assert_eq!(response.unwrap().body.len(), 100);
    let error = send(builder(address), call(99), &[]).await.unwrap_err();
    assert!(error.is_too_large(), "{error}");
}

#[tokio::test]
async fn gzip_is_asked_for_and_inflated() {
    let address = gzipped(StatusCode::OK, gzip(b"[42]")).await;
    let response = send(builder(address), CALL, &[]).await.unwrap();
    assert_eq!(response.headers["x-asked"], "gzip");
    assert_eq!(&response.body[..], b"[42]");
    for name in ["content-encoding", "content-length"] {
        assert!(!response.headers.contains_key(name), "{name}");
    }
}

/// This test runs with the feature `gzip` of `reqwest`, as another crate may turn it on.
#[tokio::test]
async fn nothing_is_inflated_that_was_not_asked_for() {
    let wire = gzip(b"[42]");
    let address = gzipped(StatusCode::OK, wire.clone()).await;
    let off = send(builder(address).compression(false), CALL, &[])
        .await
        .unwrap();
    assert_eq!(off.headers["x-asked"], "nothing");
    let own = [(HeaderName::from_static("accept-encoding"), "gzip, br")];
    let own = send(builder(address), CALL, &own).await.unwrap();
    assert_eq!(own.headers["x-asked"], "gzip, br");
    for response in [off, own] {
        assert_eq!(response.headers["content-encoding"], "gzip");
        assert_eq!(response.body, wire);
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_cut_at_the_limit() {
    let bomb = gzip(&vec![b' '; 16 * MIB]);
    assert!(bomb.len() < MIB / 16);
    let address = gzipped(StatusCode::OK, bomb).await;
    // A client of one's own may inflate: what it gives counts.
    let own = reqwest::Client::builder().gzip(true).build().unwrap();
    for builder in [builder(address), builder(address).transport(own)] {
        let error = send(builder.max_response_bytes(MIB), CALL, &[]).await;
        assert!(error.unwrap_err().is_too_large());
    }
}

#[tokio::test]
async fn a_gzip_body_that_breaks_off_is_fetched_again() {
    let short = gzip(b"[42]");
    let address = gzipped(StatusCode::OK, short[..short.len() - 3].to_vec()).await;
    let error = send(builder(address).max_retries(1), CALL, &[]).await;
    let error = error.unwrap_err();
    assert!(error.is_transport() && error.attempts() == 2, "{error}");
}
