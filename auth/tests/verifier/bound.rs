//! Access tokens that are bound to a client certificate.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::made::*;

const CERTIFICATE: &[u8] = b"0\x82 the certificate, as DER";

fn hash(der: &[u8]) -> String {
    base64(digest(&SHA256, der))
}

fn token(cnf: Value) -> String {
    sign(&RSA, &with(access_claims(), "cnf", cnf))
}

#[tokio::test]
async fn a_token_is_good_with_its_certificate_and_no_other() {
    let verifier = verifier();
    let bound = token(json!({"x5t#S256": hash(CERTIFICATE)}));
    let claims = verifier
        .verify_with_certificate(&bound, CERTIFICATE)
        .await
        .unwrap();
    assert_eq!(claims.client_id, CLIENT);
    for other in [&b""[..], b"another", &CERTIFICATE[1..]] {
        let error = verifier.verify_with_certificate(&bound, other).await;
        let error = error.unwrap_err();
        assert_eq!(name(&error), "Certificate");
        assert_eq!(error.status(), 401);
        let challenge = error.challenge().unwrap().to_string();
        assert!(
            challenge.starts_with(r#"Bearer error="invalid_token""#),
            "{challenge}"
        );
    }
}

#[tokio::test]
async fn a_token_that_is_not_bound_by_its_certificate_alone_is_refused() {
    for cnf in [
        Value::Null,
        json!({}),
        json!({"jkt": hash(CERTIFICATE)}),
        json!({"x5t": hash(CERTIFICATE)}),
        json!({"x5t#s256": hash(CERTIFICATE)}),
        json!({"x5t#S256": [hash(CERTIFICATE)]}),
        json!({"x5t#S256": hash(CERTIFICATE), "jkt": "one"}),
        json!(hash(CERTIFICATE)),
    ] {
        let error = verifier()
            .verify_with_certificate(&token(cnf.clone()), CERTIFICATE)
            .await
            .unwrap_err();
        assert_eq!(name(&error), "NotBound", "{cnf}");
    }
    for hash in [String::new(), hash(CERTIFICATE) + "=", hash(b"")] {
        let error = verifier()
            .verify_with_certificate(&token(json!({ "x5t#S256": hash })), CERTIFICATE)
            .await
            .unwrap_err();
        assert_eq!(name(&error), "Certificate");
    }
}
