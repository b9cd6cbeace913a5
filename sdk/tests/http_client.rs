//! Changes of the HTTP client hold for the API and for the tokens that it is called with.
#![cfg(feature = "users")]
#![allow(clippy::unwrap_used)]

use httpmock::MockServer;
use okta_sdk::jose::{Algorithm, SigningKey};
use okta_sdk::oauth::ClientAuthentication;
use okta_sdk::{Client, HeaderMap};
use serde_json::json;

#[tokio::test]
async fn a_default_header_and_an_address_hold_for_tokens_too() {
    let server = MockServer::start_async().await;
    let token = json!({"access_token": "a-1", "token_type": "Bearer", "expires_in": 3600});
    let tokens = server
        .mock_async(|when, then| {
            when.path("/oauth2/v1/token").header("x-tenant", "acme");
            then.status(200).json_body(token);
        })
        .await;
    let users = server
        .mock_async(|when, then| {
            when.path("/api/v1/users/me").header("x-tenant", "acme");
            then.status(200).json_body(json!({"id": "00u1"}));
        })
        .await;
    let (address, key) = (
        *server.address(),
        SigningKey::generate(Algorithm::Es256).unwrap(),
    );
    let headers = HeaderMap::from_iter([("x-tenant".parse().unwrap(), "acme".parse().unwrap())]);
    let okta = Client::builder()
        .org_url(format!("http://acme.invalid:{}", address.port()))
        .allow_http(true)
        .service_app(
            "0oa1",
            ClientAuthentication::private_key(key),
            ["okta.users.read"],
        )
        .http(move |http| http.resolve("acme.invalid", address))
        .http(move |http| http.default_headers(headers.clone()))
        .build()
        .unwrap();
    okta.users().get("me").await.unwrap();
    assert_eq!((tokens.calls(), users.calls()), (1, 1));
}
