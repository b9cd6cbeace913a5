//! A service that calls the org's API with tokens of its own.

use std::time::Duration;

use futures::future::join_all;
use http::Method;
use okta_auth::ServiceApp;
use okta_auth::oauth::ClientAuthentication;
use serde_json::json;

use crate::org::*;
use crate::watched::watched;

#[tokio::test]
async fn one_token_serves_all_calls_until_it_ends() {
    let org = Org::start().await;
    let api = org.api(org.service_app().build().unwrap());
    for _ in 0..3 {
        let users = json_of(&get(&api, USERS).await.unwrap());
        assert!(users.as_array().unwrap().len() > 2);
    }
    assert_eq!(org.asked_for_tokens(), 1);
    assert!(
        org.asked(USERS)
            .iter()
            .all(|call| call.header("dpop").is_none())
    );

    org.pass(3600);
    let users = get(&api, USERS).await.unwrap();
    assert_eq!(users.attempts, 1, "it was not tried with the old one");
    assert_eq!(org.asked_for_tokens(), 2);
}

#[tokio::test]
async fn a_token_is_renewed_before_its_end_while_calls_go_on() {
    let org = Org::start().await;
    org.okta
        .oauth()
        .access_token_lifetime(Duration::from_secs(600));
    let api = org.api(org.service_app().build().unwrap());
    get(&api, USERS).await.unwrap();
    org.pass(539);
    get(&api, USERS).await.unwrap();
    assert_eq!(
        org.asked_for_tokens(),
        1,
        "a tenth of its life is not left yet"
    );

    org.pass(1);
    org.call_until_asked_for_tokens(&api, 2).await;
    org.pass(60);
    // The first token has ended, so this takes the new one; it is there or on its way.
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
    assert_eq!(org.asked_for_tokens(), 2);
}

#[tokio::test]
async fn a_revoked_token_is_replaced_once_for_all() {
    let org = Org::start().await;
    let (api, token) = watched(&org, org.service_app());
    get(&api, USERS).await.unwrap();
    token.revoke(&org).await;
    let users = get(&api, USERS).await.unwrap();
    assert_eq!(users.attempts, 2, "refused, then sent with another token");
    assert_eq!(org.asked_for_tokens(), 2);

    org.pass(10);
    token.revoke(&org).await;
    let calls = join_all((0..100).map(|_| get(&api, USERS))).await;
    assert!(calls.iter().all(Result::is_ok));
    assert_eq!(org.asked_for_tokens(), 3);
}

#[tokio::test]
async fn a_service_that_is_shut_out_learns_why() {
    let org = Org::start().await;
    let api = org.api(org.service_app().build().unwrap());
    get(&api, USERS).await.unwrap();
    let path = format!("/api/v1/apps/{}/lifecycle", org.okta.service_app().app_id);
    let administrator = org.management();
    let switch = async |to: &str| {
        let path = format!("{path}/{to}");
        send(&administrator, Method::POST, &path, None)
            .await
            .unwrap();
    };
    switch("deactivate").await;
    let error = get(&api, USERS).await.unwrap_err();
    assert!(error.is_credentials());
    assert_eq!(error.code(), Some("invalid_client"), "{error}");
    switch("activate").await;
    // Nothing here tells that it may be asked again.
    get(&api, USERS).await.unwrap_err();
    org.pass(72);
    get(&api, USERS).await.unwrap();
}

#[tokio::test]
async fn a_scope_that_is_missing_is_named() {
    let org = Org::start().await;
    for dpop in [false, true] {
        let api = org.api(org.service_app().dpop(dpop).build().unwrap());
        let error = get(&api, "/api/v1/groups").await.unwrap_err();
        assert_eq!(error.missing_scope(), Some("okta.groups.read"), "{error}");
        assert_eq!(error.status().unwrap(), 403);
        let made = send(&api, Method::POST, USERS, None).await;
        let scope = made.unwrap_err().missing_scope().map(str::to_owned);
        assert_eq!(scope.as_deref(), Some("okta.users.manage"));
    }
    // A refusal of this kind is no reason for another token.
    assert_eq!(org.asked_for_tokens(), 1 + 2);
}

#[tokio::test]
async fn scopes_that_were_never_granted_fail_the_call_with_oauths_error() {
    let org = Org::start().await;
    let app = org.service_app().scopes(["okta.policies.read"]);
    let error = get(&org.api(app.build().unwrap()), USERS)
        .await
        .unwrap_err();
    assert!(error.is_credentials());
    assert_eq!(error.code(), Some("consent_required"), "{error}");
    assert_eq!(org.asked(USERS).len(), 0);
}

#[tokio::test]
async fn a_secret_is_not_enough_for_the_orgs_api() {
    let org = Org::start().await;
    let settings = json!({"grant_types": ["client_credentials"]});
    let app = org.register("client_secret_basic", settings).await;
    let secret = ClientAuthentication::secret_basic(app.client_secret.as_deref().unwrap());
    let service = ServiceApp::builder(&org.url(), &app.client_id, secret)
        .scopes(["okta.users.read"])
        .clock(org.clock());
    let api = org.api(service.build().unwrap());
    let error = get(&api, USERS).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_client"), "{error}");
    assert!(error.summary().unwrap().contains("private_key_jwt"));
}
