//! The second factor: chosen, proven and set up, at the login page and at `/api/v1/authn`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

#[path = "support/sign_in.rs"]
mod sign_in;

use reqwest::Method;
use serde_json::{Value, json};
use sign_in::{Browser, TWO, claims, factor, require_factor, says, text};
use support::oauth::{Flow, GRACE, answer};

#[tokio::test]
async fn the_user_chooses_among_factors() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let phone = json!({ "phoneNumber": "+1-555-415-1337" });
    let sms = factor(&flow, "sms", phone.clone()).await;
    let call = factor(&flow, "call", phone).await;
    let mail = factor(&flow, "email", json!({})).await;
    let asked = json!({ "question": "first_award", "answer": "Spelling" });
    let question = factor(&flow, "question", asked).await;
    let push = factor(&flow, "push", json!({})).await;
    flow.okta.clear_messages();
    for (chosen, name, methods) in [
        (&sms, "Text message to the phone that ends in 1337", "sms"),
        (&call, "Call to the phone that ends in 1337", "tel"),
        (&mail, "E-mail to g…@example.com", "otp"),
        (&question, "Security question", "kba"),
        (&push, "Okta Verify: request", "swk"),
    ] {
        let mut browser = Browser::new(&flow);
        let page = browser.visit(web, &[]).await;
        let choice = browser.password(&page).await;
        says(&choice, name);
        assert!(!text(&choice).contains("+1-555"));
        let page = browser.choose(&choice, chosen).await;
        let sent = match methods {
            "kba" => {
                says(&page, "first award");
                let wrong = browser.submit(&page.action(), &[("answer", "Music")]).await;
                says(&wrong, "The answer is wrong.");
                let form = [("answer", "spelling")];
                browser.submit(&page.action(), &form).await
            }
            "swk" => {
                let early = browser.submit(&page.action(), &[]).await;
                says(&early, "Accept the request on your phone");
                assert_eq!(flow.okta.answer_pushes(chosen, false), 1);
                let rejected = browser.submit(&page.action(), &[]).await;
                says(&rejected, "The request was rejected.");
                let again = browser.choose(&page, chosen).await;
                flow.advance(301);
                // The login itself is over by then, as at `/api/v1/authn`.
                assert_eq!(browser.submit(&again.action(), &[]).await.status, 400);
                let page = browser.visit(web, &[]).await;
                let choice = browser.password(&page).await;
                let page = browser.choose(&choice, chosen).await;
                let accepted = json!({ "factor": chosen, "accept": true });
                let told = flow
                    .manage(Method::POST, "/_emulator/pushes", Some(accepted))
                    .await;
                assert_eq!(told.body, json!({ "answered": 1 }));
                browser.submit(&page.action(), &[]).await
            }
            _ => {
                let first = flow.okta.passcode(chosen).unwrap();
                let again = browser.choose(&page, chosen).await;
                assert_eq!(browser.code(&again, &first).await.status, 401);
                let code = flow.okta.passcode(chosen).unwrap();
                assert_eq!(
                    flow.okta.messages().last().unwrap().code,
                    Some(code.clone())
                );
                // A code that was sent lasts five minutes.
                flow.advance(200);
                let back = page.action().replace("/verify", "/factor");
                says(&browser.submit(&back, &[]).await, "Choose how:");
                let page = browser.choose(&choice, chosen).await;
                assert_eq!(browser.code(&page, &code).await.status, 401);
                let code = flow.okta.passcode(chosen).unwrap();
                browser.code(&page, &code).await
            }
        };
        let (id, _) = claims(&flow, web, &sent).await;
        assert_eq!(id["amr"], json!(["mfa", methods, "pwd"]));
    }
    let missing = json!({ "factor": "none", "accept": true });
    let missing = flow
        .manage(Method::POST, "/_emulator/pushes", Some(missing))
        .await;
    missing.refused(404, "E0000007");
}

#[tokio::test]
async fn a_code_that_was_sent_expires() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let mail = factor(&flow, "email", json!({})).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    let code = flow.okta.passcode(&mail).unwrap();
    flow.advance(300);
    assert_eq!(flow.okta.passcode(&mail), None);
    // By then the login is over as well.
    assert_eq!(browser.code(&page, &code).await.status, 400);

    let verify = format!("/api/v1/users/{GRACE}/factors/{mail}/verify");
    for (seconds, status) in [(299, 200), (300, 403)] {
        flow.manage(Method::POST, &verify, None).await;
        let body = json!({ "passCode": flow.okta.passcode(&mail).unwrap() });
        flow.advance(seconds);
        let verified = flow.manage(Method::POST, &verify, Some(body)).await;
        assert_eq!(verified.status, status, "{:#}", verified.body);
    }
}

