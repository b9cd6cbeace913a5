//! A client that authenticates as a service app, set up by its configuration.
#![cfg(feature = "users")]
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use httpmock::{HttpMockRequest, Mock, MockServer};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use okta_sdk::{Client, Config};
use serde_json::{Value, json};

/// The key of RFC 7515, appendix A.3.1.
const PUBLIC: &str = r#""kty": "EC", "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;
const PRIVATE: &str = r#""d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI""#;

fn client(server: &MockServer, more: &str) -> Client {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("okta.yaml");
    let client = format!(
        "{{orgUrl: '{}', authorizationMode: PrivateKey, clientId: 0oa1, keyId: key-1,
         scopes: [okta.users.read, okta.users.manage], privateKey: {{{PUBLIC}, {PRIVATE}}}{more}}}",
        server.base_url()
    );
    std::fs::write(&path, format!("okta:\n  client: {client}\n")).unwrap();
    Client::from_config(&Config::from_file(&path).unwrap()).unwrap()
}

/// The claims of a JWT, its signature checked by another implementation.
fn verified(token: &str, key: &DecodingKey) -> Value {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    decode(token, key, &validation).unwrap().claims
}

/// Whether a request for a token is what Okta wants it to be.
fn is_in_order(request: &HttpMockRequest) -> bool {
    let body = request.body_vec();
    let form: HashMap<_, _> = url::form_urlencoded::parse(&body).into_owned().collect();
    let public: Jwk = serde_json::from_str(&format!("{{{PUBLIC}}}")).unwrap();
    let key = DecodingKey::from_jwk(&public).unwrap();
    let assertion = &form["client_assertion"];
    let claims = verified(assertion, &key);
    assert_eq!(decode_header(assertion).unwrap().kid.unwrap(), "key-1");
    assert_eq!(
        (&claims["iss"], &claims["sub"]),
        (&json!("0oa1"), &json!("0oa1"))
    );
    assert!(
        claims["aud"]
            .as_str()
            .unwrap()
            .ends_with("/oauth2/v1/token")
    );
    assert_eq!(form["scope"], "okta.users.read okta.users.manage");
    form["grant_type"] == "client_credentials"
}

/// The claims of a proof of possession, checked by the key that it brings.
fn proof(request: &HttpMockRequest) -> Value {
    let headers = request.headers();
    let proof = headers["dpop"].to_str().unwrap();
    let key = decode_header(proof).unwrap().jwk.unwrap();
    verified(proof, &DecodingKey::from_jwk(&key).unwrap())
}

async fn tokens<'a>(
    server: &'a MockServer,
    kind: &str,
    has_proof: impl Fn(&HttpMockRequest) -> bool + Send + Sync + 'static,
) -> Mock<'a> {
    let body = json!({"access_token": "a-1", "token_type": kind, "expires_in": 3600});
    server
        .mock_async(|when, then| {
            when.method("POST")
                .path("/oauth2/v1/token")
                .is_true(is_in_order)
                .is_true(has_proof);
            then.status(200).json_body(body);
        })
        .await
}

#[tokio::test]
async fn one_token_serves_many_calls() {
    let server = MockServer::start_async().await;
    let no_proof = |request: &HttpMockRequest| !request.headers().contains_key("dpop");
    let tokens = tokens(&server, "Bearer", no_proof).await;
    let users = server
        .mock_async(|when, then| {
            when.path("/api/v1/users/me")
                .header("authorization", "Bearer a-1");
            then.status(200).json_body(json!({"id": "00u1"}));
        })
        .await;
    let okta = client(&server, "");
    for _ in 0..2 {
        assert_eq!(okta.users().get("me").await.unwrap().id, "00u1");
    }
    assert_eq!(
        (tokens.calls_async().await, users.calls_async().await),
        (1, 2)
    );
}

#[tokio::test]
async fn with_dpop_every_call_has_a_proof() {
    let server = MockServer::start_async().await;
    let tokens = tokens(&server, "DPoP", |request| proof(request)["htm"] == "POST").await;
    let users = server
        .mock_async(|when, then| {
            when.path_includes("/api/v1/users/")
                .header("authorization", "DPoP a-1")
                .header("x-okta-user-agent-extended", "isDPoP:true")
                .is_true(|request| {
                    let claims = proof(request);
                    let htu = claims["htu"].as_str().unwrap();
                    claims["ath"].is_string() && htu.ends_with(request.uri().path())
                });
            then.status(200).json_body(json!({"id": "00u1"}));
        })
        .await;
    let okta = client(&server, ", dpopEnabled: true");
    okta.users().get("joe@example.com").await.unwrap();
    assert_eq!(
        (tokens.calls_async().await, users.calls_async().await),
        (1, 1)
    );
}

#[tokio::test]
async fn what_the_token_endpoint_says_is_the_error_of_the_call() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.path("/oauth2/v1/token");
            then.status(400).json_body(json!({
                "error": "invalid_scope",
                "error_description": "One or more scopes are not configured",
            }));
        })
        .await;
    let error = client(&server, "").users().get("me").await.unwrap_err();
    assert!(error.is_credentials());
    assert_eq!(error.code(), Some("invalid_scope"));
    assert_eq!(error.operation(), Some("getUser"));
}
