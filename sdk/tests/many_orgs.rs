//! One pool of connections for several orgs.
#![cfg(feature = "users")]
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use okta_sdk::oauth::ClientAuthentication;
use okta_sdk::testing::Script;
use okta_sdk::{ApiToken, Client, OrgUrl, ServiceApp};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::test(start_paused = true)]
async fn each_org_is_asked_with_its_own_credentials() {
    let script = Script::new().answer("getUser", 200, json!({"id": "00u1"}));
    let acme = script.client().unwrap();
    let globex = acme
        .with_org("https://globex.okta.com", ApiToken::new("other").unwrap())
        .unwrap();
    assert_eq!(globex.org_url().as_str(), "https://globex.okta.com");
    for okta in [&acme, &globex, &acme] {
        okta.users().get("me").await.unwrap();
    }
    let sent: Vec<String> = script
        .requests()
        .iter()
        .map(|request| {
            let who = request.headers()["authorization"].to_str().unwrap();
            format!("{} {who}", request.url().host_str().unwrap())
        })
        .collect();
    let (one, other) = (
        "script.okta.com SSWS scripted",
        "globex.okta.com SSWS other",
    );
    assert_eq!(sent, [one, other, one]);
}

#[test]
fn a_url_that_is_none_of_an_org_is_refused() {
    let okta = Script::new().client().unwrap();
    for url in ["", "globex", "http://globex.okta.com", "http://localhost:1"] {
        let token = ApiToken::new("other").unwrap();
        assert!(okta.with_org(url, token).unwrap_err().is_configuration());
    }
}

#[test]
fn plain_http_is_for_those_who_have_allowed_it() {
    let builder = |url: &str| Client::builder().org_url(url).api_token("one");
    let other = |okta: &Client| {
        let token = ApiToken::new("other").unwrap();
        okta.with_org("http://globex.example", token)
    };
    let local = builder("http://127.0.0.1:1").build().unwrap();
    assert!(other(&local).unwrap_err().is_configuration());
    let allowed = builder("http://acme.example").allow_http(true);
    let globex = other(&allowed.build().unwrap()).unwrap();
    // It is handed on.
    assert!(other(&globex).is_ok());
}

/// Answers every request on every connection, and counts connections.
async fn counting_server() -> (String, Arc<Mutex<u32>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::<Mutex<u32>>::default();
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            *counted.lock().unwrap() += 1;
            tokio::spawn(async move {
                let mut request = [0; 4096];
                while matches!(socket.read(&mut request).await, Ok(1..)) {
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                    socket.write_all(answer).await.unwrap();
                }
            });
        }
    });
    (url, connections)
}

#[tokio::test]
async fn the_pool_of_connections_is_the_same() {
    let (url, connections) = counting_server().await;
    let first = Client::builder()
        .org_url(&url)
        .api_token("one")
        .build()
        .unwrap();
    // The same host under the credentials of another tenant: the connection is taken again.
    let second = first.with_org(&url, ApiToken::new("two").unwrap()).unwrap();
    for okta in [&first, &second, &first] {
        okta.users().get("me").await.unwrap();
    }
    assert_eq!(*connections.lock().unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn service_apps_ask_for_their_tokens_over_the_same_transport() {
    let token = |token: &str| json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": "s"});
    let script = Script::new()
        .answer("token", 200, token("first"))
        .answer("token", 200, token("second"))
        .answer("getUser", 200, json!({"id": "00u1"}));
    let login = ClientAuthentication::secret_basic("secret");
    let acme = Client::builder()
        .org_url("https://acme.okta.com")
        .service_app("0oa1", login.clone(), ["okta.users.read"])
        .transport(script.clone())
        .build()
        .unwrap();
    let pool = acme.pipeline().transport().clone();
    let org = OrgUrl::parse("https://globex.okta.com").unwrap();
    let app = ServiceApp::builder(&org, "0oa2", login)
        .scopes(["okta.users.read"])
        .requests(|requests| requests.transport(pool.clone()))
        .build()
        .unwrap();
    let globex = acme.with_org(org.as_str(), app).unwrap();
    for okta in [&acme, &globex] {
        okta.users().get("me").await.unwrap();
    }
    let sent: Vec<String> = script
        .requests()
        .iter()
        .map(|request| {
            let who = request.headers()["authorization"].to_str().unwrap();
            let who = who.split(' ').next_back().unwrap();
            let host = request.url().host_str().unwrap();
            match request.operation() {
                "token" => format!("{host} token"),
                operation => format!("{host} {operation} {who}"),
            }
        })
        .collect();
    assert_eq!(
        sent,
        [
            "acme.okta.com token",
            "acme.okta.com getUser first",
            "globex.okta.com token",
            "globex.okta.com getUser second",
        ]
    );
}
