//! Sessions and their tokens.

use std::sync::atomic::Ordering;
use std::time::Duration;

use http::StatusCode;
use okta_emulator::{Fault, FaultRule};
use okta_web::TokenVault as _;

use crate::browser::{Browser, GRACE};
use crate::site::{Site, fail};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

#[tokio::test]
async fn idle_and_absolute_timeout() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    // Used each 50 minutes, it lasts for 12 hours.
    for _ in 0..14 {
        site.advance(50 * MINUTE);
        assert_eq!(browser.open(&site, "/").await.text, "Hello, Grace Hopper");
    }
    site.advance(30 * MINUTE);
    assert_eq!(browser.open(&site, "/").await.text, "Nobody");
    assert_eq!(site.vault.inner.len(), 0);

    browser.log_in(&site, "/", GRACE).await;
    browser.post(&site, "/note", "grace's").await;
    browser.post(&site, "/cart", "book").await;
    site.advance(HOUR + 1);
    assert_eq!(browser.open(&site, "/").await.text, "Nobody");
    // Whoever is at the browser now does not see what the user left.
    assert_eq!(browser.open(&site, "/note").await.text, " book");
}

#[tokio::test]
async fn concurrent_refresh() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    let first = browser.open(&site, "/token").await.text;
    site.advance(55 * MINUTE);
    browser.open(&site, "/").await;
    assert_eq!(browser.open(&site, "/token").await.text, first);
    site.advance(6 * MINUTE);
    assert_eq!(site.token_requests(), 1);
    let requests = (0..20).map(|_| {
        let mut copy = Browser::new();
        copy.cookies = browser.cookies.clone();
        let site = &site;
        async move { copy.open(site, "/token").await.text }
    });
    let tokens = futures::future::join_all(requests).await;
    assert_ne!(tokens[0], first);
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
    assert_eq!(site.token_requests(), 2);
}

#[tokio::test]
async fn a_failed_refresh_is_remembered() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    site.advance(59 * MINUTE + 30);
    fail(&site, "/oauth2/default/v1/token");
    let before = site.token_requests();
    // Half a minute before its end the old token serves.
    for _ in 0..5 {
        assert_eq!(browser.open(&site, "/token").await.status, StatusCode::OK);
    }
    let tried = site.token_requests() - before;
    assert!((1..=4).contains(&tried), "{tried}");
    site.org.faults().clear();
    site.advance(11);
    browser.open(&site, "/token").await;
    assert_eq!(site.token_requests(), before + tried + 1);
}

#[tokio::test]
async fn a_dead_refresh_token_ends_the_session() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    let subject = browser.open(&site, "/me").await.text;
    site.advance(59 * MINUTE + 30);
    revoke_at_okta(&site, &subject).await;
    let before = site.token_requests();
    for _ in 0..3 {
        browser.open(&site, "/token").await;
    }
    assert_eq!(site.token_requests(), before + 1);
    assert_eq!(browser.open(&site, "/").await.text, "Nobody");
}

#[tokio::test]
async fn refresh_during_logout() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    site.advance(59 * MINUTE + 30);
    // Okta's answer to the refresh comes when the user has logged out.
    let late = FaultRule::new(Fault::Latency(Duration::from_secs(1)));
    site.org
        .faults()
        .inject(late.on_path("/oauth2/default/v1/token"));
    let mut copy = Browser::new();
    copy.cookies = browser.cookies.clone();
    let (page, logout) = tokio::join!(async { copy.open(&site, "/token").await }, async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        browser.post(&site, "/logout", "").await
    });
    assert_eq!(logout.status, StatusCode::SEE_OTHER);
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(site.vault.inner.is_empty());
    assert_eq!(copy.open(&site, "/").await.text, "Nobody");
}

#[tokio::test]
async fn tokens_at_rest() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    let token = browser.open(&site, "/token").await.text;
    let subject = browser.open(&site, "/me").await.text;
    let infos = site.login.sessions().of_user(&subject).await.unwrap();
    assert_eq!(infos.len(), 1);
    let stored = format!("{:?}", site.vault);
    for secret in [&token, GRACE] {
        assert!(!stored.contains(secret));
    }
    for cookie in browser.cookies.values() {
        assert!(!cookie.value.contains(&token));
    }
}

#[tokio::test]
async fn stolen_cookie() {
    let site = Site::start().await;
    let (mut laptop, mut phone) = (Browser::new(), Browser::new());
    laptop.log_in(&site, "/", GRACE).await;
    site.advance(1);
    phone.log_in(&site, "/", GRACE).await;
    let sessions = site.login.sessions();
    let subject = laptop.open(&site, "/me").await.text;
    let infos = sessions.of_user(&subject).await.unwrap();
    assert_eq!(infos.len(), 2);
    assert!(infos[0].user.began_at() > infos[1].user.began_at());
    // Each browser knows its own in the list.
    assert_eq!(phone.open(&site, "/handle").await.text, infos[0].handle);
    assert_eq!(laptop.open(&site, "/handle").await.text, infos[1].handle);
    // The handle opens nothing, and ends one session of this user alone.
    assert!(site.vault.load(&infos[0].handle).await.unwrap().is_none());
    assert!(!sessions.end("00u-another", &infos[0].handle).await.unwrap());
    assert!(sessions.end(&subject, &infos[0].handle).await.unwrap());
    assert_eq!(phone.open(&site, "/").await.text, "Nobody");
    assert_eq!(laptop.open(&site, "/").await.text, "Hello, Grace Hopper");
    assert_eq!(sessions.end_all(&subject).await.unwrap(), 1);
    assert_eq!(laptop.open(&site, "/").await.text, "Nobody");
    assert_eq!(site.okta_requests("/v1/revoke"), 2);
    assert_eq!(site.vault.writes.load(Ordering::Relaxed), 4);
}

/// Revokes all tokens of the user at Okta.
async fn revoke_at_okta(site: &Site, subject: &str) {
    let url = format!(
        "{}/api/v1/users/{subject}/sessions?oauthTokens=true",
        site.org.org_url()
    );
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = format!("SSWS {}", site.org.token());
    let response = http
        .delete(url)
        .header("authorization", token)
        .send()
        .await
        .unwrap();
    assert!(response.status().is_success());
}
