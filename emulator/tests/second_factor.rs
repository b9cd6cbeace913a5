//! The second factor: when it is asked for, and what tokens say of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

#[path = "support/sign_in.rs"]
mod sign_in;

use reqwest::Method;
use serde_json::json;
use sign_in::{Browser, TWO, claims, factor, require_factor, rule, says, text};
use support::oauth::{Flow, GRACE, Proof, answer};

#[tokio::test]
async fn the_policy_of_the_org_asks_for_a_second_factor() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let app = factor(&flow, "token:software:totp", json!({})).await;
    let mut browser = Browser::new(&flow);
    // A factor alone asks for nothing.
    let page = browser.visit(web, &[]).await;
    let sent = browser.password(&page).await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!((&id["amr"], id.get("acr")), (&json!(["pwd"]), None));

    require_factor(&flow).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    assert_eq!(page.status, 200);
    says(&page, "<h1>Verify it is you</h1>");
    says(&page, "Google Authenticator");
    assert_eq!(browser.cookie, "", "a password is no login here");
    let wrong = browser.code(&page, "000000").await;
    assert_eq!(wrong.status, 401);
    says(&wrong, "The code is wrong or has expired.");
    let old = flow.okta.passcode(&app).unwrap();
    flow.advance(120);
    assert_eq!(browser.code(&page, &old).await.status, 401);
    let sent = browser
        .code(&page, &flow.okta.passcode(&app).unwrap())
        .await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));
    // When the password was given.
    assert_eq!(id["auth_time"], flow.now() - 120);
    let spent = browser.code(&page, "000000").await;
    assert_eq!(spent.status, 400);

    let me = format!("{}/api/v1/sessions/me", flow.okta.org_url());
    let session = answer(flow.http.get(me).header("cookie", &browser.cookie)).await;
    assert_eq!(session.body["amr"], json!(["mfa", "otp", "pwd"]));
    assert_eq!(session.body["mfaActive"], true);
    // The session has it from now on.
    assert_eq!(browser.visit(web, &[("prompt", "none")]).await.status, 302);
    // A password over a back channel is not enough.
    let form = [
        ("grant_type", "password"),
        ("username", GRACE),
        ("password", flow.okta.password()),
        ("scope", "openid"),
    ];
    let trusted = Proof::Basic(flow.okta.trusted_app());
    flow.token(trusted, &form)
        .await
        .failed(400, "access_denied");
}

#[tokio::test]
async fn a_client_steps_up_within_a_session() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let app = factor(&flow, "token:software:totp", json!({})).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let first = browser.password(&page).await;
    assert_eq!(first.status, 302);
    let before = browser.cookie.clone();
    flow.advance(60);

    let silent = browser.visit(web, &[TWO, ("prompt", "none")]).await;
    assert_eq!(silent.redirected("error"), "login_required");
    assert!(silent.redirected("error_description").contains("MFA"));
    let page = browser.visit(web, &[TWO]).await;
    says(&page, "Google Authenticator");
    assert!(!text(&page).contains("password"), "it was given before");
    let code = flow.okta.passcode(&app).unwrap();
    let sent = browser.code(&page, &code).await;
    let (id, access) = claims(&flow, web, &sent).await;
    assert_eq!(id["acr"], TWO.1);
    assert_eq!(access["acr"], TWO.1);
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));
    assert_eq!(id["auth_time"], flow.now() - 60);
    assert_ne!(browser.cookie, before);
    let old = flow
        .http
        .get(format!("{}/api/v1/sessions/me", flow.okta.org_url()));
    let old = answer(old.header("cookie", before)).await;
    assert_eq!(old.status, 404, "the session was replaced");

    // It is good for the next request, until the login is too old.
    let (id, _) = claims(&flow, web, &browser.visit(web, &[TWO]).await).await;
    assert_eq!(id["acr"], TWO.1);
    let page = browser.visit(web, &[TWO, ("max_age", "59")]).await;
    let page = browser.password(&page).await;
    says(&page, "Google Authenticator");
    let sent = browser
        .code(&page, &flow.okta.passcode(&app).unwrap())
        .await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["auth_time"], flow.now());

    // What Okta does not know is not promised.
    let more = [("acr_values", "silver urn:okta:loa:1fa:any")];
    let (id, _) = claims(&flow, web, &browser.visit(web, &more).await).await;
    assert_eq!(id["acr"], "urn:okta:loa:1fa:any");
    let more = [("acr_values", "silver")];
    let (id, _) = claims(&flow, web, &browser.visit(web, &more).await).await;
    assert_eq!(id.get("acr"), None);
}

