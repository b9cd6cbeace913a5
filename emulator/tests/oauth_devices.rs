//! Flows in which the user is elsewhere: devices and backchannel requests; and pushed requests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use okta_emulator::Error;
use serde_json::json;
use support::Answer;
use support::oauth::{CALLBACK, Flow, GRACE, Proof, answer, challenge};
use url::Url;

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CIBA: &str = "urn:openid:params:grant-type:ciba";

async fn device(flow: &Flow) -> Answer {
    let native = Proof::Public(flow.okta.native_app());
    let form = [("scope", "openid offline_access")];
    let answer = flow.call("device/authorize", native, &form).await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    answer
}

async fn poll(flow: &Flow, device: &Answer) -> Answer {
    let code = device.text("device_code");
    let form = [("grant_type", DEVICE), ("device_code", code.as_str())];
    flow.token(Proof::Public(flow.okta.native_app()), &form)
        .await
}

#[tokio::test]
async fn a_device_waits_for_its_user() {
    let flow = Flow::custom().await;
    let device = device(&flow).await;
    let user_code = device.text("user_code");
    assert_eq!(user_code.len(), 8);
    assert_eq!(
        (&device.body["expires_in"], &device.body["interval"]),
        (&json!(600), &json!(5))
    );
    let page = device.text("verification_uri");
    assert_eq!(
        device.text("verification_uri_complete"),
        format!("{page}?user_code={user_code}")
    );
    poll(&flow, &device)
        .await
        .failed(400, "authorization_pending");
    flow.advance(4);
    poll(&flow, &device).await.failed(400, "slow_down");
    // The interval is ten seconds now.
    flow.advance(9);
    poll(&flow, &device).await.failed(400, "slow_down");
    flow.advance(15);
    poll(&flow, &device)
        .await
        .failed(400, "authorization_pending");
    flow.okta.oauth().approve_device(&user_code, GRACE).unwrap();
    let tokens = poll(&flow, &device).await;
    assert_eq!(tokens.status, 200, "{:#}", tokens.body);
    assert!(!tokens.text("refresh_token").is_empty());
    let (_, claims) = flow.verified(&tokens.text("access_token")).await;
    assert_eq!(claims["sub"], GRACE);
    poll(&flow, &device).await.failed(400, "invalid_grant");
    let again = flow.okta.oauth().approve_device(&user_code, GRACE);
    assert!(matches!(again, Err(Error::NothingPending { .. })));
}

#[tokio::test]
async fn a_device_is_denied_or_forgotten() {
    let flow = Flow::custom().await;
    let denied = device(&flow).await;
    flow.okta
        .oauth()
        .deny_device(&denied.text("user_code"))
        .unwrap();
    poll(&flow, &denied).await.failed(400, "access_denied");
    let late = device(&flow).await;
    flow.advance(600);
    poll(&flow, &late).await.failed(400, "expired_token");
    let approved = flow
        .okta
        .oauth()
        .approve_device(&late.text("user_code"), GRACE);
    assert!(approved.is_err());
    let form = [("grant_type", DEVICE), ("device_code", "junk")];
    let native = flow.okta.native_app();
    flow.token(Proof::Public(native), &form)
        .await
        .failed(400, "invalid_grant");
    let web = Proof::Basic(flow.okta.web_app());
    let refused = flow
        .call("device/authorize", web, &[("scope", "openid")])
        .await;
    refused.failed(400, "unauthorized_client");
    let refused = flow
        .call("device/authorize", Proof::Public(native), &[])
        .await;
    refused.failed(400, "invalid_scope");
}

#[tokio::test]
async fn the_user_activates_the_device_on_a_page() {
    let flow = Flow::custom().await;
    let device = device(&flow).await;
    let page = answer(flow.http.get(device.text("verification_uri_complete"))).await;
    let code = device.text("user_code");
    assert!(page.body.as_str().unwrap().contains(&code));
    let submit = |code: &str, password: &str| {
        let form = [
            ("user_code", code),
            ("username", GRACE),
            ("password", password),
        ];
        answer(flow.http.post(device.text("verification_uri")).form(&form))
    };
    let right = flow.okta.password();
    for (code, password) in [(code.as_str(), "guess"), ("WRONGCDE", right)] {
        let page = submit(code, password).await;
        assert!(page.body.as_str().unwrap().contains("role=\"alert\""));
        flow.advance(5);
        poll(&flow, &device)
            .await
            .failed(400, "authorization_pending");
    }
    let split = format!("{}-{}", &code[..4], &code[4..]).to_lowercase();
    let page = submit(&split, right).await;
    assert!(page.body.as_str().unwrap().contains("Device activated"));
    assert_eq!(poll(&flow, &device).await.status, 200);
}

async fn backchannel(flow: &Flow, form: &[(&str, &str)]) -> Answer {
    flow.call("bc/authorize", Proof::Basic(flow.okta.trusted_app()), form)
        .await
}

async fn poll_backchannel(flow: &Flow, request: &Answer) -> Answer {
    let id = request.text("auth_req_id");
    let form = [("grant_type", CIBA), ("auth_req_id", id.as_str())];
    flow.token(Proof::Basic(flow.okta.trusted_app()), &form)
        .await
}

