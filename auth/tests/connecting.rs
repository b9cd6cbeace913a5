//! Errors of connections say why, and name no URL.
#![cfg(feature = "rustls")]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use okta_auth::{ApiToken, Call, ConnectFailure, Error, OrgUrl, Pipeline, PipelineBuilder, Proxy};
use reqwest::{Method, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const CALL: Call = Call::new("listUsers", "/api/v1/users");

fn builder(org: &str) -> PipelineBuilder {
    let org = OrgUrl::parse_allowing_http(org).unwrap();
    Pipeline::builder(org, ApiToken::new("00abc").unwrap())
}

async fn fail(builder: PipelineBuilder) -> Error {
    let pipeline = builder.build().unwrap();
    let mut url = pipeline.org_url().as_url().join("/api/v1/users").unwrap();
    url.set_query(Some("search=leak"));
    let request = Request::new(Method::GET, url);
    pipeline.send(request, &CALL).await.unwrap_err()
}

/// What the error says, in one line and at length, has the reason and not the URL.
fn says(error: &Error, failure: ConnectFailure) {
    assert_eq!(error.connect_failure(), Some(failure), "{error:?}");
    assert!(error.is_transport(), "{error:?}");
    let text = format!("could not connect: {failure}");
    assert!(error.to_string().contains(&text), "{error}");
    assert!(!format!("{error:?}").contains("leak"), "{error:?}");
}

/// An address where nobody listens, as long as the socket lives.
fn deaf() -> (SocketAddr, TcpSocket) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    (socket.local_addr().unwrap(), socket)
}

/// A TLS server with a certificate that it has signed itself, and how often it was connected to.
async fn self_signed() -> (SocketAddr, Arc<AtomicUsize>) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            acceptor.accept(stream).await.ok();
        }
    });
    (address, connections)
}

/// A proxy that says this and nothing else.
async fn proxy(answer: &'static str) -> (Proxy, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let read = stream.read(&mut [0; 4096]).await;
            assert!(read.is_ok());
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    (Proxy::new(&url).unwrap(), connections)
}

#[tokio::test]
async fn an_unknown_authority_is_not_tried_three_times() {
    let (address, connections) = self_signed().await;
    let error = fail(builder(&format!("https://{address}"))).await;
    says(&error, ConnectFailure::UnknownAuthority);
    assert_eq!(
        (error.attempts(), connections.load(Ordering::SeqCst)),
        (1, 1)
    );
    assert!(!error.may_have_arrived());
}

#[tokio::test]
async fn a_proxy_that_asks_for_a_login_is_not_tried_three_times() {
    let refuses = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
    let (proxy, connections) = proxy(refuses).await;
    let error = fail(builder("https://acme.okta.com").proxy(proxy)).await;
    says(&error, ConnectFailure::ProxyAuthentication);
    assert_eq!(
        (error.attempts(), connections.load(Ordering::SeqCst)),
        (1, 1)
    );
}

#[tokio::test]
async fn a_proxy_that_would_not_connect_is_named() {
    let (proxy, _) = proxy("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await;
    let builder = builder("https://acme.okta.com").max_retries(0);
    says(&fail(builder.proxy(proxy)).await, ConnectFailure::Proxy);
}

#[tokio::test]
async fn a_port_nobody_listens_on_refuses() {
    let (address, _socket) = deaf();
    let error = fail(builder(&format!("http://{address}")).max_retries(1)).await;
    says(&error, ConnectFailure::Refused);
    assert_eq!(error.attempts(), 2);
}

#[tokio::test]
async fn a_name_without_an_address_is_told_from_a_refusal() {
    // A label is longer than it may be, so that no name server is asked.
    let host = format!("{}.okta.com", "a".repeat(64));
    for org in [format!("http://{host}"), format!("https://{host}")] {
        let error = fail(builder(&org).max_retries(0)).await;
        says(&error, ConnectFailure::Dns);
    }
}

#[tokio::test]
async fn what_is_not_tls_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        // Until the client goes away.
        tokio::io::copy(&mut stream, &mut tokio::io::sink())
            .await
            .ok();
    });
    let error = fail(builder(&format!("https://{address}")).max_retries(0)).await;
    says(&error, ConnectFailure::Tls);
}
