//! Which key may check which token.

use aws_lc_rs::hmac;
use okta_auth::Verifier;
use okta_auth::jose::{Algorithm, Jwk, JwkSet, SigningKey};
use serde_json::{Value, json};

use crate::made::*;

/// A key of 1024 bits that OpenSSL made, and a token that it signed.
const WEAK_N: &str = concat!(
    "54TuD68Qs2zTaqGU-KUtn7mqyeHkKcTP_ylvweX9TTqCktuOcyVu6ZIDahWHcglA7Zafp3iRHwY-",
    "8vdrR5W5QY2oAfYU4zaR3NCn576cJEKWU6LKyKZmXoS3W3vqVTu8IiHxOVPoWgaFnx15ilYReW3Z9TPStdQBAs3C",
    "WPgRjIU",
);
const WEAK_TOKEN: &str = concat!(
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IndlYWsifQ.eyJpc3MiOiJqb2UifQ.4rMUmhPhP7IV80svXHefDn7hGc6pJj",
    "KGyn_Inpy8uonqdtyoZOrqtmbhKEIrFtwhW4YtKhgukjQlRPQ_imYODsViuv2tixPRHM0W9Vf_FIWxWg-",
    "MRhjnHJsrZcptu7pVYg4X5Lc9qBXMo5sivm-vQ71zNtOrN63JeOypS95zQGQ",
);

fn keys_of(keys: &[Value]) -> JwkSet {
    serde_json::from_value(json!({ "keys": keys })).unwrap()
}

/// Takes all algorithms, by these keys.
fn by(keys: &[Value]) -> Verifier {
    builder()
        .keys(keys_of(keys))
        .algorithms(Algorithm::ALL)
        .build()
        .unwrap()
}

fn public(key: &SigningKey) -> Value {
    key.public_jwk().to_json()
}

#[tokio::test]
async fn each_algorithm_works_once_allowed() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm, "one");
        let token = sign(&key, &access_claims());
        let only = builder()
            .keys(JwkSet::new(vec![key.public_jwk()]))
            .algorithms([algorithm]);
        only.clone()
            .build()
            .unwrap()
            .verify_access_token(&token)
            .await
            .unwrap();
        by(&[public(&key)])
            .verify_access_token(&token)
            .await
            .unwrap();
        // A signature for other claims, and one of another length.
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let other = sign(&key, &id_claims());
        let other = other.rsplit_once('.').unwrap().1;
        for wrong in [other, &signature[4..], "", &format!("{signature}AAAA")] {
            assert_refused(
                &by(&[public(&key)]),
                &format!("{signed}.{wrong}"),
                "Signature",
            )
            .await;
        }
    }
}

#[tokio::test]
async fn an_algorithm_that_is_not_allowed_is_refused_though_the_key_is_there() {
    for algorithm in [
        Algorithm::Ps256,
        Algorithm::Es256,
        Algorithm::Es384,
        Algorithm::Es512,
    ] {
        let key = key(algorithm, "one");
        let verifier = builder()
            .keys(JwkSet::new(vec![RSA.public_jwk(), key.public_jwk()]))
            .build()
            .unwrap();
        assert_refused(&verifier, &sign(&key, &access_claims()), "Algorithm").await;
    }
}

#[tokio::test]
async fn another_key_of_the_same_id_does_not_do() {
    assert_refused(
        &verifier(),
        &sign(&OTHER_RSA, &access_claims()),
        "Signature",
    )
    .await;
}

#[tokio::test]
async fn a_public_key_is_no_hmac_secret() {
    let jwk = public(&RSA);
    let n = jwk["n"].as_str().unwrap();
    for secret in [n.as_bytes(), jwk.to_string().as_bytes()] {
        let header = base64(r#"{"alg":"HS256","kid":"rsa"}"#);
        let signed = format!("{header}.{}", base64(access_claims().to_string()));
        let tag = hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, secret),
            signed.as_bytes(),
        );
        let token = format!("{signed}.{}", base64(tag));
        assert_refused(&by(std::slice::from_ref(&jwk)), &token, "Algorithm").await;
        // Nor is it if a set says that it is a secret.
        let shared = json!({"kty": "oct", "k": base64(secret), "alg": "HS256", "kid": "rsa"});
        assert_refused(&by(&[jwk.clone(), shared]), &token, "Algorithm").await;
    }
}

