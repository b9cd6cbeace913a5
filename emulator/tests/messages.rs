//! What people would have in their mailboxes and on their phones, read by tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use okta_emulator::{Channel, Emulator, SentMessage};
use serde_json::{Value, json};
use support::{Org, person};

/// Creates a user without a password.
async fn invited(org: &Org, login: &str, activate: bool) -> String {
    let body = json!({ "profile": person(login) });
    let created = org
        .post(&format!("/api/v1/users?activate={activate}"), body)
        .await;
    assert_eq!(created.status, 200, "{:#}", created.body);
    created.id()
}

async fn status(org: &Org, user: &str) -> String {
    let read = org.get(&format!("/api/v1/users/{user}")).await;
    read.body["status"].as_str().unwrap().to_owned()
}

/// Opens a link and sends a password; gives the status and the page.
async fn choose(org: &Org, link: &str, password: &str) -> (u16, String) {
    let form = [("password", password)];
    let answer = org.http.post(link).form(&form).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn last(org: &Org) -> SentMessage {
    org.okta.messages().pop().unwrap()
}

#[tokio::test]
async fn an_invited_user_follows_the_link_of_the_e_mail() {
    let org = Org::empty().await;
    assert!(org.okta.messages().is_empty());
    let user = invited(&org, "isaac@example.com", true).await;
    let message = last(&org);
    assert_eq!(message.channel, Channel::Email);
    assert_eq!(
        (message.to.as_str(), message.user_id.as_str()),
        ("isaac@example.com", user.as_str())
    );
    assert_eq!(message.template, "UserActivation");
    let link = message.link.unwrap();
    assert!(link.starts_with(org.okta.org_url()));
    assert!(link.ends_with(&message.token.unwrap()));

    let page = org.http.get(&link).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("isaac@example.com"));
    let (refused, page) = choose(&org, &link, "short").await;
    assert!(refused == 400 && page.contains("at least 8 characters"));
    assert_eq!(status(&org, &user).await, "PROVISIONED");
    let (chosen, _) = choose(&org, &link, "correct horse").await;
    assert_eq!(
        (chosen, status(&org, &user).await.as_str()),
        (200, "ACTIVE")
    );
    let (again, page) = choose(&org, &link, "another one").await;
    assert!(again == 404 && page.contains("no longer good"));
}

#[tokio::test]
async fn who_sends_the_link_themselves_gets_it() {
    let org = Org::empty().await;
    let user = invited(&org, "isaac@example.com", false).await;
    let path = format!("/api/v1/users/{user}/lifecycle");
    let activated = org
        .post(&format!("{path}/activate?sendEmail=false"), json!({}))
        .await;
    let link = activated.body["activationUrl"].as_str().unwrap().to_owned();
    assert!(org.okta.messages().is_empty());

    // Another link takes the place of the first one, and ends after a week.
    org.post(&format!("{path}/reactivate?sendEmail=true"), json!({}))
        .await;
    assert_eq!(choose(&org, &link, "correct horse").await.0, 404);
    let link = last(&org).link.unwrap();
    org.okta
        .clock()
        .advance(Duration::from_secs(7 * 24 * 60 * 60));
    assert_eq!(choose(&org, &link, "correct horse").await.0, 404);
}

#[tokio::test]
async fn a_password_is_reset_by_a_link_that_lasts_an_hour() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    for (operation, template) in [
        ("lifecycle/reset_password", "PasswordResetByAdmin"),
        ("credentials/forgot_password", "ForgotPassword"),
    ] {
        let path = format!("/api/v1/users/{user}/{operation}");
        let reset = org.post(&path, json!({})).await;
        assert_eq!((reset.status, reset.body), (200, json!({})));
        let message = last(&org);
        assert_eq!(message.template, template);
        assert_eq!(status(&org, &user).await, "RECOVERY");
        let (chosen, _) = choose(&org, &message.link.unwrap(), "battery staple").await;
        assert_eq!(
            (chosen, status(&org, &user).await.as_str()),
            (200, "ACTIVE")
        );
    }
    let path = format!("/api/v1/users/{user}/lifecycle/reset_password?sendEmail=false");
    let reset = org.post(&path, json!({})).await;
    let link = reset.body["resetPasswordUrl"].as_str().unwrap().to_owned();
    org.okta.clock().advance(Duration::from_secs(60 * 60));
    assert_eq!(choose(&org, &link, "battery staple").await.0, 404);
}

