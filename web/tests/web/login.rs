//! What goes well.

use http::{Method, StatusCode};

use crate::browser::{Browser, GRACE};
use crate::site::{ORIGIN, Site};

#[tokio::test]
async fn a_user_logs_in_and_comes_back_to_the_page() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    assert_eq!(browser.open(&site, "/").await.text, "Nobody");

    let page = browser.open(&site, "/profile?tab=1").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.location(), "/login?return_to=%2Fprofile%3Ftab%3D1");
    let page = browser.open(&site, &page.location()).await;
    let back = browser.at_okta(&site, &page.location(), GRACE).await;
    assert!(back.starts_with(&format!("{ORIGIN}/callback?")), "{back}");
    let page = browser.open(&site, &back).await;
    assert_eq!(page.location(), "/profile?tab=1");
    assert_eq!(browser.open(&site, "/profile").await.text, GRACE);
    assert_eq!(browser.open(&site, "/").await.text, "Hello, Grace Hopper");
    assert_eq!((browser.logins(), site.vault.inner.len()), (0, 1));
}

#[tokio::test]
async fn a_script_is_answered_with_json() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    let accept = [("accept", "application/json")];
    let page = browser
        .send(&site, Method::GET, "/profile", &accept, "")
        .await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    let body: serde_json::Value = serde_json::from_str(&page.text).unwrap();
    assert_eq!(body["error"], "login_required");
    assert_eq!(body["id"].as_str().unwrap().len(), 12);
}

#[tokio::test]
async fn the_callback_may_be_posted() {
    let site = Site::changed(|login| login.form_post()).await;
    let mut browser = Browser::new();
    let url = browser.begin(&site, "/profile").await;
    assert!(url.contains("response_mode=form_post"), "{url}");
    let page = browser.at_okta(&site, &url, GRACE).await;
    let field = |name: &str| {
        let (_, rest) = page
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let form = format!("code={}&state={}", field("code"), field("state"));
    let headers = [("sec-fetch-site", "cross-site"), ("accept", "text/html")];
    let page = browser
        .send(&site, Method::POST, "/callback", &headers, &form)
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{page:?}");
    assert_eq!(browser.open(&site, "/profile").await.text, GRACE);
    let session = &browser.cookies[crate::browser::SESSION];
    assert!(session.attributes.contains("SameSite=Lax"), "{session:?}");
    // Such an app takes no code out of a URL.
    let page = browser.open(&site, "/callback?code=x&state=y").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
}
