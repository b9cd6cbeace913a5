//! Keys fetched from a server, over real HTTP.

use std::future::IntoFuture;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use futures::future::join_all;
use okta_auth::jose::SigningKey;
use okta_auth::{Clock, Issuer, Verifier, VerifyError};
use serde_json::{Value, json};

use crate::made::*;

/// What the server answers when it is asked for its keys.
type Answer = (StatusCode, [(&'static str, &'static str); 1], String);

/// An authorization server with nothing but its discovery document and its keys.
#[derive(Clone)]
struct Server {
    issuer: String,
    now: Arc<AtomicI64>,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
    /// Keeps the answer back until it is let go.
    gate: Arc<tokio::sync::Semaphore>,
}

impl Server {
    async fn start(keys: &[&SigningKey]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            issuer: format!("http://{}/oauth2/default", listener.local_addr().unwrap()),
            now: Arc::new(AtomicI64::new(NOW)),
            answer: Arc::new(Mutex::new(with_keys(keys))),
            asked: Arc::default(),
            gate: Arc::new(tokio::sync::Semaphore::new(1_000_000)),
        };
        let app = Router::new()
            .route("/oauth2/default/{*rest}", axum::routing::get(serve))
            .with_state(server.clone());
        tokio::spawn(axum::serve(listener, app).into_future());
        server
    }

    fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Lets time pass.
    fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    fn verifier(&self) -> Verifier {
        let now = Arc::clone(&self.now);
        Verifier::builder(Issuer::parse(&self.issuer).unwrap())
            .audience(AUDIENCE)
            .clock(Clock::new(move || at(now.load(Ordering::SeqCst))))
            .requests(|requests| requests.max_retries(0))
            .build()
            .unwrap()
    }

    fn token(&self, key: &SigningKey) -> String {
        let claims = with(access_claims(), "iss", self.issuer.clone().into());
        sign(key, &with(claims, "exp", json!(NOW + 1_000_000)))
    }
}

async fn serve(State(server): State<Server>, Path(path): Path<String>) -> Answer {
    let issuer = &server.issuer;
    if path == ".well-known/openid-configuration" {
        let document = json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/v1/authorize"),
            "token_endpoint": format!("{issuer}/v1/token"), "jwks_uri": format!("{issuer}/keys"),
        });
        return (StatusCode::OK, [("x-none", "")], document.to_string());
    }
    assert_eq!(path, "keys");
    server.asked.fetch_add(1, Ordering::SeqCst);
    let _pass = server.gate.acquire().await.unwrap();
    server.answer.lock().unwrap().clone()
}

fn with_keys(keys: &[&SigningKey]) -> Answer {
    let keys: Vec<Value> = keys.iter().map(|key| key.public_jwk().to_json()).collect();
    let body = json!({ "keys": keys }).to_string();
    (StatusCode::OK, [("cache-control", "max-age=3600")], body)
}

fn failing(status: StatusCode, body: &str) -> Answer {
    (status, [("x-none", "")], body.to_owned())
}

