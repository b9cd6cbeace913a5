//! Settings of the verifier.

use std::time::Duration;

use okta_auth::jose::{Algorithm, JwkSet};
use okta_auth::{Error, IdTokenChecks, Issuer, ServerMetadata, Verifier};

use crate::made::*;

#[test]
fn settings_that_cannot_work_are_refused() {
    let elsewhere = Issuer::parse("https://evil.com/oauth2/default").unwrap();
    for (wrong, advice) in [
        (builder().audience(""), "api://default"),
        (builder().client_id(""), "0oa1b2c3d4"),
        (builder().allowed_client_ids([""; 0]), "leave it out"),
        (builder().algorithms([]), "RS256"),
        (builder().keys(JwkSet::default()), "public signing keys"),
        (builder().algorithms([Algorithm::Es256]), "`algorithms`"),
        (
            Verifier::builder(issuer())
                .requests(|requests| requests.connect_timeout(Duration::ZERO)),
            "positive",
        ),
    ] {
        let error = wrong.build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert!(error.to_string().contains(advice), "{error}");
    }
    let error = builder()
        .metadata(ServerMetadata::okta(&elsewhere))
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("another issuer"), "{error}");
}

#[tokio::test]
async fn what_the_verifier_was_not_told_it_says() {
    let bare = Verifier::builder(issuer())
        .keys(JwkSet::new(vec![RSA.public_jwk()]))
        .build()
        .unwrap();
    let error = bare
        .verify_access_token(&sign(&RSA, &access_claims()))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("`audience`"), "{error}");
    let checks = IdTokenChecks::new();
    let error = bare
        .verify_id_token(&sign(&RSA, &id_claims()), &checks)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("`client_id`"), "{error}");
    let error = bare
        .verify_logout_token(&sign(&RSA, &logout_claims()))
        .await
        .unwrap_err();
    assert_eq!(name(&error), "NotSetUp");
}

#[tokio::test]
async fn a_failed_check_is_an_error_of_the_credentials() {
    let error = verifier().verify_access_token("opaque").await.unwrap_err();
    let message = error.to_string();
    let error = Error::from(error);
    assert!(
        error.is_credentials() && error.to_string().contains(&message),
        "{error}"
    );
}

#[tokio::test]
async fn ten_minutes_of_leeway_are_the_most() {
    for leeway in [Duration::from_secs(600), Duration::MAX] {
        let lenient = builder().leeway(leeway).build().unwrap();
        for (exp, good) in [(NOW - 599, true), (NOW - 600, false), (0, false)] {
            let token = sign(&RSA, &with(access_claims(), "exp", exp.into()));
            let taken = lenient.verify_access_token(&token).await;
            assert_eq!(taken.is_ok(), good, "{leeway:?} {exp}");
        }
    }
}
