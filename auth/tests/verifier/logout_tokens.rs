//! Logout tokens: OpenID Connect Back-Channel Logout 1.0.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use okta_auth::verifier::{MemoryReplayCache, ReplayCache, SeenId};
use okta_auth::{Clock, Error};
use serde_json::{Value, json};

use crate::made::*;

#[tokio::test]
async fn a_good_token_is_taken() {
    for typ in [
        Value::Null,
        "logout+jwt".into(),
        "application/logout+jwt".into(),
        "JWT".into(),
    ] {
        let token = sign_with("typ", typ, &logout_claims());
        let claims = verifier().verify_logout_token(&token).await.unwrap();
        assert_eq!(claims.id, "one");
        assert_eq!(claims.subject.as_deref(), Some("00uUser"));
        assert_eq!(claims.session_id.as_deref(), Some("102session"));
        assert_eq!(claims.expires_at, at(NOW + 110));
    }
    for one in ["sub", "sid"] {
        let token = sign(&RSA, &with(logout_claims(), one, Value::Null));
        verifier().verify_logout_token(&token).await.unwrap();
    }
}

#[tokio::test]
async fn each_claim_that_is_wrong_fails_its_own_check() {
    let neither = with(logout_claims(), "sub", Value::Null);
    let another = "http://schemas.openid.net/event/another";
    for (claims, variant) in [
        (with(neither, "sid", Value::Null), "MissingClaim"),
        (with(logout_claims(), "sid", json!(1)), "ClaimType"),
        (with(logout_claims(), "sid", json!("")), "ClaimType"),
        (with(logout_claims(), "sub", json!("")), "ClaimType"),
        (with(logout_claims(), "jti", json!("")), "ClaimType"),
        (
            with(logout_claims(), "cid", json!(CLIENT)),
            "NotALogoutToken",
        ),
        (
            with(logout_claims(), "client_id", json!(CLIENT)),
            "NotALogoutToken",
        ),
        (with(logout_claims(), "jti", Value::Null), "MissingClaim"),
        (with(logout_claims(), "iat", Value::Null), "MissingClaim"),
        (with(logout_claims(), "exp", Value::Null), "MissingClaim"),
        (with(logout_claims(), "exp", json!(NOW - 120)), "Expired"),
        (
            with(logout_claims(), "iat", json!(NOW + 121)),
            "IssuedInFuture",
        ),
        (
            with(logout_claims(), "iss", json!("https://acme.okta.com")),
            "Issuer",
        ),
        (with(logout_claims(), "aud", json!("0oaElse")), "Audience"),
        (with(logout_claims(), "aud", Value::Null), "MissingClaim"),
        (
            with(logout_claims(), "nonce", json!("n")),
            "NotALogoutToken",
        ),
        (
            with(logout_claims(), "events", Value::Null),
            "NotALogoutToken",
        ),
        (
            with(logout_claims(), "events", json!({})),
            "NotALogoutToken",
        ),
        (
            with(logout_claims(), "events", json!({another: {}})),
            "NotALogoutToken",
        ),
        (
            with(logout_claims(), "events", json!({LOGOUT: true})),
            "NotALogoutToken",
        ),
        (
            with(logout_claims(), "events", json!([LOGOUT])),
            "ClaimType",
        ),
        (with(id_claims(), "nonce", Value::Null), "NotALogoutToken"),
        (
            with(access_claims(), "aud", CLIENT.into()),
            "NotALogoutToken",
        ),
    ] {
        let error = verifier()
            .verify_logout_token(&sign(&RSA, &claims))
            .await
            .unwrap_err();
        assert_eq!(name(&error), variant, "{error}: {claims}");
    }
    let token = sign_with("typ", "at+jwt".into(), &logout_claims());
    let error = verifier().verify_logout_token(&token).await.unwrap_err();
    assert_eq!(name(&error), "TokenType");
    let error = verifier()
        .verify_logout_token(&sign(&OTHER_RSA, &logout_claims()))
        .await;
    assert_eq!(name(&error.unwrap_err()), "Signature");
}

