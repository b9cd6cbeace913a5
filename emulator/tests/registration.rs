//! People who register themselves, and what the service of a registration inline hook says to it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

#[path = "support/sign_in.rs"]
mod sign_in;

use std::time::Duration;

use okta_emulator::{Emulator, SampleClient};
use reqwest::Method;
use serde_json::{Value, json};
use sign_in::{Browser, says, text};
use support::Answer;
use support::oauth::{Flow, Proof, answer};
use support::receiver::{Receiver, Reply};

const KIND: &str = "com.okta.user.pre-registration";
const ADA: [(&str, &str); 4] = [
    ("email", "ada.byron@example.com"),
    ("firstName", "Ada"),
    ("lastName", "Byron"),
    ("password", "Difference Engine 1"),
];

/// Lets people register, with more of the action of the rule.
async fn open(flow: &Flow, more: Value) {
    let path = "/api/v1/policies?type=PROFILE_ENROLLMENT";
    let policy = flow.manage(Method::GET, path, None).await.body[0]["id"].take();
    let path = format!("/api/v1/policies/{}/rules", policy.as_str().unwrap());
    let mut rule = flow.manage(Method::GET, &path, None).await.body[0].take();
    let mut action = json!({ "access": "ALLOW", "unknownUserAction": "REGISTER" });
    action
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    rule["actions"] = json!({ "profileEnrollment": action });
    let path = format!("{path}/{}", rule["id"].as_str().unwrap());
    let changed = flow.manage(Method::PUT, &path, Some(rule)).await;
    assert_eq!(changed.status, 200, "{:#}", changed.body);
}

/// Lets people register whom the receiver accepts. Gives the id of the hook.
async fn open_with_hook(flow: &Flow, receiver: &Receiver, more: Value) -> String {
    let hook = json!({
        "name": "Registrations", "type": KIND, "version": "1.0.0",
        "channel": { "type": "HTTP", "version": "1.0.0", "config": {
            "uri": receiver.url, "method": "POST",
            "authScheme": { "type": "HEADER", "key": "Authorization", "value": "secret" },
        } },
    });
    let hook = flow.manage(Method::POST, "/api/v1/inlineHooks", Some(hook));
    let hook = hook.await.id();
    let mut action = more;
    action["preRegistrationInlineHooks"] = json!([{ "inlineHookId": hook }]);
    open(flow, action).await;
    hook
}

/// Goes from the login page to the page to sign up on.
async fn sign_up_page(flow: &Flow, browser: &Browser<'_>, app: &SampleClient) -> Answer {
    let login = browser.visit(app, &[]).await;
    let (_, link) = text(&login).split_once("href=\"/signup/").unwrap();
    let handle = link.split('"').next().unwrap();
    let url = format!("{}/signup/{handle}", flow.okta.org_url());
    answer(flow.http.get(url)).await
}

async fn user(flow: &Flow, login: &str) -> Answer {
    let path = format!("/api/v1/users/{login}");
    flow.manage(Method::GET, &path, None).await
}

fn said(commands: Value) -> Reply {
    Reply::Json(json!({ "commands": commands }))
}

#[tokio::test]
async fn nobody_registers_where_the_policy_does_not_say_so() {
    let flow = Flow::with(Emulator::builder()).await;
    let mut browser = Browser::new(&flow);
    let login = browser.visit(flow.okta.web_app(), &[]).await;
    assert!(!text(&login).contains("/signup/"));
    let path = login.action().replace("/login/", "/signup/");
    for known in [path.as_str(), "/signup/made-up"] {
        let sent = browser.submit(known, &ADA).await;
        assert_eq!(sent.status, 400);
        says(&sent, "expired");
    }
    assert_eq!(user(&flow, ADA[0].1).await.status, 404);
}

