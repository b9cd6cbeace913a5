//! Access tokens that are remembered.

use std::future::IntoFuture;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use axum::{Router, routing::get};
use okta_auth::jose::{Algorithm, JwkSet};
use okta_auth::{
    AccessTokenClaims, Clock, Issuer, ServerMetadata, Verifier, VerifierBuilder, VerifyError,
};
use serde_json::json;

use crate::made::*;
use crate::proofs::{CLIENT_KEY, bound_to, check, made};

/// A verifier whose clock goes on when it is told to.
pub struct Aging {
    verifier: Verifier,
    now: Arc<AtomicI64>,
}

pub fn aging(builder: VerifierBuilder) -> Aging {
    let now = Arc::new(AtomicI64::new(NOW));
    let time = Arc::clone(&now);
    let clock = Clock::new(move || at(time.load(Ordering::SeqCst)));
    let verifier = builder.clock(clock).build().unwrap();
    Aging { verifier, now }
}

impl Aging {
    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    pub async fn verify(&self, token: &str) -> Result<AccessTokenClaims, VerifyError> {
        self.verifier.verify_access_token(token).await
    }
}

#[tokio::test]
async fn a_remembered_token_says_the_same_and_still_expires() {
    let aging = aging(builder().remember_tokens(8));
    let token = sign(&RSA, &with(access_claims(), "exp", json!(NOW + 100)));
    let first = aging.verify(&token).await.unwrap();
    assert_eq!(aging.verify(&token).await.unwrap(), first);
    aging.pass(219);
    let last = aging.verify(&token).await.unwrap();
    assert_eq!(last.verified_at, at(NOW + 219));
    aging.pass(1);
    for _ in 0..2 {
        let error = aging.verify(&token).await.unwrap_err();
        assert_eq!(name(&error), "Expired");
    }
}

#[tokio::test]
async fn a_remembered_token_makes_no_other_good() {
    let verifier = builder().remember_tokens(8).build().unwrap();
    let token = sign(&RSA, &access_claims());
    verifier.verify_access_token(&token).await.unwrap();
    let (signed, _) = token.rsplit_once('.').unwrap();
    assert_refused(&verifier, &format!("{signed}.AAAA"), "Signature").await;
    assert_refused(&verifier, &format!("{token}="), "Base64").await;
    assert_refused(&verifier, &format!(" {token}"), "Base64").await;
    assert_refused(&verifier, &"x".repeat(1_000_000), "TooLong").await;
}

#[tokio::test]
async fn a_remembered_token_still_needs_its_proof() {
    let verifier = builder().remember_tokens(8).build().unwrap();
    let token = bound_to(&CLIENT_KEY);
    let proof = made(&token).text();
    check(&verifier, &token, &proof).await.unwrap();
    let error = check(&verifier, &token, &proof).await.unwrap_err();
    assert_eq!(name(&error), "Proof");
    assert_refused(&verifier, &token, "Bound").await;
    let claims = check(&verifier, &token, &made(&token).claim("jti", "2").text()).await;
    assert!(claims.is_ok());
}

#[tokio::test]
async fn no_more_tokens_are_remembered_than_there_is_room_for() {
    let verifier = builder().remember_tokens(2).build().unwrap();
    for number in 0..100 {
        let token = sign(&RSA, &with(access_claims(), "tier", json!(number)));
        for _ in 0..2 {
            let claims = verifier.verify_access_token(&token).await.unwrap();
            assert_eq!(claims.get::<i32>("tier").unwrap(), Some(number));
        }
    }
}

#[tokio::test]
async fn a_remembered_token_is_forgotten_with_its_key() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}/oauth2/default", listener.local_addr().unwrap());
    let keys = Arc::new(Mutex::new(JwkSet::new(vec![RSA.public_jwk()])));
    let published = Arc::clone(&keys);
    let answer = move || {
        let keys = serde_json::to_string(&*published.lock().unwrap()).unwrap();
        async { ([("cache-control", "max-age=3600")], keys) }
    };
    let app = Router::new().route("/oauth2/default/v1/keys", get(answer));
    tokio::spawn(axum::serve(listener, app).into_future());

    let claims = with(access_claims(), "iss", issuer.clone().into());
    let token = sign(&RSA, &with(claims, "exp", json!(NOW + 1_000_000)));
    let issuer = Issuer::parse(&issuer).unwrap();
    let builder = Verifier::builder(issuer.clone())
        .audience(AUDIENCE)
        .metadata(ServerMetadata::okta(&issuer));
    let aging = aging(builder.remember_tokens(8));
    for _ in 0..3 {
        aging.verify(&token).await.unwrap();
    }
    *keys.lock().unwrap() = JwkSet::new(vec![key(Algorithm::Rs256, "new").public_jwk()]);
    aging.verify(&token).await.unwrap();
    // When the life of the keys is over they are fetched, and the token is checked by them.
    aging.pass(3600);
    let error = aging.verify(&token).await.unwrap_err();
    assert_eq!(name(&error), "UnknownKeyId");
}
