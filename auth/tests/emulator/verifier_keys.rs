//! A verifier whose server changes its keys, or cannot be reached.

use std::time::Duration;

use futures::future::join_all;
use okta_auth::{Secret, Verifier, VerifyError};
use okta_emulator::{ErrorBody, Fault, FaultRule};

use crate::org::*;

const KEYS: &str = "/oauth2/default/v1/keys";
const HOUR: u64 = 3600;

fn verifier(org: &Org) -> Verifier {
    Verifier::builder(org.issuer(Server::Default))
        .audience("api://default")
        .clock(org.clock())
        .requests(hasty)
        .build()
        .unwrap()
}

/// A token of the custom server that is good for a week.
async fn token(org: &Org) -> Secret {
    let oauth = org.okta.oauth();
    oauth.access_token_lifetime(Duration::from_secs(7 * 24 * HOUR));
    let client = org.client(Server::Default, org.okta.service_app());
    let client = client.build().unwrap();
    let grant = client.client_credentials().scopes(["api:read"]);
    grant.send().await.unwrap().access_token
}

async fn check(verifier: &Verifier, token: &Secret) -> Result<(), VerifyError> {
    let claims = verifier.verify_access_token(token.expose()).await?;
    claims.require_scope("api:read")
}

fn down() -> FaultRule {
    let fault = Fault::ServerError {
        status: 503,
        body: ErrorBody::Html,
    };
    FaultRule::new(fault).on_path(KEYS).always()
}

#[tokio::test]
async fn new_keys_are_found_when_a_token_names_one() {
    let org = Org::start().await;
    let verifier = verifier(&org);
    let old = token(&org).await;
    check(&verifier, &old).await.unwrap();
    org.okta.oauth().rotate_keys();
    let new = token(&org).await;
    assert_eq!(org.asked(KEYS).len(), 1);

    let checks = join_all((0..100).map(|_| check(&verifier, &new))).await;
    assert!(checks.iter().all(Result::is_ok));
    assert_eq!(org.asked(KEYS).len(), 2, "one question for all of them");
    check(&verifier, &old).await.unwrap();
    assert_eq!(org.asked(KEYS).len(), 2);
}

#[tokio::test]
async fn retired_keys_are_forgotten_when_the_keys_are_asked_for_again() {
    let org = Org::start().await;
    let verifier = verifier(&org);
    let old = token(&org).await;
    check(&verifier, &old).await.unwrap();
    org.okta.oauth().rotate_keys();
    org.okta.oauth().retire_old_keys();
    check(&verifier, &old).await.unwrap();

    check(&verifier, &token(&org).await).await.unwrap();
    let error = check(&verifier, &old).await.unwrap_err();
    assert!(matches!(error, VerifyError::UnknownKeyId { .. }), "{error}");
    // Such tokens do not make the verifier ask on and on.
    for _ in 0..10 {
        check(&verifier, &old).await.unwrap_err();
    }
    assert_eq!(org.asked(KEYS).len(), 7);
    org.pass(8);
    for _ in 0..10 {
        check(&verifier, &old).await.unwrap_err();
    }
    assert_eq!(org.asked(KEYS).len(), 8);
}

#[tokio::test]
async fn known_keys_serve_while_the_server_is_down() {
    let org = Org::start().await;
    let verifier = verifier(&org);
    let token = token(&org).await;
    check(&verifier, &token).await.unwrap();
    org.okta.clear_requests();
    org.okta.faults().inject(down());

    org.pass(2 * HOUR);
    check(&verifier, &token).await.unwrap();
    let asked = org.asked(KEYS).len();
    assert_eq!(asked, 2, "once and a retry");
    org.pass(9);
    check(&verifier, &token).await.unwrap();
    assert_eq!(
        org.asked(KEYS).len(),
        asked,
        "it is left in peace for a while"
    );
    org.pass(3);
    check(&verifier, &token).await.unwrap();
    assert_eq!(org.asked(KEYS).len(), 2 * asked);

    // A day after the end of their life they are of no use any more.
    org.pass(23 * HOUR);
    let error = check(&verifier, &token).await.unwrap_err();
    let VerifyError::Keys(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.status().unwrap(), 503);

    org.okta.faults().clear();
    org.pass(72);
    check(&verifier, &token).await.unwrap();
}

#[tokio::test]
async fn without_any_keys_the_answer_is_that_they_cannot_be_had() {
    let org = Org::start().await;
    let verifier = verifier(&org);
    let token = token(&org).await;
    for fault in [
        Fault::ConnectionReset,
        Fault::TruncatedBody,
        Fault::ServerError {
            status: 500,
            body: ErrorBody::Json,
        },
    ] {
        let rule = FaultRule::new(fault.clone()).on_path(KEYS);
        org.okta.faults().inject(rule.times(2));
        let error = check(&verifier, &token).await.unwrap_err();
        assert!(matches!(error, VerifyError::Keys(_)), "{fault:?}: {error}");
        org.pass(72);
    }
    check(&verifier, &token).await.unwrap();
}

#[tokio::test]
async fn a_hiccup_is_not_noticed() {
    let org = Org::start().await;
    for fault in [Fault::ConnectionReset, Fault::TruncatedBody] {
        let verifier = verifier(&org);
        let token = token(&org).await;
        org.okta.clear_requests();
        let rule = FaultRule::new(fault).on_path(KEYS);
        org.okta.faults().inject(rule.times(1));
        check(&verifier, &token).await.unwrap();
        assert_eq!(org.asked(KEYS).len(), 2);
    }
}
