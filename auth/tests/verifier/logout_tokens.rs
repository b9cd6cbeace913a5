//! Logout tokens: OpenID Connect Back-Channel Logout 1.0.

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
