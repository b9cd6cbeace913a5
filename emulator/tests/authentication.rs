//! The classic way to log in, `/api/v1/authn`, and the sessions that come of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::Answer;
use support::oauth::{Flow, GRACE, Proof, answer};

/// Posts without any token, as a user's browser does.
async fn post(flow: &Flow, path: &str, body: Value) -> Answer {
    let url = format!("{}{path}", flow.okta.org_url());
    answer(flow.http.post(url).json(&body)).await
}

async fn authenticate(flow: &Flow, password: &str) -> Answer {
    let body = json!({ "username": GRACE, "password": password });
    post(flow, "/api/v1/authn", body).await
}

async fn session_token(flow: &Flow) -> String {
    let answer = authenticate(flow, flow.okta.password()).await;
    assert_eq!(answer.body["status"], "SUCCESS", "{:#}", answer.body);
    answer.text("sessionToken")
}

#[tokio::test]
async fn a_session_token_logs_in_once() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let token = session_token(&flow).await;
    let silent = [("sessionToken", token.as_str()), ("prompt", "none")];
    let granted = flow.authorize(web, &silent).await;
    let tokens = flow
        .redeem(Proof::Basic(web), &granted.redirected("code"))
        .await;
    let (_, claims) = flow.verified(&tokens.text("id_token")).await;
    assert_eq!(claims["preferred_username"], Value::Null);
    let cookie = granted.cookie();
    let again = flow.authorize(web, &silent).await;
    assert_eq!(again.redirected("error"), "login_required");

    // The cookie is a session, which its browser sees and ends.
    let me = format!("{}/api/v1/sessions/me", flow.okta.org_url());
    let mine = answer(flow.http.get(&me).header("cookie", &cookie)).await;
    assert_eq!(mine.body["login"], GRACE);
    assert_eq!(mine.body["status"], "ACTIVE");
    let id = mine.id();
    assert_eq!(cookie, format!("sid={id}"));
    let path = format!("/api/v1/sessions/{id}");
    assert_eq!(flow.manage(Method::GET, &path, None).await.body["id"], id);
    flow.advance(3600);
    let refreshed = format!("{path}/lifecycle/refresh");
    let refreshed = flow.manage(Method::POST, &refreshed, None).await;
    assert_eq!(refreshed.body["expiresAt"], "2026-01-01T03:00:00.000Z");
    let ended = answer(flow.http.delete(&me).header("cookie", &cookie)).await;
    assert_eq!(ended.status, 204);
    let gone = answer(flow.http.get(&me).header("cookie", &cookie)).await;
    gone.refused(404, "E0000007");
    answer(flow.http.get(&me)).await.refused(404, "E0000007");

    let stale = session_token(&flow).await;
    flow.advance(301);
    let late = post(&flow, "/api/v1/sessions", json!({ "sessionToken": stale })).await;
    late.refused(401, "E0000004");
    let token = session_token(&flow).await;
    let made = post(&flow, "/api/v1/sessions", json!({ "sessionToken": token })).await;
    assert_eq!(made.status, 200, "{:#}", made.body);
    flow.advance(2 * 3600 + 1);
    let path = format!("/api/v1/sessions/{}", made.id());
    flow.manage(Method::GET, &path, None)
        .await
        .refused(404, "E0000007");
}

#[tokio::test]
async fn ten_wrong_passwords_lock_a_user_out() {
    let flow = Flow::custom().await;
    for _ in 0..9 {
        authenticate(&flow, "wrong").await.refused(401, "E0000004");
    }
    session_token(&flow).await;
    for _ in 0..10 {
        authenticate(&flow, "wrong").await.refused(401, "E0000004");
    }
    let right = authenticate(&flow, flow.okta.password()).await;
    right.refused(401, "E0000004");
    let user = format!("/api/v1/users/{GRACE}");
    let locked = flow.manage(Method::GET, &user, None).await;
    assert_eq!(locked.body["status"], "LOCKED_OUT");
    let trusted = flow.okta.trusted_app();
    let form = [
        ("grant_type", "password"),
        ("username", GRACE),
        ("password", flow.okta.password()),
        ("scope", "openid"),
    ];
    flow.token(Proof::Basic(trusted), &form)
        .await
        .failed(400, "invalid_grant");
    let unlock = format!("{user}/lifecycle/unlock");
    assert_eq!(flow.manage(Method::POST, &unlock, None).await.status, 200);
    session_token(&flow).await;

    // The policy of passwords says how many, and whether users learn of it.
    let policies = flow
        .manage(Method::GET, "/api/v1/policies?type=PASSWORD", None)
        .await;
    let mut policy = policies.body[0].clone();
    policy["settings"]["password"]["lockout"] =
        json!({ "maxAttempts": 2, "showLockoutFailures": true });
    let path = format!("/api/v1/policies/{}", policy["id"].as_str().unwrap());
    assert_eq!(
        flow.manage(Method::PUT, &path, Some(policy)).await.status,
        200
    );
    authenticate(&flow, "wrong").await.refused(401, "E0000004");
    // At the login page as well.
    let login = flow.authorize(flow.okta.web_app(), &[]).await;
    let page = format!("{}{}", flow.okta.org_url(), login.action());
    let form = [("username", GRACE), ("password", "wrong")];
    assert_eq!(answer(flow.http.post(page).form(&form)).await.status, 401);
    let locked = authenticate(&flow, flow.okta.password()).await;
    assert_eq!(locked.body["status"], "LOCKED_OUT", "{:#}", locked.body);
}