#[tokio::test]
async fn five_wrong_codes_lock_the_user_out() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let app = factor(&flow, "token:software:totp", json!({})).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    for _ in 0..4 {
        assert_eq!(browser.code(&page, "000000").await.status, 401);
    }
    // What was right counts from nothing again.
    let code = flow.okta.passcode(&app).unwrap();
    assert_eq!(browser.code(&page, &code).await.status, 302);

    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    for _ in 0..4 {
        assert_eq!(browser.code(&page, "000000").await.status, 401);
    }
    let locked = browser.code(&page, "000000").await;
    assert_eq!(locked.status, 403);
    says(&locked, "Your account is locked");
    assert_eq!(browser.code(&page, &code).await.status, 400);
    let user = format!("/api/v1/users/{GRACE}");
    let user_now = flow.manage(Method::GET, &user, None).await;
    assert_eq!(user_now.body["status"], "LOCKED_OUT");
    let page = browser.visit(web, &[]).await;
    assert_eq!(browser.password(&page).await.status, 401);
    let unlock = format!("{user}/lifecycle/unlock");
    assert_eq!(flow.manage(Method::POST, &unlock, None).await.status, 200);
    let page = browser.visit(web, &[]).await;
    says(&browser.password(&page).await, "Verify it is you");
}

#[tokio::test]
async fn who_has_no_factor_sets_an_app_up() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    says(&page, "Set up an authenticator app");
    let factors = format!("/api/v1/users/{GRACE}/factors");
    let listed = flow.manage(Method::GET, &factors, None).await;
    let secret = &listed.body[0]["_embedded"]["activation"]["sharedSecret"];
    let secret = secret.as_str().unwrap();
    says(&page, &format!("<code id=\"secret\">{secret}</code>"));
    let link = format!(
        "otpauth://totp/Okta%20emulator:grace%40example%2Ecom?secret={secret}&#38;issuer=Okta%20emulator"
    );
    says(&page, &link);
    let wrong = browser.code(&page, "000000").await;
    assert_eq!(wrong.status, 401);
    says(&wrong, secret);

    // Whoever begins once more gets another key.
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    assert!(!text(&page).contains(secret));
    let listed = flow.manage(Method::GET, &factors, None).await;
    assert_eq!(listed.body.as_array().unwrap().len(), 1);
    let app = listed.body[0]["id"].as_str().unwrap();
    let code = flow.okta.passcode(app).unwrap();
    let sent = browser.code(&page, &code).await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));
    let listed = flow.manage(Method::GET, &factors, None).await;
    assert_eq!(listed.body[0]["status"], "ACTIVE");
}

#[tokio::test]
async fn the_classic_api_goes_through_the_same_states() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let authn = async |path: &str, body: Value| {
        let url = format!("{}/api/v1/authn{path}", flow.okta.org_url());
        answer(flow.http.post(url).json(&body)).await
    };
    let login = json!({ "username": GRACE, "password": flow.okta.password() });
    let begun = authn("", login.clone()).await;
    assert_eq!(begun.body["status"], "MFA_ENROLL", "{:#}", begun.body);
    let state = begun.text("stateToken");
    let offered = begun.body["_embedded"]["factors"].as_array().unwrap();
    assert!(offered.iter().any(|it| it["factorType"] == "push"));
    let push =
        json!({ "stateToken": state, "factorType": "token:software:totp", "provider": "OKTA" });
    let enrolled = authn("/factors", push).await;
    assert_eq!(enrolled.body["status"], "MFA_ENROLL_ACTIVATE");
    let factor_id = enrolled.body["_embedded"]["factor"]["id"].as_str().unwrap();
    let secret = "/_embedded/factor/_embedded/activation/sharedSecret";
    assert!(enrolled.body.pointer(secret).unwrap().is_string());
    // A factor cannot be proven before it is set up.
    let code = flow.okta.passcode(factor_id).unwrap();
    let body = json!({ "stateToken": state, "passCode": code });
    let early = authn(&format!("/factors/{factor_id}/verify"), body.clone()).await;
    early.refused(403, "E0000038");
    let activate = format!("/factors/{factor_id}/lifecycle/activate");
    let wrong = json!({ "stateToken": state, "passCode": "000000" });
    authn(&activate, wrong).await.refused(403, "E0000068");
    let done = authn(&activate, body).await;
    assert_eq!(done.body["status"], "SUCCESS", "{:#}", done.body);
    // The session token carries what was proven.
    let token = done.text("sessionToken");
    let sent = flow.authorize(web, &[("sessionToken", &token), TWO]).await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));

    let push = factor(&flow, "push", json!({})).await;
    let state = authn("", login.clone()).await.text("stateToken");
    let body = json!({ "stateToken": state });
    let verify = format!("/factors/{push}/verify");
    for accepted in [false, true] {
        let waiting = authn(&verify, body.clone()).await;
        assert_eq!(waiting.body["factorResult"], "WAITING");
        let waiting = authn(&verify, body.clone()).await;
        assert_eq!(waiting.body["status"], "MFA_CHALLENGE");
        assert_eq!(flow.okta.answer_pushes(&push, accepted), 1);
        let told = authn(&verify, body.clone()).await;
        match accepted {
            false => assert_eq!(told.body["factorResult"], "REJECTED"),
            true => assert_eq!(told.body["status"], "SUCCESS", "{:#}", told.body),
        }
    }
    // Five wrong codes lock out here, too.
    let state = authn("", login).await.text("stateToken");
    let wrong = json!({ "stateToken": state, "passCode": "000000" });
    let verify = format!("/factors/{factor_id}/verify");
    for _ in 0..4 {
        authn(&verify, wrong.clone()).await.refused(403, "E0000068");
    }
    authn(&verify, wrong.clone()).await.refused(403, "E0000069");
    authn(&verify, wrong).await.refused(401, "E0000011");
}
