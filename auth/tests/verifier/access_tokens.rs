//! Claims of access tokens.

use okta_auth::jose::{Algorithm, JwkSet};
use okta_auth::{Clock, Issuer, OrgUrl, VerifyError};
use serde_json::{Value, json};

use crate::made::*;

#[tokio::test]
async fn a_good_token_is_taken_and_its_claims_are_typed() {
    let claims = verifier()
        .verify_access_token(&sign(&RSA, &access_claims()))
        .await
        .unwrap();
    assert_eq!(claims.issuer, ISSUER);
    assert_eq!(claims.subject, "ada@example.com");
    assert_eq!(claims.audience, [AUDIENCE]);
    assert_eq!(claims.client_id, CLIENT);
    assert_eq!(claims.user_id.as_deref(), Some("00uUser"));
    assert_eq!(claims.id.as_deref(), Some("AT.one"));
    assert_eq!(claims.expires_at, at(NOW + 3600));
    assert_eq!(claims.issued_at, at(NOW - 10));
    assert_eq!(claims.auth_time, Some(at(NOW - 60)));
    assert_eq!(claims.get::<u8>("tier").unwrap(), Some(3));
    assert_eq!(claims.get::<String>("absent").unwrap(), None);
    assert_eq!(
        name(&claims.get::<String>("tier").unwrap_err()),
        "ClaimType"
    );
    let rest: Vec<_> = claims.extra.keys().collect();
    assert_eq!(rest, ["groups", "tier", "ver"]);
}

#[tokio::test]
async fn scopes_and_groups_can_be_required() {
    let claims = verifier()
        .verify_access_token(&sign(&RSA, &access_claims()))
        .await
        .unwrap();
    claims.require_scope("orders:read").unwrap();
    claims.require_group("Admins").unwrap();
    for needed in [
        "orders",
        "orders:read:all",
        "ORDERS:READ",
        "",
        "openid orders:read",
    ] {
        let error = claims.require_scope(needed).unwrap_err();
        assert!(matches!(&error, VerifyError::Scope { needed: n, .. } if n == needed));
        assert!(error.to_string().contains("orders:read"), "{error}");
    }
    let error = claims.require_group("admins").unwrap_err();
    assert_eq!(name(&error), "Group");
}

#[tokio::test]
async fn claims_of_rfc_9068_are_taken_as_well() {
    let claims = json!({
        "iss": ISSUER, "aud": ["api://other", AUDIENCE], "iat": NOW, "exp": NOW + 60,
        "client_id": "s6BhdRkqt3", "scope": "openid  orders:read", "sub": "5ba552d67", "jti": "d",
    });
    let claims = verifier()
        .verify_access_token(&sign_with("typ", "at+jwt".into(), &claims))
        .await
        .unwrap();
    assert_eq!(claims.client_id, "s6BhdRkqt3");
    assert_eq!(claims.scopes, ["openid", "orders:read"]);
    assert!(claims.user_id.is_none());
}