#[tokio::test]
async fn a_key_is_not_used_for_the_algorithm_of_another_kind() {
    let claims = access_claims().to_string();
    let keys = [public(&RSA), public(&EC)];
    for (header, key) in [
        (r#"{"alg":"ES256","kid":"rsa"}"#, &*RSA),
        (r#"{"alg":"RS256","kid":"ec"}"#, &*EC),
        (r#"{"alg":"ES384","kid":"ec"}"#, &*EC),
        (r#"{"alg":"ES512","kid":"ec"}"#, &*EC),
        // The key's own `alg` says RS256.
        (r#"{"alg":"PS256","kid":"rsa"}"#, &*RSA),
    ] {
        assert_refused(&by(&keys), &sign_texts(key, header, &claims), "UnfitKey").await;
    }
}

#[tokio::test]
async fn rs256_and_ps256_are_not_each_other() {
    let bare = with(public(&RSA), "alg", Value::Null);
    let verifier = by(&[bare]);
    let claims = access_claims().to_string();
    let token = sign_texts(&RSA, r#"{"alg":"PS256","kid":"rsa"}"#, &claims);
    assert_refused(&verifier, &token, "Signature").await;
    let pss = RSA.clone().with_algorithm(Algorithm::Ps256).unwrap();
    let token = sign_texts(&pss, r#"{"alg":"RS256","kid":"rsa"}"#, &claims);
    assert_refused(&verifier, &token, "Signature").await;
    verifier
        .verify_access_token(&sign(&pss, &access_claims()))
        .await
        .unwrap();
}

#[tokio::test]
async fn keys_that_say_they_are_for_something_else_are_not_used() {
    let token = sign(&RSA, &access_claims());
    for (member, value) in [
        ("use", "enc"),
        ("use", "SIG"),
        ("alg", "RSA-OAEP-256"),
        ("alg", "PS256"),
        ("alg", "HS256"),
        ("alg", "none"),
    ] {
        let unfit = with(public(&RSA), member, value.into());
        assert_refused(&by(&[unfit, public(&EC)]), &token, "UnfitKey").await;
    }
}

#[tokio::test]
async fn weak_and_broken_keys_are_not_used() {
    let token = sign(&RSA, &access_claims());
    let n = public(&RSA)["n"].as_str().unwrap().to_owned();
    for (member, value, variant) in [
        ("n", "AQAB", "UnfitKey"),
        ("n", "AA", "UnfitKey"),
        ("e", "AA", "UnfitKey"),
        ("e", "AQ", "UnfitKey"),
        ("e", "Ag", "UnfitKey"),
        ("n", &format!("{n}AAAA"), "Signature"),
    ] {
        let broken = with(public(&RSA), member, value.into());
        assert_refused(&by(&[broken, public(&EC)]), &token, variant).await;
    }
    let weak = json!({"kty": "RSA", "kid": "weak", "n": WEAK_N, "e": "AQAB"});
    assert_refused(&by(&[weak, public(&EC)]), WEAK_TOKEN, "UnfitKey").await;
    let token = sign(&EC, &access_claims());
    let x = public(&EC)["x"].clone();
    for (member, value) in [
        ("y", x),
        ("y", base64([0; 32]).into()),
        ("x", base64([255; 32]).into()),
        ("x", base64([1; 31]).into()),
        ("x", base64([1; 33]).into()),
        ("crv", "P-384".into()),
    ] {
        let off_curve = with(public(&EC), member, value);
        assert_refused(&by(&[off_curve, public(&RSA)]), &token, "UnfitKey").await;
    }
}

#[tokio::test]
async fn keys_in_the_token_itself_are_not_used() {
    let own = key(Algorithm::Rs256, "own");
    for (member, value) in [
        ("jwk", public(&own)),
        ("jku", json!("https://evil.com/keys")),
        ("x5u", json!("https://evil.com/cert")),
        ("x5c", json!(["MIIB"])),
    ] {
        for (key_id, variant) in [(json!("rsa"), "Signature"), (json!("own"), "UnknownKeyId")] {
            let header = with(
                json!({"alg": "RS256", "kid": key_id}),
                member,
                value.clone(),
            );
            let token = sign_texts(&own, &header.to_string(), &access_claims().to_string());
            assert_refused(&verifier(), &token, variant).await;
        }
    }
}

#[tokio::test]
async fn a_key_id_is_looked_up_and_nothing_else() {
    for (key_id, variant) in [
        ("RSA", "UnknownKeyId"),
        ("", "UnknownKeyId"),
        ("../../dev/null", "UnknownKeyId"),
        ("rsa' OR 1=1", "UnknownKeyId"),
        ("rsa\0", "UnknownKeyId"),
    ] {
        let token = sign_with("kid", key_id.into(), &access_claims());
        assert_refused(&verifier(), &token, variant).await;
    }
    let long = "k".repeat(8000);
    assert_refused(
        &verifier(),
        &sign_with("kid", long.into(), &access_claims()),
        "UnknownKeyId",
    )
    .await;
}

#[tokio::test]
async fn without_a_key_id_exactly_one_key_must_fit() {
    let token = sign_with("kid", Value::Null, &access_claims());
    by(&[public(&RSA), public(&EC)])
        .verify_access_token(&token)
        .await
        .unwrap();
    let two = by(&[public(&RSA), public(&OTHER_RSA)]);
    assert_refused(&two, &token, "NoKeyId").await;
    assert_refused(&by(&[public(&EC)]), &token, "NoKeyId").await;
    let other = by(&[public(&OTHER_RSA)]);
    assert_refused(&other, &token, "Signature").await;
    let encryption = with(public(&OTHER_RSA), "use", "enc".into());
    by(&[encryption, public(&RSA)])
        .verify_access_token(&token)
        .await
        .unwrap();
}

#[tokio::test]
async fn keys_that_share_an_id_are_all_tried_if_they_fit() {
    let token = sign(&RSA, &access_claims());
    let same_id = with(public(&EC), "kid", "rsa".into());
    let broken = with(public(&RSA), "n", "AQAB".into());
    for keys in [
        vec![public(&OTHER_RSA), public(&RSA)],
        vec![public(&RSA), public(&OTHER_RSA)],
        vec![same_id.clone(), public(&RSA)],
        vec![broken, same_id.clone(), public(&RSA)],
    ] {
        by(&keys).verify_access_token(&token).await.unwrap();
    }
    assert_refused(&by(&[same_id]), &token, "UnfitKey").await;
    assert_refused(
        &by(&[public(&OTHER_RSA), public(&OTHER_RSA)]),
        &token,
        "Signature",
    )
    .await;
}

#[tokio::test]
async fn keys_without_an_id_do_not_match_one() {
    let nameless: Jwk = serde_json::from_value(with(public(&RSA), "kid", Value::Null)).unwrap();
    let verifier = builder().keys(JwkSet::new(vec![nameless])).build().unwrap();
    assert_refused(&verifier, &sign(&RSA, &access_claims()), "UnknownKeyId").await;
    let token = sign_with("kid", Value::Null, &access_claims());
    verifier.verify_access_token(&token).await.unwrap();
}

#[tokio::test]
async fn four_keys_of_an_id_are_tried_and_no_more() {
    let token = sign(&RSA, &access_claims());
    let others = |count: usize| {
        let other = public(&OTHER_RSA);
        std::iter::repeat_n(other, count).chain([public(&RSA)])
    };
    let three: Vec<_> = others(3).collect();
    by(&three).verify_access_token(&token).await.unwrap();
    let four: Vec<_> = others(4).collect();
    assert_refused(&by(&four), &token, "Signature").await;
}

#[tokio::test]
async fn keys_that_are_not_understood_or_revoked_are_not_used() {
    let token = sign(&RSA, &access_claims());
    for (member, value, variant) in [
        ("use", json!(["sig"]), "UnknownKeyId"),
        ("alg", json!(256), "UnknownKeyId"),
        ("key_ops", json!("verify"), "UnknownKeyId"),
        ("revoked", json!({"revoked_at": NOW}), "UnknownKeyId"),
        ("exp", json!("soon"), "UnknownKeyId"),
        ("key_ops", json!(["encrypt"]), "UnfitKey"),
        ("key_ops", json!([]), "UnfitKey"),
        ("exp", json!(NOW), "UnfitKey"),
        ("exp", json!(0), "UnfitKey"),
    ] {
        let unfit = with(public(&RSA), member, value);
        assert_refused(&by(&[unfit, public(&EC)]), &token, variant).await;
    }
    for (member, value) in [
        ("key_ops", json!(["verify"])),
        ("exp", json!(NOW + 1)),
        ("revoked", Value::Null),
    ] {
        let fit = with(public(&RSA), member, value);
        by(&[fit]).verify_access_token(&token).await.unwrap();
    }
}
