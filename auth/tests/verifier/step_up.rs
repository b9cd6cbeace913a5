//! What an API answers, and stronger logins (RFC 9470).

use std::time::Duration;

use okta_auth::{AccessTokenClaims, VerifyError};
use serde_json::{Value, json};

use crate::made::*;

const MINUTE: Duration = Duration::from_secs(60);

async fn claims(claim: &str, value: Value) -> AccessTokenClaims {
    let token = sign(&RSA, &with(access_claims(), claim, value));
    verifier().verify_access_token(&token).await.unwrap()
}

fn challenge(error: &VerifyError) -> String {
    error.challenge().unwrap().to_string()
}

#[tokio::test]
async fn a_weaker_login_is_challenged() {
    let strong = claims("acr", json!("urn:okta:loa:2fa:any")).await;
    strong.require_acr(["phr", "urn:okta:loa:2fa:any"]).unwrap();
    for weak in [json!(null), json!("urn:okta:loa:1fa:any"), json!("")] {
        let weak = claims("acr", weak).await;
        let error = weak.require_acr(["phr", "urn:okta:loa:2fa:any"]);
        let error = error.unwrap_err();
        assert_eq!(error.status(), 401);
        assert_eq!(
            challenge(&error),
            "Bearer error=\"insufficient_user_authentication\", \
             acr_values=\"phr urn:okta:loa:2fa:any\""
        );
    }
    assert!(strong.require_acr([""; 0]).is_err());
}

#[tokio::test]
async fn an_older_login_is_challenged() {
    for (auth_time, good) in [
        (json!(NOW - 60), true),
        (json!(NOW), true),
        (json!(NOW + 60), true),
        (json!(NOW - 61), false),
        (json!(NOW + 61), false),
        (json!(0), false),
        (json!(null), false),
    ] {
        let claims = claims("auth_time", auth_time.clone()).await;
        let result = claims.require_auth_time_within(MINUTE);
        assert_eq!(result.is_ok(), good, "{auth_time}");
        if let Err(error) = result {
            assert_eq!(
                challenge(&error),
                r#"Bearer error="insufficient_user_authentication", max_age="60""#
            );
        }
    }
}

#[tokio::test]
async fn a_login_ages_while_its_token_is_remembered() {
    let verifier = crate::remembered::aging(builder().remember_tokens(8));
    let token = sign(&RSA, &access_claims());
    for (passed, good) in [(0, true), (0, true), (1, false)] {
        verifier.pass(passed);
        let claims = verifier.verify(&token).await.unwrap();
        assert_eq!(claims.require_auth_time_within(MINUTE).is_ok(), good);
    }
}

#[tokio::test]
async fn each_refusal_has_its_status_and_challenge() {
    let claims = claims("acr", json!(null)).await;
    let scope = claims.require_scope("orders:write").unwrap_err();
    assert_eq!(scope.status(), 403);
    assert_eq!(
        challenge(&scope),
        r#"Bearer error="insufficient_scope", scope="orders:write""#
    );
    let group = claims.require_group("Owners").unwrap_err();
    assert_eq!((group.status().as_u16(), group.challenge()), (403, None));

    let expired = sign(&RSA, &with(access_claims(), "exp", json!(0)));
    let expired = verifier().verify_access_token(&expired).await.unwrap_err();
    assert_eq!(expired.status(), 401);
    assert_eq!(
        challenge(&expired),
        r#"Bearer error="invalid_token", error_description="The token expired.""#
    );
    let opaque = verifier().verify_access_token("opaque").await.unwrap_err();
    assert_eq!(opaque.status(), 401);
    assert!(challenge(&opaque).contains("invalid_token"));
    // What the verifier is set up for is not told.
    let other = sign(&RSA, &with(access_claims(), "aud", json!("api://other")));
    let other = verifier().verify_access_token(&other).await.unwrap_err();
    assert!(!challenge(&other).contains("api://"));

    let keys = VerifyError::Keys(okta_auth::Error::timeout("slow"));
    assert_eq!((keys.status().as_u16(), keys.challenge()), (503, None));
    let not_set_up = VerifyError::NotSetUp {
        setting: "audience",
    };
    assert_eq!(not_set_up.status(), 500);
    assert_eq!(not_set_up.challenge(), None);
}
