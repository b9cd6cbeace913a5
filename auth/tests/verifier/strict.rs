//! The strict profile: RFC 9068, algorithms of FAPI 2.0.

use std::time::Duration;

use okta_auth::jose::{Algorithm, JwkSet, SigningKey};
use okta_auth::verifier::DpopChecks;
use okta_auth::{Verifier, VerifierBuilder};
use serde_json::{Value, json};

use crate::made::*;

fn strict(key: &SigningKey) -> VerifierBuilder {
    builder().keys(JwkSet::new(vec![key.public_jwk()])).strict()
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "iat": NOW, "exp": NOW + 60, "client_id": CLIENT,
        "scope": "orders:read", "sub": "ada@example.com", "jti": "one",
    })
}

fn token(key: &SigningKey, typ: Value, claims: &Value) -> String {
    let alg = key.algorithm().as_str();
    let header = with(json!({"kid": key.key_id(), "alg": alg}), "typ", typ);
    sign_texts(key, &header.to_string(), &claims.to_string())
}

async fn taken(verifier: &Verifier, token: &str) -> bool {
    verifier.verify_access_token(token).await.is_ok()
}

#[tokio::test]
async fn the_algorithms_are_those_of_fapi() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm, "one");
        let good = Algorithm::FAPI.contains(&algorithm);
        let built = strict(&key).build();
        assert_eq!(built.is_ok(), good, "{algorithm}");
        if let Ok(verifier) = built {
            let token = token(&key, "at+jwt".into(), &claims());
            assert!(taken(&verifier, &token).await, "{algorithm}");
        }
    }
    let error = strict(&EC).algorithms([Algorithm::Rs256]).build();
    assert!(error.unwrap_err().to_string().contains("PS256"));
    let checks = DpopChecks::new().algorithms([Algorithm::Rs256]);
    assert!(strict(&EC).dpop(checks).build().is_err());
    // What is allowed besides is not allowed here, in whatever order it was said.
    let both = strict(&EC).algorithms([Algorithm::Rs256, Algorithm::Es256]);
    let token = sign_with("typ", "at+jwt".into(), &claims());
    assert_refused(&both.build().unwrap(), &token, "Algorithm").await;
}

#[tokio::test]
async fn the_type_and_the_claims_are_those_of_rfc_9068() {
    let verifier = strict(&EC).build().unwrap();
    for (typ, good) in [
        (json!("at+jwt"), true),
        (json!("AT+JWT"), true),
        (json!("application/at+jwt"), true),
        (json!("JWT"), false),
        (json!(null), false),
        (json!(""), false),
    ] {
        let token = token(&EC, typ.clone(), &claims());
        assert_eq!(taken(&verifier, &token).await, good, "{typ}");
    }
    for claim in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"] {
        let lacking = with(claims(), claim, Value::Null);
        let lacking = token(&EC, "at+jwt".into(), &lacking);
        assert!(!taken(&verifier, &lacking).await, "{claim}");
        let empty = with(claims(), claim, "".into());
        let empty = token(&EC, "at+jwt".into(), &empty);
        assert!(!taken(&verifier, &empty).await, "{claim}");
    }
    let okta = with(
        with(claims(), "client_id", Value::Null),
        "cid",
        CLIENT.into(),
    );
    assert_refused(
        &verifier,
        &token(&EC, "at+jwt".into(), &okta),
        "MissingClaim",
    )
    .await;
}

#[tokio::test]
async fn an_hour_of_leeway_is_not_an_hour() {
    let hour = Duration::from_secs(3600);
    let plain = builder().leeway(hour).build().unwrap();
    let strict = strict(&EC).leeway(hour).build().unwrap();
    for (ago, in_plain, in_strict) in [(59, true, true), (60, true, false), (600, false, false)] {
        let exp = json!(NOW - ago);
        let token_of_okta = sign(&RSA, &with(access_claims(), "exp", exp.clone()));
        assert_eq!(taken(&plain, &token_of_okta).await, in_plain, "{ago}");
        let token = token(&EC, "at+jwt".into(), &with(claims(), "exp", exp));
        assert_eq!(taken(&strict, &token).await, in_strict, "{ago}");
    }
}