#[tokio::test]
async fn each_claim_that_is_wrong_fails_its_own_check() {
    let verifier = verifier();
    for (claim, value, variant) in [
        ("iss", json!("https://acme.okta.com"), "Issuer"),
        (
            "iss",
            json!("https://acme.okta.com/oauth2/default/"),
            "Issuer",
        ),
        (
            "iss",
            json!("https://ACME.okta.com/oauth2/default"),
            "Issuer",
        ),
        ("iss", json!(1), "ClaimType"),
        ("iss", json!([ISSUER]), "ClaimType"),
        ("iss", Value::Null, "MissingClaim"),
        ("aud", json!("api://other"), "Audience"),
        ("aud", json!("API://default"), "Audience"),
        ("aud", json!(["api://default/"]), "Audience"),
        ("aud", json!([]), "Audience"),
        ("aud", json!([AUDIENCE, 1]), "ClaimType"),
        ("aud", json!({"aud": AUDIENCE}), "ClaimType"),
        ("aud", Value::Null, "MissingClaim"),
        ("exp", json!(NOW - 120), "Expired"),
        ("exp", json!(-1), "Expired"),
        ("exp", json!((NOW + 3600).to_string()), "ClaimType"),
        ("exp", json!(1e300), "ClaimType"),
        ("exp", json!(true), "ClaimType"),
        ("exp", Value::Null, "MissingClaim"),
        ("iat", json!(NOW + 121), "IssuedInFuture"),
        ("iat", json!("now"), "ClaimType"),
        ("iat", Value::Null, "MissingClaim"),
        ("nbf", json!(NOW + 121), "NotYetValid"),
        ("nbf", json!([]), "ClaimType"),
        ("sub", json!(7), "ClaimType"),
        ("sub", json!(""), "ClaimType"),
        ("sub", Value::Null, "MissingClaim"),
        ("cid", Value::Null, "NotAnAccessToken"),
        ("cid", json!(7), "ClaimType"),
        ("cid", json!(""), "ClaimType"),
        ("jti", json!("ID.one"), "NotAnAccessToken"),
        ("jti", json!(7), "ClaimType"),
        ("jti", json!(""), "ClaimType"),
        ("acr", json!(7), "ClaimType"),
        ("scp", json!({"openid": true}), "ClaimType"),
        ("scp", json!(["openid", null]), "ClaimType"),
        ("uid", json!(7), "ClaimType"),
        ("auth_time", json!("noon"), "ClaimType"),
    ] {
        let token = sign(&RSA, &with(access_claims(), claim, value));
        assert_refused(&verifier, &token, variant).await;
    }
    let null = sign_texts(&RSA, r#"{"kid":"rsa","alg":"RS256"}"#, r#"{"iss":null}"#);
    assert_refused(&verifier, &null, "ClaimType").await;
}

#[tokio::test]
async fn times_have_two_minutes_of_leeway_and_not_a_second_more() {
    let verifier = verifier();
    for (claim, value) in [
        ("exp", json!(NOW - 119)),
        ("exp", json!(NOW as f64 - 118.5)),
        ("exp", json!(253_402_300_800_i64)),
        ("iat", json!(NOW + 120)),
        ("nbf", json!(NOW + 120)),
        ("aud", json!([AUDIENCE])),
        ("aud", json!(["api://other", AUDIENCE])),
        ("jti", Value::Null),
        ("scp", json!("openid")),
        ("scp", Value::Null),
    ] {
        let token = sign(&RSA, &with(access_claims(), claim, value.clone()));
        let taken = verifier.verify_access_token(&token).await;
        assert!(taken.is_ok(), "{claim} {value}: {taken:?}");
    }
    let strict = builder().leeway(std::time::Duration::ZERO).build().unwrap();
    for (exp, good) in [(NOW + 1, true), (NOW, false)] {
        let token = sign(&RSA, &with(access_claims(), "exp", exp.into()));
        assert_eq!(strict.verify_access_token(&token).await.is_ok(), good);
    }
}

#[tokio::test]
async fn the_clock_is_the_one_that_was_given() {
    let late = builder()
        .clock(Clock::fixed(at(NOW + 4000)))
        .build()
        .unwrap();
    let token = sign(&RSA, &access_claims());
    let error = late.verify_access_token(&token).await.unwrap_err();
    let (expected, then) = (NOW + 3600, NOW + 4000);
    assert!(
        matches!(error, VerifyError::Expired { expires_at, now } if (expires_at, now) == (expected, then))
    );
}

#[tokio::test]
async fn any_of_several_audiences_will_do() {
    let verifier = builder().audience("api://second").build().unwrap();
    for (audience, good) in [
        (json!("api://second"), true),
        (json!(AUDIENCE), true),
        (json!(["x", "api://second"]), true),
        (json!(CLIENT), false),
    ] {
        let token = sign(&RSA, &with(access_claims(), "aud", audience));
        assert_eq!(verifier.verify_access_token(&token).await.is_ok(), good);
    }
}

#[tokio::test]
async fn clients_can_be_limited() {
    let token = sign(&RSA, &access_claims());
    let listed = builder()
        .allowed_client_ids(["0oaElse", CLIENT])
        .build()
        .unwrap();
    listed.verify_access_token(&token).await.unwrap();
    let others = builder().allowed_client_ids(["0oaElse"]).build().unwrap();
    assert_refused(&others, &token, "ClientId").await;
}

#[tokio::test]
async fn other_kinds_of_token_are_not_access_tokens() {
    // Even if their audience is that of the API.
    let verifier = builder().audience(CLIENT).build().unwrap();
    assert_refused(&verifier, &sign(&RSA, &id_claims()), "NotAnAccessToken").await;
    let without_id = with(id_claims(), "jti", Value::Null);
    assert_refused(&verifier, &sign(&RSA, &without_id), "NotAnAccessToken").await;
    assert_refused(&verifier, &sign(&RSA, &logout_claims()), "NotAnAccessToken").await;
    // What only other kinds have, beside all that an access token has.
    for (claim, value) in [
        ("events", json!({LOGOUT: {}})),
        ("events", json!({})),
        ("events", json!("text")),
        ("at_hash", json!("hash")),
        ("c_hash", json!("hash")),
    ] {
        let token = sign(&RSA, &with(access_claims(), claim, value));
        assert_refused(&crate::made::verifier(), &token, "NotAnAccessToken").await;
    }
    for (typ, variant) in [
        ("logout+jwt", "TokenType"),
        ("secevent+jwt", "TokenType"),
        ("dpop+jwt", "TokenType"),
        ("", "TokenType"),
    ] {
        let token = sign_with("typ", typ.into(), &access_claims());
        assert_refused(&verifier, &token, variant).await;
    }
    for typ in [
        "JWT",
        "jwt",
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "application/jwt",
    ] {
        let token = sign_with("typ", typ.into(), &access_claims());
        verifier.verify_access_token(&token).await.unwrap();
    }
}

#[tokio::test]
async fn tokens_of_the_org_server_are_sent_to_introspection() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let for_org = okta_auth::Verifier::builder(Issuer::org(&org))
        .audience("https://acme.okta.com")
        .keys(JwkSet::new(vec![RSA.public_jwk()]))
        .build()
        .unwrap();
    let token = sign(&RSA, &access_claims());
    let error = for_org.verify_access_token(&token).await.unwrap_err();
    assert!(error.to_string().contains("introspection"), "{error}");
    assert_eq!(name(&error), "OrgServerToken");
    let typ = "application/okta-internal-at+jwt";
    let token = sign_with("typ", typ.into(), &access_claims());
    assert_refused(&verifier(), &token, "OrgServerToken").await;
}