#[tokio::test]
async fn codes_of_factors_are_read_by_http() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    let other = org.user("eric@example.com").await;
    let enroll = async |user: &str, kind: &str, profile: Value| {
        let body = json!({ "factorType": kind, "provider": "OKTA", "profile": profile });
        let path = format!("/api/v1/users/{user}/factors");
        let enrolled = org.post(&path, body).await;
        assert_eq!(enrolled.status, 200, "{:#}", enrolled.body);
        enrolled.id()
    };
    let phone = json!({ "phoneNumber": "+1-555-415-1337" });
    let sms = enroll(&user, "sms", phone.clone()).await;
    let email = enroll(&user, "email", json!({ "email": "isaac@example.com" })).await;
    let app = enroll(&user, "token:software:totp", json!({})).await;
    enroll(&other, "sms", phone).await;
    assert_eq!(org.get("/_emulator/codes").await.each("/factorId").len(), 4);
    for user in [user.as_str(), "ISAAC@example.com"] {
        let codes = org.get(&format!("/_emulator/codes?user={user}")).await;
        let mut ids = codes.each("/factorId");
        ids.sort();
        let mut expected = [app.clone(), email.clone(), sms.clone()];
        expected.sort();
        assert_eq!(ids, expected);
    }
    for factor in [&sms, &email, &app] {
        let codes = org.get(&format!("/_emulator/codes?factor={factor}")).await;
        let code = codes.each("/code")[0].clone();
        assert_eq!(org.okta.passcode(factor), Some(code.clone()));
        let path = format!("/api/v1/users/{user}/factors/{factor}/lifecycle/activate");
        let activated = org.post(&path, json!({ "passCode": code })).await;
        assert_eq!(activated.body["status"], "ACTIVE", "{:#}", activated.body);
    }
}

#[tokio::test]
async fn messages_are_read_and_forgotten_by_http() {
    let org = Org::empty().await;
    let user = invited(&org, "isaac@example.com", true).await;
    invited(&org, "eric@example.com", true).await;
    let path = format!("/api/v1/users/{user}/factors");
    let phone = json!({ "phoneNumber": "+1-555-415-1337" });
    let body = json!({ "factorType": "sms", "provider": "OKTA", "profile": phone });
    let factor = org.post(&path, body).await.id();

    let all = org.get("/_emulator/messages").await;
    assert_eq!(all.body.as_array().unwrap().len(), 3);
    let own = org.get(&format!("/_emulator/messages?user={user}")).await;
    assert_eq!(own.each("/channel"), ["email", "sms"]);
    assert_eq!(own.body[1]["code"], json!(org.okta.passcode(&factor)));
    let link = own.body[0]["link"].as_str().unwrap();
    assert_eq!(org.http.get(link).send().await.unwrap().status(), 200);

    assert_eq!(org.delete("/_emulator/messages").await.status, 204);
    assert_eq!(org.get("/_emulator/messages").await.body, json!([]));
    assert!(
        org.okta
            .requests()
            .iter()
            .all(|it| !it.path.contains("_emulator"))
    );
    let nobody = org
        .http
        .get(format!("{}/_emulator/codes", org.okta.org_url()));
    assert_eq!(nobody.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn nobody_gets_mail_while_the_seed_is_planted() {
    let org = Org::start(Emulator::builder()).await;
    assert!(org.okta.messages().is_empty());
}
