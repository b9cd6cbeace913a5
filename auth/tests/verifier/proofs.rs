//! DPoP proofs made to order.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use http::Method;
use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::verifier::{DpopRequest, ProofError};
use okta_auth::{AccessTokenClaims, Verifier, VerifyError};
use serde_json::{Value, json};

use crate::made::*;

pub const URL: &str = "https://api.acme.com/orders/7";

/// The client's key, which tokens are bound to.
pub static CLIENT_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Es256, "unsent"));
/// The key of whoever has stolen a token.
pub static THIEF_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Es256, "unsent"));

/// The public members alone.
pub fn bare_jwk(key: &SigningKey) -> Value {
    let mut jwk = key.public_jwk().to_json();
    for member in ["kid", "alg", "use"] {
        jwk.as_object_mut().unwrap().remove(member);
    }
    jwk
}

/// An access token that is bound to `key`.
pub fn bound_to(key: &SigningKey) -> String {
    let cnf = json!({"jkt": key.public_jwk().thumbprint()});
    sign(&RSA, &with(access_claims(), "cnf", cnf))
}

/// A proof for `token`, of which a test changes what it is about.
#[derive(Clone)]
pub struct Made {
    pub key: SigningKey,
    pub header: Value,
    pub claims: Value,
}

impl Made {
    pub fn new(key: &SigningKey, token: &str) -> Self {
        let alg = key.algorithm().as_str();
        let ath = base64(digest(&SHA256, token.as_bytes()));
        Self {
            key: key.clone(),
            header: json!({"typ": "dpop+jwt", "alg": alg, "jwk": bare_jwk(key)}),
            claims: json!({"jti": "one", "htm": "GET", "htu": URL, "iat": NOW, "ath": ath}),
        }
    }

    pub fn header(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.header = with(self.header, member, value.into());
        self
    }

    pub fn claim(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims = with(self.claims, claim, value.into());
        self
    }

    pub fn text(&self) -> String {
        sign_texts(
            &self.key,
            &self.header.to_string(),
            &self.claims.to_string(),
        )
    }
}

/// A proof by [`CLIENT_KEY`] for `token`.
pub fn made(token: &str) -> Made {
    Made::new(&CLIENT_KEY, token)
}

/// What a verifier says to a `GET` of [`URL`] with one proof.
pub async fn check(
    verifier: &Verifier,
    token: &str,
    proof: &str,
) -> Result<AccessTokenClaims, VerifyError> {
    let request = DpopRequest::new(&Method::GET, URL).proof(proof);
    verifier.verify_dpop_access_token(token, request).await
}

/// Why a new verifier refuses the proof.
pub async fn refusal(token: &str, proof: &str) -> ProofError {
    let error = check(&verifier(), token, proof).await.unwrap_err();
    assert_eq!(error.status(), 401, "{error}");
    let challenge = error.challenge().unwrap().to_string();
    assert!(
        challenge.starts_with(r#"DPoP error="invalid_dpop_proof""#),
        "{challenge}"
    );
    match error {
        VerifyError::Proof(error) => error,
        error => panic!("{error:?}"),
    }
}