#[tokio::test]
async fn the_signature_is_checked_before_any_claim() {
    let claims = with(access_claims(), "exp", json!(0));
    assert_refused(&verifier(), &sign(&OTHER_RSA, &claims), "Signature").await;
    let both = builder().algorithms(Algorithm::ALL).build().unwrap();
    let garbage = sign_texts(&OTHER_RSA, r#"{"kid":"rsa","alg":"RS256"}"#, "not JSON");
    assert_refused(&both, &garbage, "Signature").await;
}

#[tokio::test]
async fn claims_must_be_an_object_without_doubles() {
    let header = r#"{"kid":"rsa","alg":"RS256"}"#;
    for (claims, variant) in [
        ("[]", "Json"),
        ("null", "Json"),
        ("\"text\"", "Json"),
        ("", "Json"),
        ("{", "Json"),
        ("{} {}", "Json"),
        ("\u{feff}{}", "Json"),
        (r#"{"iss":"a","iss":"b"}"#, "DuplicateMember"),
        (r#"{"iss":"a","\u0069ss":"b"}"#, "DuplicateMember"),
        ("{}", "MissingClaim"),
    ] {
        assert_refused(&verifier(), &sign_texts(&RSA, header, claims), variant).await;
    }
    let depth = "[".repeat(5000) + &"]".repeat(5000);
    let deep = format!("{{\"deep\":{depth}}}");
    assert_refused(&verifier(), &sign_texts(&RSA, header, &deep), "Json").await;
}
