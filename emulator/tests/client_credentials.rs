//! Secrets and keys of clients, made by API, are what clients prove themselves by.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::oauth::{EcKey, Flow, Proof, serial};

/// Asks for a token as the web app with this secret, and gives the status.
async fn status(flow: &Flow, secret: &str) -> u16 {
    let mut client = flow.okta.web_app().clone();
    client.client_secret = Some(secret.to_owned());
    let form = [("grant_type", "client_credentials"), ("scope", "api:read")];
    flow.token(Proof::Basic(&client), &form).await.status
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().expect(name).to_owned()
}

#[tokio::test]
async fn secrets_are_rotated() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let old = web.client_secret.clone().unwrap();
    let grants = json!(["authorization_code", "refresh_token", "client_credentials"]);
    flow.reconfigure(web, "/settings/oauthClient/grant_types", grants)
        .await;
    assert_eq!(status(&flow, &old).await, 200);
    let secrets = format!("/api/v1/apps/{}/credentials/secrets", web.app_id);
    let listed = flow.manage(Method::GET, &secrets, None).await;
    assert_eq!(listed.each("/client_secret"), [old.as_str()]);
    let first = format!("{secrets}/{}", listed.each("/id")[0]);

    // The only one stays.
    let switch = async |secret: &str, to: &str| {
        let path = format!("{secret}/lifecycle/{to}");
        flow.manage(Method::POST, &path, None).await
    };
    switch(&first, "deactivate").await.refused(400, "E0000001");

    let created = flow.manage(Method::POST, &secrets, Some(json!({}))).await;
    assert_eq!(created.status, 201, "{:#}", created.body);
    let new = text(&created.body, "client_secret");
    assert_eq!(status(&flow, &new).await, 200);
    assert_eq!(status(&flow, &old).await, 200);
    let third = flow.manage(Method::POST, &secrets, Some(json!({}))).await;
    third.refused(400, "E0000001");

    let kept = flow.manage(Method::DELETE, &first, None).await;
    kept.refused(400, "E0000001");
    let off = switch(&first, "deactivate").await;
    assert_eq!(off.body["status"], "INACTIVE");
    assert_eq!(status(&flow, &old).await, 401);
    assert_eq!(status(&flow, &new).await, 200);
    switch(&first, "activate").await;
    assert_eq!(status(&flow, &old).await, 200);
    switch(&first, "deactivate").await;
    assert_eq!(flow.manage(Method::DELETE, &first, None).await.status, 204);
    flow.manage(Method::GET, &first, None)
        .await
        .refused(404, "E0000007");
    let app = format!("/api/v1/apps/{}", web.app_id);
    let app = flow.manage(Method::GET, &app, None).await;
    assert_eq!(app.body["credentials"]["oauthClient"]["client_secret"], new);

    let chosen = json!({ "client_secret": "chosen-by-hand", "status": "INACTIVE" });
    flow.manage(Method::POST, &secrets, Some(chosen)).await;
    assert_eq!(status(&flow, "chosen-by-hand").await, 401);
    let short = json!({ "client_secret": "too-short" });
    let short = flow.manage(Method::POST, &secrets, Some(short)).await;
    short.refused(400, "E0000001");
}

#[tokio::test]
async fn keys_are_rotated() {
    let flow = Flow::org().await;
    let service = flow.okta.service_app();
    let keys = format!("/api/v1/apps/{}/credentials/jwks", service.app_id);
    let key = EcKey::new("ES256");
    let signed = |kid: &str| {
        let header = json!({ "kid": kid });
        let mut claims = flow.assertion_claims();
        claims["jti"] = json!(serial());
        key.sign(header, &claims)
    };
    let scope = "okta.users.read";
    let unknown = flow.service_token(scope, &signed("mine")).await;
    unknown.failed(401, "invalid_client");

    let mut body = key.public.clone();
    body["kid"] = json!("mine");
    body["use"] = json!("sig");
    let added = flow.manage(Method::POST, &keys, Some(body.clone())).await;
    assert_eq!(added.status, 201, "{:#}", added.body);
    assert_eq!(added.body["status"], "ACTIVE");
    flow.service_token(scope, &signed("mine"))
        .await
        .text("access_token");
    let twice = flow.manage(Method::POST, &keys, Some(body)).await;
    twice.refused(400, "E0000001");

    let own = format!("{keys}/{}", added.id());
    let kept = flow.manage(Method::DELETE, &own, None).await;
    kept.refused(400, "E0000001");
    let off = format!("{own}/lifecycle/deactivate");
    let off = flow.manage(Method::POST, &off, None).await;
    assert_eq!(off.body["status"], "INACTIVE");
    let refused = flow.service_token(scope, &signed("mine")).await;
    refused.failed(401, "invalid_client");
    // The other key still counts.
    flow.api_token(scope).await;
    assert_eq!(flow.manage(Method::DELETE, &own, None).await.status, 204);
    let listed = flow.manage(Method::GET, &keys, None).await;
    assert_eq!(listed.each("/kid"), [service.key_id.clone().unwrap()]);
}
