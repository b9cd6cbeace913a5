//! The end of a session.

use std::sync::atomic::Ordering;

use http::StatusCode;

use crate::browser::{Browser, GRACE};
use crate::site::{Site, fail};

#[tokio::test]
async fn rp_logout() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    let token = browser.open(&site, "/token").await.text;
    let stolen = browser.cookies.clone();
    let page = browser.post(&site, "/logout", "").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(
        page.location().starts_with(site.org.org_url()),
        "{}",
        page.location()
    );
    // Over here already, before the browser is at Okta.
    assert!(browser.session().is_none());
    let mut thief = Browser::new();
    thief.cookies = stolen;
    assert_eq!(thief.open(&site, "/").await.text, "Nobody");
    assert_eq!(site.vault.inner.len(), 0);
    assert_eq!(site.okta_requests("/v1/revoke"), 1);
    assert!(!token.is_empty());

    let back = browser.at_okta(&site, &page.location(), GRACE).await;
    let page = browser.open(&site, &back).await;
    assert_eq!(page.location(), "/");
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    // It comes back once, and only with its state.
    assert_eq!(
        browser.open(&site, &back).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_logout_that_okta_does_not_hear_of_ends_the_session_all_the_same() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    site.vault.is_away.store(true, Ordering::Relaxed);
    let page = browser.post(&site, "/logout", "").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    site.vault.is_away.store(false, Ordering::Relaxed);
    fail(&site, "/oauth2/default/v1/revoke");
    let page = browser.post(&site, "/logout", "").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.open(&site, "/").await.text, "Nobody");
}

#[tokio::test]
async fn a_logout_of_nobody_leads_home() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    assert_eq!(browser.post(&site, "/logout", "").await.location(), "/");
}