#[tokio::test]
async fn a_backchannel_request_waits_for_its_user() {
    let flow = Flow::custom().await;
    let request = backchannel(&flow, &[("scope", "openid"), ("login_hint", GRACE)]).await;
    let id = request.text("auth_req_id");
    assert_eq!(
        (&request.body["expires_in"], &request.body["interval"]),
        (&json!(300), &json!(5))
    );
    poll_backchannel(&flow, &request)
        .await
        .failed(400, "authorization_pending");
    poll_backchannel(&flow, &request)
        .await
        .failed(400, "slow_down");
    let other = flow
        .okta
        .oauth()
        .approve_backchannel(&id, "alan@example.com");
    assert!(matches!(other, Err(Error::NothingPending { .. })));
    flow.okta.oauth().approve_backchannel(&id, GRACE).unwrap();
    let tokens = poll_backchannel(&flow, &request).await;
    let hint = tokens.text("id_token");
    let (_, claims) = flow.verified(&hint).await;
    assert_eq!(claims["aud"], flow.okta.trusted_app().client_id);
    poll_backchannel(&flow, &request)
        .await
        .failed(400, "invalid_grant");

    let form = [
        ("scope", "openid"),
        ("id_token_hint", &hint),
        ("request_expiry", "60"),
    ];
    let request = backchannel(&flow, &form).await;
    assert_eq!(request.body["expires_in"], 60);
    flow.okta
        .oauth()
        .deny_backchannel(&request.text("auth_req_id"))
        .unwrap();
    poll_backchannel(&flow, &request)
        .await
        .failed(400, "access_denied");
    let request = backchannel(&flow, &form).await;
    flow.advance(60);
    poll_backchannel(&flow, &request)
        .await
        .failed(400, "expired_token");
}

#[tokio::test]
async fn a_backchannel_request_names_one_user() {
    let flow = Flow::custom().await;
    let scope = ("scope", "openid");
    for (form, error) in [
        (vec![scope], "invalid_request"),
        (
            vec![scope, ("login_hint", GRACE), ("id_token_hint", "x")],
            "invalid_request",
        ),
        (
            vec![scope, ("login_hint", "nobody@example.com")],
            "unknown_user_id",
        ),
        (vec![scope, ("id_token_hint", "junk")], "unknown_user_id"),
        (
            vec![("scope", "api:read"), ("login_hint", GRACE)],
            "invalid_scope",
        ),
        (
            vec![scope, ("login_hint", GRACE), ("request_expiry", "301")],
            "invalid_request",
        ),
    ] {
        backchannel(&flow, &form).await.failed(400, error);
    }
}

#[tokio::test]
async fn a_pushed_request_is_good_once_and_for_its_client() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    flow.okta.oauth().log_in_automatically(Some(GRACE)).unwrap();
    let parameters = flow.request(web, &[("client_id", "")]);
    let form: Vec<(&str, &str)> = parameters
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let pushed = flow.call("par", Proof::Basic(web), &form).await;
    assert_eq!(
        (pushed.status, &pushed.body["expires_in"]),
        (201, &json!(3600))
    );
    let uri = pushed.text("request_uri");
    let visit = |client: &str, uri: &str| {
        let query = [("client_id", client), ("request_uri", uri)];
        let url = Url::parse_with_params(&flow.endpoint("authorize"), query).unwrap();
        answer(flow.http.get(url))
    };
    assert_eq!(
        visit(&flow.okta.native_app().client_id, &uri).await.status,
        400
    );
    let sent = visit(&web.client_id, &uri).await;
    assert!(sent.location().as_str().starts_with(CALLBACK));
    let code = sent.redirected("code");
    assert_eq!(flow.redeem(Proof::Basic(web), &code).await.status, 200);
    assert_eq!(visit(&web.client_id, &uri).await.status, 400);
    let late = flow
        .call("par", Proof::Basic(web), &form)
        .await
        .text("request_uri");
    flow.advance(3600);
    assert_eq!(visit(&web.client_id, &late).await.status, 400);
}

#[tokio::test]
async fn a_push_is_checked_like_a_visit() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let challenge = challenge("x");
    let good = [
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "s"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    for (name, value, error) in [
        (
            "redirect_uri",
            "https://evil.example.com",
            "invalid_request",
        ),
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "nonsense", "invalid_scope"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("request_uri", "urn:okta:x", "invalid_request"),
    ] {
        let mut form = good.to_vec();
        form.retain(|(key, _)| *key != name);
        form.push((name, value));
        flow.call("par", Proof::Basic(web), &form)
            .await
            .failed(400, error);
    }
    flow.send(flow.post("par", &good))
        .await
        .failed(401, "invalid_client");
    // Okta's document says JSON, RFC 9126 says a form.
    let secret = web.client_secret.as_deref();
    let body: serde_json::Map<_, _> = good
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    let request = flow.http.post(flow.endpoint("par")).json(&body);
    let json = answer(request.basic_auth(&web.client_id, secret)).await;
    assert_eq!(json.status, 201, "{:#}", json.body);
    flow.okta.oauth().answer_pushed_requests_with_200(true);
    let pushed = flow.call("par", Proof::Basic(web), &good).await;
    assert_eq!(pushed.status, 200, "{:#}", pushed.body);

    let pointer = "/settings/oauthClient/require_pushed_authorization_requests";
    flow.reconfigure(web, pointer, json!(true)).await;
    assert_eq!(
        flow.authorize(web, &[]).await.redirected("error"),
        "invalid_request"
    );
    let uri = flow
        .call("par", Proof::Basic(web), &good)
        .await
        .text("request_uri");
    let query = [("client_id", web.client_id.as_str()), ("request_uri", &uri)];
    let url = Url::parse_with_params(&flow.endpoint("authorize"), query).unwrap();
    assert_eq!(answer(flow.http.get(url)).await.status, 200);
}