#[tokio::test]
async fn an_old_logout_token_is_refused_however_long_it_says_that_it_is_good() {
    let endless = with(logout_claims(), "exp", json!(NOW + 1_000_000_000));
    for (issued_at, is_good) in [
        (NOW - 420, true),
        (NOW - 421, false),
        (NOW - 100_000, false),
        // 1970.
        (0, false),
        (-1, false),
    ] {
        let token = sign(&RSA, &with(endless.clone(), "iat", json!(issued_at)));
        match verifier().verify_logout_token(&token).await {
            Ok(_) => assert!(is_good, "{issued_at}"),
            Err(error) => {
                assert_eq!(
                    (name(&error).as_str(), is_good),
                    ("TooOld", false),
                    "{issued_at}"
                );
            }
        }
    }
    let token = sign(&RSA, &with(endless, "iat", json!(NOW - 3600)));
    let patient = builder().logout_token_max_age(Duration::from_secs(3600));
    assert!(
        patient
            .build()
            .unwrap()
            .verify_logout_token(&token)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_logout_token_is_taken_once_for_as_long_as_it_is_good() {
    let seconds = Arc::new(AtomicI64::new(NOW));
    let clock = {
        let seconds = Arc::clone(&seconds);
        Clock::new(move || at(seconds.load(Ordering::Relaxed)))
    };
    let verifier = builder().clock(clock).build().unwrap();
    let token = sign(&RSA, &with(logout_claims(), "exp", json!(NOW + 1_000_000)));
    assert!(verifier.verify_logout_token(&token).await.is_ok());
    // Signed again it is still the same token.
    let again = sign_with("typ", "logout+jwt".into(), &logout_claims());
    for later in [0, 60, 300, 409, 410, 411, 500] {
        seconds.store(NOW + later, Ordering::Relaxed);
        let error = verifier
            .clone()
            .verify_logout_token(&token)
            .await
            .unwrap_err();
        let expected = if later > 410 { "TooOld" } else { "Replayed" };
        assert_eq!(name(&error), expected, "{later}");
    }
    seconds.store(NOW, Ordering::Relaxed);
    let error = verifier.verify_logout_token(&again).await.unwrap_err();
    assert_eq!(name(&error), "Replayed");
    let other = sign(&RSA, &with(logout_claims(), "jti", json!("two")));
    assert!(verifier.verify_logout_token(&other).await.is_ok());
}

#[tokio::test]
async fn a_refused_logout_token_does_not_use_up_its_id() {
    let verifier = verifier();
    let forged = sign(&OTHER_RSA, &logout_claims());
    assert!(verifier.verify_logout_token(&forged).await.is_err());
    let elsewhere = sign(&RSA, &with(logout_claims(), "aud", json!("0oaElse")));
    assert!(verifier.verify_logout_token(&elsewhere).await.is_err());
    let token = sign(&RSA, &logout_claims());
    assert!(verifier.verify_logout_token(&token).await.is_ok());
}

/// A cache that cannot be reached.
#[derive(Debug)]
struct Down;

impl ReplayCache for Down {
    async fn insert(&self, _: SeenId) -> Result<bool, Error> {
        Err(Error::other("the cache is down", "no route"))
    }
}

#[tokio::test]
async fn a_replay_cache_that_fails_or_is_full_lets_nothing_pass() {
    let full = MemoryReplayCache::new(0);
    for verifier in [builder().replay_cache(Down), builder().replay_cache(full)] {
        let token = sign(&RSA, &logout_claims());
        let verifier = verifier.build().unwrap();
        let error = verifier.verify_logout_token(&token).await.unwrap_err();
        assert_eq!(name(&error), "ReplayCache");
    }
}

#[tokio::test]
async fn clients_that_share_a_cache_take_a_token_for_both_once_each() {
    #[derive(Clone, Debug)]
    struct Shared(Arc<MemoryReplayCache>);
    impl ReplayCache for Shared {
        async fn insert(&self, seen: SeenId) -> Result<bool, Error> {
            self.0.insert(seen).await
        }
    }
    let cache = Shared(Arc::new(MemoryReplayCache::new(9)));
    let token = sign(
        &RSA,
        &with(logout_claims(), "aud", json!([CLIENT, "0oaElse"])),
    );
    for client_id in [CLIENT, "0oaElse"] {
        let client = || builder().client_id(client_id).replay_cache(cache.clone());
        assert!(
            client()
                .build()
                .unwrap()
                .verify_logout_token(&token)
                .await
                .is_ok()
        );
        let error = client().build().unwrap().verify_logout_token(&token).await;
        assert_eq!(name(&error.unwrap_err()), "Replayed");
    }
}
