//! Tokens and proofs of clients that this project did not write, at our resource server.

use std::process::Command;

use http::Method;
use okta_auth::jose::Algorithm;
use okta_auth::verifier::{DpopRequest, ProofError};
use okta_auth::{Verifier, VerifyError};
use serde_json::Value;

use crate::clients::{AUDIENCE, CLIENT_SECRET};
use crate::installation;
use crate::provider::Provider;

tests! {
    oidc_provider_tokens_of_openid_client_pass_with_its_proofs_and_those_of_jose,
    oidc_provider_tokens_of_openid_client_do_not_pass_with_tampered_proofs,
}

/// What the proofs are for. The client writes it otherwise than the request has it.
const URL: &str = "https://api.example.com/orders/1";
const WRITTEN: &str = "HTTPS://API.example.com:443/orders/./1?page=2#top";

/// A token, and a proof for it by each library.
fn made(algorithm: &str) -> Value {
    let provider = Provider::shared();
    let output = Command::new("node")
        .args([
            "bound_client.mjs",
            provider.issuer().as_str(),
            "service_basic",
        ])
        .args([CLIENT_SECRET, algorithm, WRITTEN])
        .current_dir(installation::project())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn verifier() -> Verifier {
    Verifier::builder(Provider::shared().issuer())
        .audience(AUDIENCE)
        .build()
        .unwrap()
}

async fn check(
    verifier: &Verifier,
    token: &str,
    proof: &str,
    url: &str,
) -> Result<(), VerifyError> {
    let request = DpopRequest::new(&Method::GET, url).proof(proof);
    verifier
        .verify_dpop_access_token(token, request)
        .await
        .map(drop)
}

async fn oidc_provider_tokens_of_openid_client_pass_with_its_proofs_and_those_of_jose() {
    let verifier = verifier();
    for algorithm in [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa] {
        let made = made(algorithm.as_str());
        assert_eq!(made["authorization"], "DPoP", "{algorithm}");
        let token = made["token"].as_str().unwrap();
        for library in ["openid-client", "jose"] {
            let proof = made["proofs"][library].as_str().unwrap();
            let passed = check(&verifier, token, proof, URL).await;
            assert!(passed.is_ok(), "{library} by {algorithm}: {passed:?}");
            let again = check(&verifier, token, proof, URL).await;
            let replayed = matches!(again, Err(VerifyError::Proof(ProofError::Replayed)));
            assert!(replayed, "{library} by {algorithm}: {again:?}");
        }
        let alone = verifier.verify_access_token(token).await;
        assert!(matches!(alone, Err(VerifyError::Bound { .. })), "{alone:?}");
    }
}

async fn oidc_provider_tokens_of_openid_client_do_not_pass_with_tampered_proofs() {
    let (verifier, mine, other) = (verifier(), made("ES256"), made("ES256"));
    let token = mine["token"].as_str().unwrap();
    for library in ["openid-client", "jose"] {
        let proof = mine["proofs"][library].as_str().unwrap();
        let (signed, signature) = proof.rsplit_once('.').unwrap();
        let swapped = other["proofs"][library].as_str().unwrap();
        let (_, others) = swapped.rsplit_once('.').unwrap();
        let resigned = format!("{signed}.{others}");
        let cut = format!("{signed}.{}", &signature[1..]);
        for tampered in [swapped, &resigned, &cut, signed] {
            let refused = check(&verifier, token, tampered, URL).await;
            assert!(
                matches!(refused, Err(VerifyError::Proof(_))),
                "{library}: {refused:?}"
            );
        }
        for elsewhere in [
            "https://api.example.com/orders/2",
            "https://api.example.com:8443/orders/1",
        ] {
            assert!(
                check(&verifier, token, proof, elsewhere).await.is_err(),
                "{elsewhere}"
            );
        }
        // None of that has used it up.
        check(&verifier, token, proof, URL).await.unwrap();
    }
}
