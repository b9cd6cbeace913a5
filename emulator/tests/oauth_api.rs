//! The org's API with access tokens in place of the API token.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use reqwest::Method;
use serde_json::json;
use support::Answer;
use support::oauth::{Flow, GRACE, Proof, answer};

async fn call(flow: &Flow, token: &str, method: Method, path: &str) -> Answer {
    let url = format!("{}{path}", flow.okta.org_url());
    let request = flow.http.request(method, url).bearer_auth(token);
    answer(request.json(&json!({ "profile": { "name": "Sales" } }))).await
}

#[tokio::test]
async fn scopes_open_their_part_of_the_api() {
    let flow = Flow::org().await;
    let read = flow.api_token("okta.users.read").await;
    let manage = flow.api_token("okta.groups.manage").await;
    assert_eq!(
        call(&flow, &read, Method::GET, "/api/v1/users")
            .await
            .status,
        200
    );
    assert_eq!(
        call(&flow, &manage, Method::GET, "/api/v1/groups")
            .await
            .status,
        200
    );
    assert_eq!(
        call(&flow, &manage, Method::POST, "/api/v1/groups")
            .await
            .status,
        200
    );
    for (token, method, path, scope) in [
        (&read, Method::POST, "/api/v1/users", "okta.users.manage"),
        (
            &read,
            Method::DELETE,
            "/api/v1/users/x",
            "okta.users.manage",
        ),
        (&read, Method::GET, "/api/v1/groups", "okta.groups.read"),
        (
            &read,
            Method::GET,
            "/api/v1/users/x/roles",
            "okta.roles.read",
        ),
        (&manage, Method::GET, "/api/v1/logs", "okta.logs.read"),
        (&manage, Method::PUT, "/api/v1/apps/x", "okta.apps.manage"),
    ] {
        let refused = call(&flow, token, method, path).await;
        refused.refused(403, "E0000006");
        let challenge = refused.header("www-authenticate");
        assert!(challenge.starts_with("Bearer "), "{challenge}");
        assert!(
            challenge.contains("error=\"insufficient_scope\""),
            "{challenge}"
        );
        assert!(
            challenge.contains(&format!("scope=\"{scope}\"")),
            "{challenge}"
        );
    }
}

#[tokio::test]
async fn dead_and_foreign_tokens_open_nothing() {
    let flow = Flow::org().await;
    let revoked = flow.web_tokens("openid").await.text("access_token");
    let form = [("token", revoked.as_str())];
    flow.call("revoke", Proof::Basic(flow.okta.web_app()), &form)
        .await;
    let expired = flow.api_token("okta.users.read").await;
    flow.advance(3600);
    let custom = {
        let endpoints = format!("{}/v1", flow.okta.issuer());
        let form = [
            ("grant_type", "password"),
            ("username", GRACE),
            ("password", flow.okta.password()),
            ("scope", "openid api:read"),
        ];
        let trusted = flow.okta.trusted_app();
        let request = flow.http.post(format!("{endpoints}/token")).form(&form);
        let secret = trusted.client_secret.as_deref();
        answer(request.basic_auth(&trusted.client_id, secret))
            .await
            .text("access_token")
    };
    for token in [revoked.as_str(), &expired, &custom, "junk"] {
        let refused = call(&flow, token, Method::GET, "/api/v1/users").await;
        refused.refused(401, "E0000011");
        let challenge = refused.header("www-authenticate");
        assert!(
            challenge.starts_with("Bearer error=\"invalid_token\""),
            "{challenge}"
        );
    }
    let nothing = answer(
        flow.http
            .get(format!("{}/api/v1/users", flow.okta.org_url())),
    )
    .await;
    nothing.refused(401, "E0000011");
    assert_eq!(nothing.header("www-authenticate"), "");
}

#[tokio::test]
async fn a_client_without_its_app_loses_its_tokens() {
    let flow = Flow::org().await;
    let token = flow.api_token("okta.users.read").await;
    assert_eq!(
        call(&flow, &token, Method::GET, "/api/v1/users")
            .await
            .status,
        200
    );
    let path = format!(
        "/api/v1/apps/{}/lifecycle/deactivate",
        flow.okta.service_app().app_id
    );
    assert_eq!(flow.manage(Method::POST, &path, None).await.status, 200);
    call(&flow, &token, Method::GET, "/api/v1/users")
        .await
        .refused(401, "E0000011");
}

#[tokio::test]
async fn the_system_log_names_the_holder_of_the_token() {
    let flow = Flow::org().await;
    let token = flow.api_token("okta.groups.manage").await;
    call(&flow, &token, Method::POST, "/api/v1/groups").await;
    let log = flow.manage(Method::GET, "/api/v1/logs", None).await;
    let kinds = [
        "app.oauth2.token.grant.access_token",
        "group.lifecycle.create",
    ];
    assert_eq!(log.each("/eventType"), kinds);
    assert_eq!(
        log.body[1]["actor"]["id"],
        flow.okta.service_app().client_id
    );
}

#[tokio::test]
async fn a_user_with_a_granted_scope_calls_as_that_user() {
    let flow = Flow::org().await;
    let web = flow.okta.web_app();
    let scope = "openid okta.users.read";
    let refused = flow.authorize(web, &[("scope", scope)]).await;
    assert_eq!(refused.redirected("error"), "consent_required");
    let path = format!("/api/v1/apps/{}/grants", web.app_id);
    let body = json!({ "scopeId": "okta.users.read", "issuer": flow.issuer });
    assert_eq!(
        flow.manage(Method::POST, &path, Some(body)).await.status,
        201
    );
    let token = flow.web_tokens(scope).await.text("access_token");
    assert_eq!(
        call(&flow, &token, Method::GET, "/api/v1/users")
            .await
            .status,
        200
    );
    let grace = call(
        &flow,
        &token,
        Method::GET,
        &format!("/api/v1/users/{GRACE}"),
    )
    .await;
    assert_eq!(grace.body["profile"]["login"], GRACE);
}