#[tokio::test]
async fn what_is_possible_and_what_resists_phishing() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let possible = ("acr_values", "urn:okta:loa:2fa:any:ifpossible");
    let strong = ("acr_values", "phr");
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[possible]).await;
    assert_eq!(browser.password(&page).await.status, 302);
    let none = browser.visit(web, &[strong]).await;
    assert_eq!(
        none.redirected("error"),
        "unmet_authentication_requirements"
    );
    factor(&flow, "token:software:totp", json!({})).await;
    says(
        &browser.visit(web, &[possible]).await,
        "Google Authenticator",
    );
    factor(&flow, "webauthn", json!({})).await;
    let page = browser.visit(web, &[strong]).await;
    says(&page, "Use your security key.");
    assert!(!text(&page).contains("Choose another way"));
    let sent = browser.submit(&page.action(), &[]).await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["amr"], json!(["mfa", "hwk", "pwd"]));
    assert_eq!(id["acr"], "phr");
}

#[tokio::test]
async fn an_application_asks_by_its_policy() {
    let flow = Flow::custom().await;
    let (web, native) = (flow.okta.web_app(), flow.okta.native_app());
    let policy = json!({ "type": "ACCESS_POLICY", "name": "Strict" });
    let policy = flow
        .manage(Method::POST, "/api/v1/policies", Some(policy))
        .await
        .id();
    let rule = json!({ "name": "Rule", "type": "ACCESS_POLICY", "actions": { "appSignOn": {
        "access": "ALLOW", "verificationMethod": { "type": "ASSURANCE", "factorMode": "2FA" },
    } } });
    let rules = format!("/api/v1/policies/{policy}/rules");
    assert_eq!(
        flow.manage(Method::POST, &rules, Some(rule)).await.status,
        200
    );
    let app = format!("/api/v1/apps/{}", web.app_id);
    let assigned = format!("{app}/policies/{policy}");
    assert_eq!(flow.manage(Method::PUT, &assigned, None).await.status, 204);
    let shown = flow.manage(Method::GET, &app, None).await;
    assert_eq!(
        shown.body["_links"]["accessPolicy"]["href"],
        format!("{}/api/v1/policies/{policy}", flow.okta.org_url())
    );
    let missing = format!("{app}/policies/none");
    let missing = flow.manage(Method::PUT, &missing, None).await;
    missing.refused(404, "E0000007");

    let mut browser = Browser::new(&flow);
    let page = browser.visit(native, &[]).await;
    assert_eq!(browser.password(&page).await.status, 302);
    says(
        &browser.visit(web, &[]).await,
        "Set up an authenticator app",
    );
}

#[tokio::test]
async fn a_policy_lets_nobody_in() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    rule(&flow, json!({ "access": "DENY" })).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let denied = browser.password(&page).await;
    assert_eq!(denied.redirected("error"), "access_denied");
    assert_eq!(browser.cookie, "");
    let body = json!({ "username": GRACE, "password": flow.okta.password() });
    let url = format!("{}/api/v1/authn", flow.okta.org_url());
    let denied = answer(flow.http.post(url).json(&body)).await;
    denied.refused(401, "E0000004");
}

#[tokio::test]
async fn a_device_is_let_in_with_a_second_factor() {
    let flow = Flow::custom().await;
    let native = flow.okta.native_app();
    require_factor(&flow).await;
    let app = factor(&flow, "token:software:totp", json!({})).await;
    let form = [("scope", "openid")];
    let device = flow
        .call("device/authorize", Proof::Public(native), &form)
        .await;
    let user_code = device.text("user_code");
    let mut browser = Browser::new(&flow);
    let form = [
        ("user_code", user_code.as_str()),
        ("username", GRACE),
        ("password", flow.okta.password()),
        ("decision", "allow"),
    ];
    let page = browser.submit("/activate", &form).await;
    says(&page, "Google Authenticator");
    let device_code = device.text("device_code");
    let poll = || {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", device_code.as_str()),
        ];
        let request = flow.post("token", &form);
        let id = [("client_id", native.client_id.as_str())];
        answer(request.query(&id))
    };
    poll().await.failed(400, "authorization_pending");
    let code = flow.okta.passcode(&app).unwrap();
    says(&browser.code(&page, &code).await, "Device activated");
    flow.advance(10);
    let tokens = poll().await;
    let (_, id) = flow.verified(&tokens.text("id_token")).await;
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));
}
