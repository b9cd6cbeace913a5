//! Through a proxy that speaks SOCKS 5 (RFC 1928, and RFC 1929 for passwords).
#![cfg(all(feature = "rustls", feature = "socks"))]
#![allow(clippy::unwrap_used)]

#[allow(dead_code)] // these tests use a part of it
#[path = "certificates/server.rs"]
mod server;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use okta_auth::{ApiToken, ConnectFailure, Error, OrgUrl, Pipeline, PipelineBuilder, Proxy};
use server::{Authority, call};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

const NO_PASSWORD: u8 = 0;
const PASSWORD: u8 = 2;
const NONE_OF_THESE: u8 = 0xff;
const NAME: u8 = 3;
const CONNECTION_REFUSED: u8 = 5;

/// A proxy that connects to `target`, whatever it is asked for.
#[derive(Clone, Copy)]
struct Rules {
    target: SocketAddr,
    login: Option<(&'static str, &'static str)>,
    status: u8,
}

impl Rules {
    fn open(target: SocketAddr) -> Self {
        Self {
            target,
            login: None,
            status: 0,
        }
    }
}

/// What was asked for, such as `acme.okta.com:443`.
type Asked = Arc<Mutex<Vec<String>>>;

async fn proxy(rules: Rules) -> (SocketAddr, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Asked::default());
    let keep = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, rules, Arc::clone(&keep)));
        }
    });
    (address, asked)
}

async fn serve(mut stream: TcpStream, rules: Rules, asked: Asked) {
    if !logs_in(&mut stream, rules.login).await {
        asked.lock().unwrap().push("refused".to_owned());
        return;
    }
    let target = target(&mut stream).await;
    asked.lock().unwrap().push(target);
    let reply = [5, rules.status, 0, 1, 0, 0, 0, 0, 0, 0];
    stream.write_all(&reply).await.unwrap();
    if rules.status == 0 {
        let mut server = TcpStream::connect(rules.target).await.unwrap();
        copy_bidirectional(&mut stream, &mut server).await.ok();
    }
}

async fn logs_in(stream: &mut TcpStream, login: Option<(&str, &str)>) -> bool {
    assert_eq!(stream.read_u8().await.unwrap(), 5);
    let methods = counted(stream).await;
    let wanted = login.map_or(NO_PASSWORD, |_| PASSWORD);
    if !methods.contains(&wanted) {
        stream.write_all(&[5, NONE_OF_THESE]).await.unwrap();
        return false;
    }
    stream.write_all(&[5, wanted]).await.unwrap();
    let Some((name, password)) = login else {
        return true;
    };
    assert_eq!(stream.read_u8().await.unwrap(), 1);
    let given = (counted(stream).await, counted(stream).await);
    let is_right = given == (name.into(), password.into());
    stream.write_all(&[1, u8::from(!is_right)]).await.unwrap();
    is_right
}

/// Bytes after their number.
async fn counted(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = vec![0; stream.read_u8().await.unwrap().into()];
    stream.read_exact(&mut bytes).await.unwrap();
    bytes
}

async fn target(stream: &mut TcpStream) -> String {
    let mut head = [0; 4];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head[..3], [5, 1, 0], "version 5, to connect");
    let host = match head[3] {
        NAME => String::from_utf8(counted(stream).await).unwrap(),
        _ => Ipv4Addr::from(stream.read_u32().await.unwrap()).to_string(),
    };
    format!("{host}:{}", stream.read_u16().await.unwrap())
}

/// An HTTP server that answers each request.
async fn org() -> SocketAddr {
    let router = axum::Router::new().fallback(|| async { "[]" });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// An org whose name no name server knows (RFC 6761).
fn builder(proxy: Proxy) -> PipelineBuilder {
    let org = OrgUrl::parse_allowing_http("http://acme.invalid").unwrap();
    Pipeline::builder(org, ApiToken::new("00abc").unwrap()).proxy(proxy)
}

async fn send(builder: PipelineBuilder) -> Result<(), Error> {
    call(&builder.build().unwrap()).await
}

#[tokio::test]
async fn socks5h_gives_the_proxy_the_name_and_socks5_the_address() {
    let (address, asked) = proxy(Rules::open(org().await)).await;
    let by_name = Proxy::new(&format!("socks5h://{address}")).unwrap();
    send(builder(by_name)).await.unwrap();
    let by_address = Proxy::new(&format!("socks5://{address}")).unwrap();
    let known = ([192, 0, 2, 1], 0).into();
    let builder = builder(by_address).http(move |http| http.resolve("acme.invalid", known));
    send(builder).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), ["acme.invalid:80", "192.0.2.1:80"]);
}

#[tokio::test]
async fn tls_goes_through_the_proxy_and_checks_the_orgs_certificate() {
    let authority = Authority::new();
    let (target, seen) = server::server(&authority, None).await;
    let (address, asked) = proxy(Rules::open(target)).await;
    let org = OrgUrl::parse(&format!("https://{target}")).unwrap();
    let builder = Pipeline::builder(org, ApiToken::new("00abc").unwrap())
        .proxy(Proxy::new(&format!("socks5h://{address}")).unwrap());
    let error = send(builder.clone()).await.unwrap_err();
    assert_eq!(
        error.connect_failure(),
        Some(ConnectFailure::UnknownAuthority)
    );
    send(builder.root_certificates(authority.roots()))
        .await
        .unwrap();
    assert_eq!(
        *asked.lock().unwrap(),
        [target.to_string(), target.to_string()]
    );
    assert!(seen.lock().unwrap()[0].contains("SSWS 00abc"));
}

#[tokio::test]
async fn a_password_is_sent_and_a_refused_one_is_not_sent_three_times() {
    let rules = Rules {
        login: Some(("joe", "leak-1")),
        ..Rules::open(org().await)
    };
    let (address, asked) = proxy(rules).await;
    let proxy = Proxy::new(&format!("socks5h://{address}")).unwrap();
    let right = proxy.clone().basic_auth("joe", "leak-1");
    send(builder(right)).await.unwrap();
    for wrong in [proxy.clone().basic_auth("joe", "leak-2"), proxy] {
        let error = send(builder(wrong)).await.unwrap_err();
        assert_eq!(
            error.connect_failure(),
            Some(ConnectFailure::ProxyAuthentication),
            "{error:?}"
        );
        assert!(!format!("{error:?}").contains("leak"), "{error:?}");
    }
    assert_eq!(
        *asked.lock().unwrap(),
        ["acme.invalid:80", "refused", "refused"]
    );
}

#[tokio::test]
async fn a_proxy_that_would_not_connect_is_named() {
    let rules = Rules {
        status: CONNECTION_REFUSED,
        ..Rules::open(org().await)
    };
    let (address, _) = proxy(rules).await;
    let proxy = Proxy::new(&format!("socks5h://{address}")).unwrap();
    let error = send(builder(proxy).max_retries(0)).await.unwrap_err();
    assert_eq!(error.connect_failure(), Some(ConnectFailure::Proxy));
}