#[tokio::test]
async fn a_user_with_a_factor_proves_it() {
    let flow = Flow::custom().await;
    let factors = format!("/api/v1/users/{GRACE}/factors");
    let sms = json!({
        "factorType": "sms", "provider": "OKTA", "profile": { "phoneNumber": "+1-555-415-1337" },
    });
    let sms = flow
        .manage(Method::POST, &format!("{factors}?activate=true"), Some(sms))
        .await
        .id();
    let app = json!({ "factorType": "token:software:totp", "provider": "GOOGLE" });
    let app = flow.manage(Method::POST, &factors, Some(app)).await.id();
    let pass = json!({ "passCode": flow.okta.passcode(&app).unwrap() });
    let activate = format!("{factors}/{app}/lifecycle/activate");
    assert_eq!(
        flow.manage(Method::POST, &activate, Some(pass))
            .await
            .status,
        200
    );

    let begun = authenticate(&flow, flow.okta.password()).await;
    assert_eq!(begun.body["status"], "MFA_REQUIRED", "{:#}", begun.body);
    let state = begun.text("stateToken");
    let offered = begun.body["_embedded"]["factors"].as_array().unwrap();
    assert_eq!(offered.len(), 2);
    assert_eq!(begun.body.get("sessionToken"), None);
    let verify = async |factor: &str, code: Option<String>| {
        let mut body = json!({ "stateToken": state });
        if let Some(code) = code {
            body["passCode"] = json!(code);
        }
        post(
            &flow,
            &format!("/api/v1/authn/factors/{factor}/verify"),
            body,
        )
        .await
    };
    let wrong = verify(&app, Some("000000".to_owned())).await;
    wrong.refused(403, "E0000068");
    let challenged = verify(&sms, None).await;
    assert_eq!(challenged.body["status"], "MFA_CHALLENGE");
    assert_eq!(challenged.body["_embedded"]["factor"]["id"], sms);
    let back = post(
        &flow,
        "/api/v1/authn/previous",
        json!({ "stateToken": state }),
    )
    .await;
    assert_eq!(back.body["status"], "MFA_REQUIRED");
    verify(&sms, None).await;
    let done = verify(&sms, flow.okta.passcode(&sms)).await;
    assert_eq!(done.body["status"], "SUCCESS", "{:#}", done.body);
    let spent = verify(&app, flow.okta.passcode(&app)).await;
    spent.refused(401, "E0000011");

    // A login that is given up, or takes too long, is over.
    let state = authenticate(&flow, flow.okta.password())
        .await
        .text("stateToken");
    let body = json!({ "stateToken": state });
    assert_eq!(post(&flow, "/api/v1/authn", body.clone()).await.status, 200);
    let cancelled = post(&flow, "/api/v1/authn/cancel", body.clone()).await;
    assert_eq!(cancelled.status, 200);
    post(&flow, "/api/v1/authn", body)
        .await
        .refused(401, "E0000011");
    let state = authenticate(&flow, flow.okta.password())
        .await
        .text("stateToken");
    flow.advance(301);
    let late = post(&flow, "/api/v1/authn", json!({ "stateToken": state })).await;
    late.refused(401, "E0000011");
}

#[tokio::test]
async fn passwords_expire_and_are_recovered() {
    let flow = Flow::custom().await;
    let user = format!("/api/v1/users/{GRACE}");
    let expire = format!("{user}/lifecycle/expire_password");
    assert_eq!(flow.manage(Method::POST, &expire, None).await.status, 200);
    let expired = authenticate(&flow, flow.okta.password()).await;
    assert_eq!(expired.body["status"], "PASSWORD_EXPIRED");
    let change = |old: &str, new: &str| {
        let body = json!({
            "stateToken": expired.text("stateToken"), "oldPassword": old, "newPassword": new,
        });
        post(&flow, "/api/v1/authn/credentials/change_password", body)
    };
    change("wrong", "Correct-horse-7")
        .await
        .refused(403, "E0000014");
    let changed = change(flow.okta.password(), "Correct-horse-7").await;
    assert_eq!(changed.body["status"], "SUCCESS", "{:#}", changed.body);

    let question = json!({ "credentials": {
        "recovery_question": { "question": "Pet?", "answer": "Silver" },
    } });
    flow.manage(Method::POST, &user, Some(question)).await;
    let recover = async |name: &str| {
        let body = json!({ "username": name, "factorType": "EMAIL" });
        post(&flow, "/api/v1/authn/recovery/password", body)
            .await
            .body
    };
    // Nobody learns who has an account.
    assert_eq!(recover(GRACE).await, recover("nobody@example.com").await);
    let messages = flow.okta.messages();
    let message = messages.iter().rfind(|it| it.template == "ForgotPassword");
    let token = message.unwrap().token.clone().unwrap();
    let body = json!({ "recoveryToken": token });
    let asked = post(&flow, "/api/v1/authn/recovery/token", body).await;
    assert_eq!(asked.body["status"], "RECOVERY", "{:#}", asked.body);
    let state = asked.text("stateToken");
    let early = json!({ "stateToken": state, "newPassword": "Battery-staple-8" });
    post(
        &flow,
        "/api/v1/authn/credentials/reset_password",
        early.clone(),
    )
    .await
    .refused(403, "E0000038");
    let answered = |answer: &str| {
        let body = json!({ "stateToken": state, "answer": answer });
        post(&flow, "/api/v1/authn/recovery/answer", body)
    };
    answered("Gold").await.refused(403, "E0000087");
    let right = answered("silver").await;
    assert_eq!(right.body["status"], "PASSWORD_RESET");
    let reset = post(&flow, "/api/v1/authn/credentials/reset_password", early).await;
    assert_eq!(reset.body["status"], "SUCCESS", "{:#}", reset.body);
    assert_eq!(
        authenticate(&flow, "Battery-staple-8").await.body["status"],
        "SUCCESS"
    );
    authenticate(&flow, "Correct-horse-7")
        .await
        .refused(401, "E0000004");
}