#[tokio::test]
async fn who_registers_is_logged_in() {
    let flow = Flow::with(Emulator::builder()).await;
    let group = json!({ "profile": { "name": "Newcomers" } });
    let group = flow.manage(Method::POST, "/api/v1/groups", Some(group));
    let group = group.await.id();
    open(&flow, json!({ "targetGroupIds": [group] })).await;
    let app = flow.okta.web_app();
    let mut browser = Browser::new(&flow);
    let page = sign_up_page(&flow, &browser, app).await;
    says(&page, "First name");
    let path = page.action();

    // What is missing is said, and what was filled in stays; the password does not.
    let mut wrong = ADA;
    wrong[0].1 = "no address";
    let again = browser.submit(&path, &wrong).await;
    assert_eq!(again.status, 400);
    says(&again, "email: Does not match required pattern");
    says(&again, "value=\"Byron\"");
    assert!(!text(&again).contains(ADA[3].1));

    let sent = browser.submit(&path, &ADA).await;
    let code = sent.redirected("code");
    let tokens = flow.redeem(Proof::Basic(app), &code).await;
    assert_eq!(tokens.status, 200, "{:#}", tokens.body);
    let made = user(&flow, ADA[0].1).await;
    assert_eq!(made.body["status"], "ACTIVE");
    assert_eq!(made.body["profile"]["login"], ADA[0].1);
    let groups = format!("/api/v1/users/{}/groups", made.id());
    let groups = flow.manage(Method::GET, &groups, None).await;
    assert_eq!(groups.each("/profile/name"), ["Everyone", "Newcomers"]);

    // The page is spent, and the address is taken.
    says(&browser.submit(&path, &ADA).await, "expired");
    let page = sign_up_page(&flow, &Browser::new(&flow), app).await;
    let taken = browser.submit(&page.action(), &ADA).await;
    says(&taken, "already exists");
}

#[tokio::test]
async fn the_service_is_asked_and_changes_the_profile() {
    let (flow, receiver) = (
        Flow::with(Emulator::builder()).await,
        Receiver::start().await,
    );
    let attributes = json!([
        { "name": "email", "label": "Work address", "required": true },
        { "name": "firstName" }, { "name": "lastName" }, { "name": "city" },
    ]);
    let more = json!({ "profileAttributes": attributes });
    let hook = open_with_hook(&flow, &receiver, more).await;
    let mut browser = Browser::new(&flow);
    let page = sign_up_page(&flow, &browser, flow.okta.web_app()).await;
    says(&page, "Work address");
    receiver.reply([said(json!([
        { "type": "com.okta.user.profile.update", "value": { "title": "Countess" } },
        { "type": "com.okta.action.update", "value": { "registration": "ALLOW" } },
    ]))]);
    browser
        .submit(&page.action(), &ADA)
        .await
        .redirected("code");
    let call = receiver.received().remove(0);
    assert_eq!(call.header("authorization"), "secret");
    let body = call.json();
    assert_eq!(body["eventType"], KIND);
    assert_eq!(body["requestType"], "self.service.registration");
    assert_eq!(body["source"], hook);
    let data = &body["data"];
    assert_eq!(data["action"], "ALLOW");
    let profile = json!({
        "login": ADA[0].1, "email": ADA[0].1, "firstName": "Ada", "lastName": "Byron",
    });
    assert_eq!(data["userProfile"], profile);
    let url = data["context"]["request"]["url"]["value"].as_str().unwrap();
    assert_eq!(url, page.action());
    assert!(!body.to_string().contains(ADA[3].1));
    let made = user(&flow, ADA[0].1).await;
    assert_eq!(made.body["profile"]["title"], "Countess");
}

#[tokio::test]
async fn nobody_registers_whom_the_service_refuses() {
    let builder = Emulator::builder().hook_timeout(Duration::from_millis(100));
    let (flow, receiver) = (Flow::with(builder).await, Receiver::start().await);
    open_with_hook(&flow, &receiver, json!({})).await;
    let deny = json!([
        { "type": "com.okta.action.update", "value": { "registration": "DENY" } },
    ]);
    let cause = json!({ "errorSummary": "Use your <work> address" });
    let error = json!({ "error": { "errorSummary": "x", "errorCauses": [cause] } });
    let rounds = [
        (vec![said(deny)], "Registration denied."),
        (vec![Reply::Json(error)], "Use your &#60;work&#62; address"),
        (vec![Reply::Status(500), Reply::Status(500)], "Please try"),
        (vec![Reply::Never, Reply::Never], "Please try"),
    ];
    let mut browser = Browser::new(&flow);
    let page = sign_up_page(&flow, &browser, flow.okta.web_app()).await;
    for (replies, words) in rounds {
        receiver.reply(replies);
        let sent = browser.submit(&page.action(), &ADA).await;
        assert_eq!(sent.status, 400);
        says(&sent, words);
        assert_eq!(user(&flow, ADA[0].1).await.status, 404);
    }
    // The page is still there, and the next try succeeds.
    receiver.reply([Reply::Status(204)]);
    let sent = browser.submit(&page.action(), &ADA).await;
    sent.redirected("code");
}
