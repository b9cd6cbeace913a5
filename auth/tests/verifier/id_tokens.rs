//! ID tokens.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use okta_auth::jose::{Algorithm, JwkSet};
use okta_auth::{IdTokenChecks, IdTokenClaims, Secret, VerifyError};
use serde_json::{Value, json};

use crate::made::*;

fn checks() -> IdTokenChecks {
    IdTokenChecks::new().nonce("n-0S6")
}

async fn verify(claims: &Value, checks: &IdTokenChecks) -> Result<IdTokenClaims, VerifyError> {
    verifier()
        .verify_id_token(&sign(&RSA, claims), checks)
        .await
}

async fn assert_fails(claims: &Value, checks: &IdTokenChecks, variant: &str) {
    let error = verify(claims, checks).await.unwrap_err();
    assert_eq!(name(&error), variant, "{error}: {claims}");
    let message = format!("{error} {error:?}");
    assert!(!message.contains("n-0S6"), "{message}");
}

#[tokio::test]
async fn a_good_token_is_taken_and_its_claims_are_typed() {
    let claims = verify(&id_claims(), &checks()).await.unwrap();
    assert_eq!(claims.subject, "00uUser");
    assert_eq!(claims.audience, [CLIENT]);
    assert_eq!(claims.amr, ["pwd", "mfa"]);
    assert_eq!(claims.auth_time, Some(at(NOW - 60)));
    assert_eq!(claims.nonce, Some(Secret::from("n-0S6")));
    assert_eq!(claims.acr.as_deref(), Some("urn:okta:loa:2fa:any"));
    assert_eq!(claims.name(), Some("Ada"));
    assert_eq!(claims.preferred_username(), Some("ada"));
    assert_eq!(claims.email(), Some("ada@example.com"));
    assert_eq!(claims.email_verified(), Some(true));
    assert!(claims.groups().is_empty() && claims.require_group("x").is_err());
    assert_eq!(claims.get::<&str>("idp").unwrap(), Some("00oIdp"));
    assert!(!format!("{claims:?}").contains("n-0S6"));
    assert!(!format!("{:?}", checks()).contains("n-0S6"));
}

#[tokio::test]
async fn each_claim_that_is_wrong_fails_its_own_check() {
    for (claim, value, variant) in [
        ("iss", json!("https://acme.okta.com"), "Issuer"),
        ("iss", Value::Null, "MissingClaim"),
        ("aud", json!("0oaElse"), "Audience"),
        ("aud", json!([AUDIENCE]), "Audience"),
        ("aud", Value::Null, "MissingClaim"),
        ("aud", json!([CLIENT, "0oaElse"]), "MissingClaim"),
        ("exp", json!(NOW - 120), "Expired"),
        ("exp", Value::Null, "MissingClaim"),
        ("iat", json!(NOW + 121), "IssuedInFuture"),
        ("iat", Value::Null, "MissingClaim"),
        ("nbf", json!(NOW + 121), "NotYetValid"),
        ("sub", Value::Null, "MissingClaim"),
        ("sub", json!(1), "ClaimType"),
        ("sub", json!(""), "ClaimType"),
        ("azp", json!("0oaElse"), "AuthorizedParty"),
        ("azp", json!(1), "ClaimType"),
        ("nonce", json!("another"), "NonceMismatch"),
        ("nonce", json!(""), "NonceMismatch"),
        ("nonce", json!("N-0s6"), "NonceMismatch"),
        ("nonce", Value::Null, "NonceMissing"),
        ("nonce", json!(["n-0S6"]), "ClaimType"),
        ("amr", json!({}), "ClaimType"),
        ("acr", json!(1), "ClaimType"),
        ("at_hash", json!(1), "ClaimType"),
        ("sid", json!(1), "ClaimType"),
        ("auth_time", json!("x"), "ClaimType"),
    ] {
        assert_fails(&with(id_claims(), claim, value), &checks(), variant).await;
    }
}

