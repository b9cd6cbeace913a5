#![allow(clippy::unwrap_used)]
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::*;
use crate::jose::SigningKey;
use crate::testing::{Script, reply};
use crate::verifier::IdTokenChecks;

/// A client with the usual settings, of a server that takes an hour for each answer.
fn client(metadata: Option<ServerMetadata>) -> OAuthClient {
    let issuer = Issuer::parse("https://acme.okta.com").unwrap();
    let script = Script::new(|_, _| {
        let (_, answer) = reply(200, &[], "{}");
        (Duration::from_secs(3600), answer)
    });
    let mut builder = OAuthClient::builder(issuer, "0oa1");
    builder.metadata = metadata;
    let open = builder.pipeline.clone().build_over(script).unwrap();
    builder.build_with(open).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_login_does_not_wait_long_for_metadata_and_keys_of_a_silent_server() {
    let start = Instant::now();
    let error = client(None).metadata().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(start.elapsed() <= Duration::from_secs(15));

    let issuer = Issuer::parse("https://acme.okta.com").unwrap();
    let client = client(Some(ServerMetadata::okta(&issuer)));
    let key = SigningKey::generate(Algorithm::Rs256).unwrap();
    let token = key.token(json!({"kid": "one"}), &json!({})).unwrap();
    let start = Instant::now();
    let checks = IdTokenChecks::default();
    let refused = client.verifier().verify_id_token(&token, &checks).await;
    assert!(matches!(refused, Err(crate::VerifyError::Keys(_))));
    assert!(start.elapsed() <= Duration::from_secs(15));
}

#[tokio::test(start_paused = true)]
async fn shorter_limits_of_the_client_count_for_metadata_too() {
    let issuer = Issuer::parse("https://acme.okta.com").unwrap();
    let script = Script::new(|_, _| {
        let (_, answer) = reply(200, &[], "{}");
        (Duration::from_secs(3600), answer)
    });
    let builder = OAuthClient::builder(issuer, "0oa1")
        .requests(|requests| requests.request_timeout(Duration::from_secs(1)));
    let open = builder.pipeline.clone().build_over(script).unwrap();
    let start = Instant::now();
    let client = builder.build_with(open).unwrap();
    client.metadata().await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::from_secs(1));
}
