#![allow(clippy::unwrap_used)]
use std::time::{Duration, UNIX_EPOCH};

use futures::future::join_all;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::*;
use crate::credentials::NoCredentials;
use crate::testing::{Reply, Script, reply};
use crate::{Clock, Pipeline};

fn issuer() -> Issuer {
    Issuer::parse("https://acme.okta.com/oauth2/default").unwrap()
}

fn document() -> Value {
    json!({
        "issuer": "https://acme.okta.com/oauth2/default",
        "authorization_endpoint": "https://acme.okta.com/oauth2/default/v1/authorize",
        "token_endpoint": "https://acme.okta.com/oauth2/default/v1/token",
        "jwks_uri": "https://acme.okta.com/oauth2/default/v1/keys",
        "grant_types_supported": ["authorization_code"],
        "request_parameter_supported": true,
    })
}

/// Follows tokio's clock.
fn clock() -> Clock {
    let start = Instant::now();
    Clock::new(move || UNIX_EPOCH + start.elapsed())
}

fn discovery(script: &Script) -> Discovery {
    let pipeline = Pipeline::builder(issuer().org_url(), NoCredentials)
        .max_retries(0)
        .build_over(script.clone())
        .unwrap();
    Discovery::new(issuer(), pipeline, clock())
}

fn paths(script: &Script) -> Vec<String> {
    script.sent(|sent| sent.iter().map(|sent| sent.url.path().to_owned()).collect())
}

#[test]
fn a_document_is_read_whole() {
    let metadata = ServerMetadata::from_json(&issuer(), document().to_string().as_bytes()).unwrap();
    assert_eq!(metadata.jwks_uri, issuer().endpoint("v1/keys"));
    assert_eq!(metadata.grant_types_supported, ["authorization_code"]);
    assert_eq!(metadata.extra["request_parameter_supported"], json!(true));
    assert!(metadata.revocation_endpoint.is_none());
    let again = serde_json::to_vec(&metadata).unwrap();
    assert_eq!(
        ServerMetadata::from_json(&issuer(), &again).unwrap(),
        metadata
    );
}

#[test]
fn the_layout_of_okta_is_a_document_that_would_be_taken() {
    for issuer in [issuer(), Issuer::org(&issuer().org_url())] {
        let metadata = ServerMetadata::okta(&issuer);
        metadata
            .check(&issuer, &BrowserEndpoints::default())
            .unwrap();
        assert!(metadata.token_endpoint.path().ends_with("/v1/token"));
    }
}

#[test]
fn documents_that_would_send_secrets_elsewhere_are_refused() {
    for (member, value, expected) in [
        ("issuer", "https://acme.okta.com", "another issuer"),
        (
            "issuer",
            "https://acme.okta.com/oauth2/default/",
            "another issuer",
        ),
        (
            "issuer",
            "https://ACME.okta.com/oauth2/default",
            "another issuer",
        ),
        (
            "token_endpoint",
            "https://evil.com/token",
            "`token_endpoint`",
        ),
        (
            "token_endpoint",
            "http://acme.okta.com/token",
            "`token_endpoint`",
        ),
        ("jwks_uri", "https://acme.okta.com:444/keys", "`jwks_uri`"),
        ("jwks_uri", "https://x@acme.okta.com/keys", "`jwks_uri`"),
        (
            "revocation_endpoint",
            "https://evil.com/",
            "`revocation_endpoint`",
        ),
        (
            "registration_endpoint",
            "https://evil.com/",
            "`registration_endpoint`",
        ),
        ("token_endpoint", "not a URL", "not what it should be"),
    ] {
        let mut document = document();
        document[member] = value.into();
        let error =
            ServerMetadata::from_json(&issuer(), document.to_string().as_bytes()).unwrap_err();
        assert!(
            error.is_decode() && error.to_string().contains(expected),
            "{error}"
        );
    }
    for garbage in ["", "null", "[]", "{}", "<html>", "{\"issuer\": 1}"] {
        assert!(ServerMetadata::from_json(&issuer(), garbage.as_bytes()).is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_tasks_ask_once() {
    let script = Script::new(|_, _| {
        let (_, answer) = reply(200, &[], &document().to_string());
        (Duration::from_secs(3), answer)
    });
    let discovery = discovery(&script);
    let all = join_all((0..1000).map(|_| discovery.metadata())).await;
    assert!(all.iter().all(Result::is_ok));
    discovery.metadata().await.unwrap();
    assert_eq!(
        paths(&script),
        ["/oauth2/default/.well-known/openid-configuration"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_without_openid_connect_is_asked_for_the_other_document() {
    let script = Script::new(|number, _| match number {
        0 => reply(404, &[], "{}"),
        _ => reply(200, &[], &document().to_string()),
    });
    discovery(&script).metadata().await.unwrap();
    assert_eq!(
        paths(&script)[1],
        "/oauth2/default/.well-known/oauth-authorization-server"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_reaches_all_and_is_remembered_for_a_while() {
    let failures: [fn() -> Reply; 3] = [
        || reply(500, &[], "{}"),
        || reply(200, &[], "<html>"),
        || reply(302, &[("location", "https://evil.com")], ""),
    ];
    for failure in failures {
        let script = Script::new(move |number, _| match number {
            0 => failure(),
            _ => reply(200, &[], &document().to_string()),
        });
        let discovery = discovery(&script);
        for result in join_all([discovery.metadata(), discovery.metadata()]).await {
            let error = result.unwrap_err();
            assert!(error.status().is_some(), "{error}");
        }
        discovery.metadata().await.unwrap_err();
        assert_eq!(paths(&script).len(), 1);
        sleep(Duration::from_secs(12)).await;
        discovery.metadata().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn the_text_of_a_document_is_cut_in_errors() {
    let long = "x".repeat(5_000_000);
    for (member, value) in [
        ("issuer", json!(long)),
        ("token_endpoint", json!(format!("https://{long}.com/"))),
        ("token_endpoint", json!(format!("https://evil.com:{long}"))),
        ("response_types_supported", json!(long)),
        ("require_pushed_authorization_requests", json!(long)),
    ] {
        let mut document = document();
        document[member] = value;
        let error =
            ServerMetadata::from_json(&issuer(), document.to_string().as_bytes()).unwrap_err();
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(text.len() < 1000, "{member}: {} bytes", text.len());
        }
    }
}
