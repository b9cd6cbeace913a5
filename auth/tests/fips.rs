//! With the feature `fips` all cryptography is that of the validated module.
#![cfg(feature = "fips")]
#![allow(clippy::unwrap_used)]

use okta_auth::jose::{Algorithm, JwkSet, SigningKey};
use okta_auth::{Issuer, Verifier, VerifyError};
use serde_json::json;

#[test]
fn the_library_is_the_validated_one() {
    assert!(aws_lc_rs::try_fips_mode().is_ok());
}

#[test]
#[cfg(feature = "rustls")]
fn tls_is_by_the_validated_library() {
    use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
    assert!(default_provider().fips());
}

#[tokio::test]
async fn tokens_are_signed_and_verified() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::generate(algorithm).unwrap().with_key_id("one");
        let header = json!({"alg": algorithm.as_str(), "kid": "one"});
        let token = signed(&key, &header.to_string());
        let verifier = Verifier::builder(Issuer::parse("https://acme.okta.com").unwrap())
            .audience("api://default")
            .algorithms([algorithm])
            .keys(JwkSet::new(vec![key.public_jwk()]))
            .build()
            .unwrap();
        let error = verifier.verify_access_token(&token).await.unwrap_err();
        let is_about_claims = !matches!(error, VerifyError::Signature);
        assert!(is_about_claims, "{algorithm:?}: {error}");
    }
}

/// A token without claims.
fn signed(key: &SigningKey, header: &str) -> String {
    use base64::Engine;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let signed = format!("{}.{}", encode(header.as_bytes()), encode(b"{}"));
    let signature = key.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", encode(&signature))
}
