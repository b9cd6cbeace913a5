//! Routes that take a stronger or a more recent login.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, GRACE};
use crate::site::Site;

#[tokio::test]
async fn step_up_by_strength() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    let before = browser.session().unwrap().to_owned();
    browser.post(&site, "/note", "draft").await;
    let page = browser.open(&site, "/strong?tab=2").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let url = page.location();
    assert!(
        url.contains("acr_values=urn%3Aokta%3Aloa%3A2fa%3Aany"),
        "{url}"
    );
    assert!(url.contains("login_hint=grace%40example.com"), "{url}");
    browser.factor = Some(enrol(&site).await);
    let back = browser.at_okta(&site, &url, GRACE).await;
    assert_eq!(browser.open(&site, &back).await.location(), "/strong?tab=2");
    assert_eq!(browser.open(&site, "/strong").await.text, "strong");
    // The same person: a new id, and the data is still there.
    assert_ne!(browser.session().unwrap(), before);
    assert_eq!(browser.open(&site, "/note").await.text, "draft ");
}

#[tokio::test]
async fn step_up_by_time() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    assert_eq!(browser.open(&site, "/recent").await.text, "recent");
    site.advance(301);
    let page = browser.open(&site, "/recent").await;
    assert!(
        page.location().contains("max_age=300"),
        "{}",
        page.location()
    );
    let back = browser.at_okta(&site, &page.location(), GRACE).await;
    browser.open(&site, &back).await;
    assert_eq!(browser.open(&site, "/recent").await.text, "recent");
}

#[tokio::test]
async fn a_script_is_told_what_is_missing() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    for (status, code) in [
        (StatusCode::UNAUTHORIZED, "login_required"),
        (StatusCode::FORBIDDEN, "step_up_required"),
    ] {
        let accept = [("accept", "application/json")];
        let page = browser
            .send(&site, Method::GET, "/strong", &accept, "")
            .await;
        assert_eq!(page.status, status);
        assert!(page.text.contains(code), "{}", page.text);
        browser.log_in(&site, "/", GRACE).await;
    }
    // Also for a form: nobody comes back to one.
    let page = browser.post(&site, "/strong", "a=b").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

/// An authenticator app of Grace's: its id.
async fn enrol(site: &Site) -> String {
    let url = format!(
        "{}/api/v1/users/{GRACE}/factors?activate=true",
        site.org.org_url()
    );
    let factor = json!({"factorType": "token:software:totp", "provider": "GOOGLE"});
    let request = reqwest::Client::new().post(url).body(factor.to_string());
    let answer = request
        .header("authorization", format!("SSWS {}", site.org.token()))
        .header("content-type", "application/json")
        .send();
    let made = answer.await.unwrap().text().await.unwrap();
    let made: Value = serde_json::from_str(&made).unwrap();
    made["id"].as_str().unwrap().to_owned()
}