#[tokio::test]
async fn several_audiences_need_the_authorized_party() {
    let several = with(id_claims(), "aud", json!([CLIENT, "0oaElse"]));
    let claims = verify(&with(several.clone(), "azp", CLIENT.into()), &checks())
        .await
        .unwrap();
    assert_eq!(claims.authorized_party.as_deref(), Some(CLIENT));
    let other = with(several, "azp", "0oaElse".into());
    assert_fails(&other, &checks(), "AuthorizedParty").await;
    verify(&with(id_claims(), "aud", json!([CLIENT])), &checks())
        .await
        .unwrap();
}

#[tokio::test]
async fn the_nonce_is_strict_both_ways() {
    assert_fails(&id_claims(), &IdTokenChecks::new(), "NonceUnexpected").await;
    let without = with(id_claims(), "nonce", Value::Null);
    verify(&without, &IdTokenChecks::new()).await.unwrap();
    assert_fails(&without, &IdTokenChecks::new().nonce(""), "NonceMissing").await;
}

#[tokio::test]
async fn the_access_token_must_be_the_one_that_came_with_it() {
    let access_token = Secret::from("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
    // OpenID Connect Core 1.0, appendix A.3, has this hash for that token.
    let hashed = with(id_claims(), "at_hash", "77QmUPtjPfzWtF2AnpK9RQ".into());
    let checks = checks().access_token(&access_token);
    verify(&hashed, &checks).await.unwrap();
    let other = self::checks().access_token(&Secret::from("another"));
    assert_fails(&hashed, &other, "AccessTokenHash").await;
    let short = with(id_claims(), "at_hash", "77QmUPtjPfzWtF2AnpK9".into());
    assert_fails(&short, &checks, "AccessTokenHash").await;
    assert_fails(
        &with(id_claims(), "at_hash", "".into()),
        &checks,
        "AccessTokenHash",
    )
    .await;
    // A server may leave it out where the tokens come from its token endpoint.
    verify(&id_claims(), &checks).await.unwrap();
    verify(&hashed, &self::checks()).await.unwrap();
    assert!(!format!("{checks:?}").contains("jHkWEd"));
}

#[tokio::test]
async fn the_hash_is_that_of_the_algorithm() {
    for (algorithm, hash) in [
        (Algorithm::Ps256, &SHA256),
        (Algorithm::Es256, &SHA256),
        (Algorithm::Es384, &SHA384),
        (Algorithm::Es512, &SHA512),
    ] {
        let key = key(algorithm, "one");
        let verifier = builder()
            .keys(JwkSet::new(vec![key.public_jwk()]))
            .algorithms([algorithm])
            .build()
            .unwrap();
        let digest = digest(hash, b"token");
        let half = base64(&digest.as_ref()[..digest.as_ref().len() / 2]);
        let token = sign(&key, &with(id_claims(), "at_hash", half.into()));
        let checks = |token: &str| checks().access_token(&Secret::from(token));
        verifier
            .verify_id_token(&token, &checks("token"))
            .await
            .unwrap();
        let error = verifier
            .verify_id_token(&token, &checks("other"))
            .await
            .unwrap_err();
        assert_eq!(name(&error), "AccessTokenHash");
    }
}

#[tokio::test]
async fn the_login_must_be_recent_if_that_was_asked_for() {
    let within = |seconds| checks().max_age(Duration::from_secs(seconds));
    verify(&id_claims(), &within(60)).await.unwrap();
    let ago = |seconds: i64| with(id_claims(), "auth_time", json!(NOW - seconds));
    verify(&ago(180), &within(60)).await.unwrap();
    assert_fails(&ago(181), &within(60), "AuthenticationTooOld").await;
    assert_fails(&ago(NOW + 5), &within(60), "AuthenticationTooOld").await;
    let unsaid = with(id_claims(), "auth_time", Value::Null);
    assert_fails(&unsaid, &within(60), "MissingClaim").await;
    verify(&unsaid, &checks()).await.unwrap();
}

#[tokio::test]
async fn the_login_must_be_strong_if_that_was_asked_for() {
    let one_of = |values: [&'static str; 2]| checks().acr(values);
    verify(&id_claims(), &one_of(["x", "urn:okta:loa:2fa:any"]))
        .await
        .unwrap();
    assert_fails(&id_claims(), &one_of(["x", "y"]), "AuthenticationContext").await;
    let unsaid = with(id_claims(), "acr", Value::Null);
    assert_fails(&unsaid, &one_of(["x", "y"]), "MissingClaim").await;
}

#[tokio::test]
async fn a_refreshed_token_is_about_the_same_login() {
    let before = verify(&id_claims(), &checks()).await.unwrap();
    let refreshed = IdTokenChecks::new().refresh_of(&before);
    verify(&id_claims(), &refreshed).await.unwrap();
    verify(&with(id_claims(), "nonce", Value::Null), &refreshed)
        .await
        .unwrap();
    let other = with(id_claims(), "sub", "00uElse".into());
    assert_fails(&other, &refreshed, "Subject").await;
    let other = with(id_claims(), "nonce", "another".into());
    assert_fails(&other, &refreshed, "NonceMismatch").await;
    let without = with(id_claims(), "nonce", Value::Null);
    let before = verify(&without, &IdTokenChecks::new()).await.unwrap();
    let refreshed = IdTokenChecks::new().refresh_of(&before);
    assert_fails(&id_claims(), &refreshed, "NonceUnexpected").await;
}

#[tokio::test]
async fn other_kinds_of_token_are_not_id_tokens() {
    let plain = IdTokenChecks::new();
    let access = with(access_claims(), "aud", CLIENT.into());
    assert_fails(&access, &plain, "NotAnIdToken").await;
    assert_fails(
        &with(access.clone(), "jti", Value::Null),
        &plain,
        "NotAnIdToken",
    )
    .await;
    assert_fails(&with(access, "cid", Value::Null), &plain, "NotAnIdToken").await;
    assert_fails(&logout_claims(), &plain, "NotAnIdToken").await;
    // What only other kinds have, beside all that an ID token has.
    for (claim, value) in [
        ("cid", json!("0oaClient")),
        ("client_id", json!("0oaClient")),
        ("scope", json!("openid")),
        ("scp", json!(["openid"])),
        ("events", json!({})),
    ] {
        let claims = with(with(id_claims(), "nonce", Value::Null), claim, value);
        assert_fails(&claims, &plain, "NotAnIdToken").await;
    }
    for (typ, variant) in [
        ("at+jwt", "TokenType"),
        ("application/at+jwt", "TokenType"),
        ("logout+jwt", "TokenType"),
        ("application/okta-internal-at+jwt", "TokenType"),
    ] {
        let token = sign_with("typ", typ.into(), &id_claims());
        let error = verifier()
            .verify_id_token(&token, &checks())
            .await
            .unwrap_err();
        assert_eq!(name(&error), variant);
    }
    let token = sign_with("typ", "JWT".into(), &id_claims());
    verifier().verify_id_token(&token, &checks()).await.unwrap();
}

#[tokio::test]
async fn the_org_server_issues_id_tokens_that_can_be_checked() {
    let org = "https://acme.okta.com";
    let verifier = okta_auth::Verifier::builder(okta_auth::Issuer::parse(org).unwrap())
        .client_id(CLIENT)
        .clock(okta_auth::Clock::fixed(at(NOW)))
        .keys(JwkSet::new(vec![RSA.public_jwk()]))
        .build()
        .unwrap();
    let token = sign(&RSA, &with(id_claims(), "iss", org.into()));
    verifier.verify_id_token(&token, &checks()).await.unwrap();
}