#[tokio::test]
async fn keys_are_asked_for_once() {
    let server = Server::start(&[&RSA]).await;
    let verifier = server.verifier();
    assert_eq!(server.asked(), 0);
    for _ in 0..10 {
        verifier
            .clone()
            .verify_access_token(&server.token(&RSA))
            .await
            .unwrap();
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tasks_wait_for_one_slow_answer() {
    let server = Server::start(&[&RSA]).await;
    let all_gates = server.gate.acquire_many(1_000_000).await.unwrap();
    let verifier = server.verifier();
    let token = server.token(&RSA);
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let (verifier, token) = (verifier.clone(), token.clone());
            tokio::spawn(async move { verifier.verify_access_token(&token).await.is_ok() })
        })
        .collect();
    // The first request has come; the others wait for it.
    while server.asked() == 0 {
        tokio::task::yield_now().await;
    }
    drop(all_gates);
    assert!(join_all(tasks).await.into_iter().all(Result::unwrap));
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn without_keys_the_error_says_why_and_a_call_after_a_while_asks_again() {
    let server = Server::start(&[&RSA]).await;
    let verifier = server.verifier();
    let token = server.token(&RSA);
    for (answer, expected) in [
        (failing(StatusCode::INTERNAL_SERVER_ERROR, "{}"), "500"),
        (failing(StatusCode::NOT_FOUND, "{}"), "404"),
        (failing(StatusCode::OK, "<html>garbage"), "not a JWK set"),
        (failing(StatusCode::OK, "{}"), "not a JWK set"),
        (failing(StatusCode::OK, r#"{"keys":[]}"#), "no key"),
        (with_keys(&[&EC]), "no key"),
    ] {
        server.answer(answer);
        let error = verifier.verify_access_token(&token).await.unwrap_err();
        assert!(matches!(error, VerifyError::Keys(_)), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
        // The longest wait.
        server.pass(72);
    }
    assert_eq!(server.asked(), 6);
    server.answer(with_keys(&[&RSA]));
    verifier.verify_access_token(&token).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_down_is_an_error_of_the_keys() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let issuer = Issuer::parse(&format!("http://{address}/oauth2/default")).unwrap();
    let verifier = Verifier::builder(issuer)
        .audience(AUDIENCE)
        .requests(|requests| requests.max_retries(0))
        .build()
        .unwrap();
    let token = sign(&RSA, &access_claims());
    let error = verifier.verify_access_token(&token).await.unwrap_err();
    assert!(matches!(error, VerifyError::Keys(_)), "{error}");
    assert!(error.to_string().contains("could not connect"), "{error}");
    // Nor is anybody asked for what is no token.
    let error = verifier.verify_access_token("opaque").await.unwrap_err();
    assert_eq!(name(&error), "Parts");
}

#[tokio::test]
async fn a_rotated_key_is_found() {
    let server = Server::start(&[&RSA]).await;
    let verifier = server.verifier();
    verifier
        .verify_access_token(&server.token(&RSA))
        .await
        .unwrap();
    let new = key(okta_auth::jose::Algorithm::Rs256, "new");
    server.answer(with_keys(&[&RSA, &new]));
    let tokens: Vec<_> = (0..100).map(|_| server.token(&new)).collect();
    let all = join_all(
        tokens
            .iter()
            .map(|token| verifier.verify_access_token(token)),
    )
    .await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(server.asked(), 2);
    verifier
        .verify_access_token(&server.token(&RSA))
        .await
        .unwrap();
}

#[tokio::test]
async fn made_up_key_ids_cause_few_requests() {
    let server = Server::start(&[&RSA]).await;
    let verifier = server.verifier();
    let good = server.token(&RSA);
    verifier.verify_access_token(&good).await.unwrap();
    for round in 0..3 {
        for number in 0..100 {
            let forged = server.token(&RSA.clone().with_key_id(format!("made-up-{number}")));
            let error = verifier.verify_access_token(&forged).await.unwrap_err();
            assert_eq!(name(&error), "UnknownKeyId");
            verifier.verify_access_token(&good).await.unwrap();
        }
        assert_eq!(server.asked(), 1 + 6 + round);
        server.pass(8);
    }
}

#[tokio::test]
async fn a_failing_key_server_is_not_an_unknown_key() {
    let server = Server::start(&[&RSA]).await;
    let verifier = server.verifier();
    let good = server.token(&RSA);
    verifier.verify_access_token(&good).await.unwrap();
    server.answer(failing(StatusCode::SERVICE_UNAVAILABLE, "{}"));
    let new = key(okta_auth::jose::Algorithm::Rs256, "new");
    for _ in 0..20 {
        let error = verifier.verify_access_token(&server.token(&new)).await;
        assert_eq!(name(&error.unwrap_err()), "Keys");
        verifier.verify_access_token(&good).await.unwrap();
    }
    assert_eq!(server.asked(), 2);
}
