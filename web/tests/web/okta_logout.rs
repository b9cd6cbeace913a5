//! Logouts that the authorization server tells of.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{Method, StatusCode};
use okta_emulator::Emulator;
use serde_json::json;

use crate::browser::{Browser, Page};
use crate::provider::Provider;
use crate::site::{Fragile, FragileStore, Site};

/// An app before the provider.
struct Setting {
    site: Site,
    provider: Provider,
}

impl Setting {
    async fn start() -> Self {
        let clock = Arc::new(AtomicU64::new(0));
        let provider = Provider::start(&clock).await;
        let vault = Arc::new(Fragile::new(&clock));
        let (oauth, verifier) = (provider.client(), provider.verifier());
        let store = FragileStore::default();
        let org = Emulator::start().await.unwrap();
        let site = Site::of(org, clock, vault, store, oauth, |login| {
            login
                .back_channel_logout("/backchannel-logout", verifier)
                .front_channel_logout("/frontchannel-logout")
        });
        Self { site, provider }
    }

    async fn log_in(&self, subject: &str, session: &str) -> Browser {
        let mut browser = Browser::new();
        let page = self
            .finish(&mut browser, subject, session, || async {})
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{page:?}");
        browser
    }

    /// A login, with something that happens before its callback.
    async fn finish<F: Future>(
        &self,
        browser: &mut Browser,
        subject: &str,
        session: &str,
        meanwhile: impl FnOnce() -> F,
    ) -> Page {
        let url = browser.begin(&self.site, "/").await;
        meanwhile().await;
        browser
            .open(&self.site, &Provider::code(&url, subject, session))
            .await
    }

    /// Okta posts a token. It sends no cookie and no origin.
    async fn tell(&self, token: &str) -> Page {
        let form = format!("logout_token={token}");
        let path = "/backchannel-logout";
        Browser::new()
            .send(&self.site, Method::POST, path, &[], &form)
            .await
    }

    async fn is_in(&self, browser: &mut Browser) -> bool {
        browser.open(&self.site, "/").await.text != "Nobody"
    }
}

#[tokio::test]
async fn back_channel_logout() {
    let setting = Setting::start().await;
    let mut laptop = setting.log_in("joe", "s-1").await;
    let mut phone = setting.log_in("joe", "s-2").await;
    let mut other = setting.log_in("ann", "s-3").await;

    // One session at Okta.
    let token = setting
        .provider
        .logout_token("t-1", &json!({"sub": "joe", "sid": "s-1"}));
    let page = setting.tell(&token).await;
    assert_eq!((page.status, page.text.as_str()), (StatusCode::OK, ""));
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(!setting.is_in(&mut laptop).await);
    assert!(setting.is_in(&mut phone).await && setting.is_in(&mut other).await);
    // The token is good once.
    assert_eq!(setting.tell(&token).await.status, StatusCode::BAD_REQUEST);
    // Sessions that nobody has are no error.
    let token = setting.provider.logout_token("t-2", &json!({"sid": "s-9"}));
    assert_eq!(setting.tell(&token).await.status, StatusCode::OK);
    // All of a user's.
    let token = setting.provider.logout_token("t-3", &json!({"sub": "joe"}));
    assert_eq!(setting.tell(&token).await.status, StatusCode::OK);
    assert!(!setting.is_in(&mut phone).await);
    assert!(setting.is_in(&mut other).await);
}

#[tokio::test]
async fn logout_tokens_that_are_not_good() {
    let setting = Setting::start().await;
    let mut browser = setting.log_in("joe", "s-1").await;
    let now = setting.provider.seconds();
    for (id, others) in [
        ("no-event", json!({"events": null})),
        (
            "another-event",
            json!({"events": {"http://example.com/event": {}}}),
        ),
        ("nonce", json!({"nonce": "n"})),
        ("another-client", json!({"aud": "0oaOther"})),
        ("another-issuer", json!({"iss": "https://evil.example"})),
        ("old", json!({"iat": now - 3600, "exp": now + 3600})),
        ("expired", json!({"iat": now - 600, "exp": now - 300})),
        ("nobody", json!({"sub": null, "sid": null})),
    ] {
        let mut claims = json!({"sub": "joe", "sid": "s-1"});
        claims
            .as_object_mut()
            .unwrap()
            .extend(others.as_object().unwrap().clone());
        let page = setting
            .tell(&setting.provider.logout_token(id, &claims))
            .await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{id}");
        assert!(page.text.contains("invalid_request"), "{id}: {}", page.text);
    }
    let good = setting
        .provider
        .logout_token("good", &json!({"sid": "s-1"}));
    let changed = format!("{}x", &good[..good.len() - 1]);
    for form in [
        String::new(),
        "logout_token=".to_owned(),
        "logout_token=none".to_owned(),
        format!("logout_token={changed}"),
        format!("logout_token={good}&logout_token={good}"),
    ] {
        let path = "/backchannel-logout";
        let page = Browser::new()
            .send(&setting.site, Method::POST, path, &[], &form)
            .await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{form}");
    }
    let long = "x".repeat(65 * 1024);
    assert_eq!(
        setting.tell(&long).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert!(setting.is_in(&mut browser).await);
    // The store away: the same token serves when it is back.
    setting.site.vault.is_away.store(true, Ordering::Relaxed);
    assert_eq!(
        setting.tell(&good).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    setting.site.vault.is_away.store(false, Ordering::Relaxed);
    assert_eq!(setting.tell(&good).await.status, StatusCode::OK);
    assert!(!setting.is_in(&mut browser).await);
}

#[tokio::test]
async fn back_channel_logout_during_a_login() {
    let setting = Setting::start().await;
    let mut browser = Browser::new();
    let token = setting.provider.logout_token("t-1", &json!({"sub": "joe"}));
    // The clock of the test stands at the seconds that the provider signs.
    let page = setting
        .finish(&mut browser, "joe", "s-1", || async {
            let later = setting.provider.seconds() + 5;
            let claims = json!({"sub": "joe", "iat": later, "exp": later + 60});
            let token = setting.provider.logout_token("t-2", &claims);
            assert_eq!(setting.tell(&token).await.status, StatusCode::OK);
        })
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{page:?}");
    assert!(
        page.text.contains("logged out in the meantime"),
        "{}",
        page.text
    );
    assert!(setting.site.vault.inner.is_empty());
    // A login after that is another one.
    drop(token);
    setting.site.clock.fetch_add(10, Ordering::Relaxed);
    let mut browser = setting.log_in("joe", "s-2").await;
    assert!(setting.is_in(&mut browser).await);
}

#[tokio::test]
async fn front_channel_logout() {
    let setting = Setting::start().await;
    let mut browser = setting.log_in("joe", "s-1").await;
    let issuer = &setting.provider.issuer;
    for query in [
        String::new(),
        "sid=s-1".to_owned(),
        format!("iss={issuer}"),
        "iss=https://evil.example&sid=s-1".to_owned(),
        format!("iss={issuer}&sid=s-1&sid=s-1"),
    ] {
        let page = Browser::new()
            .open(&setting.site, &format!("/frontchannel-logout?{query}"))
            .await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
    }
    assert!(setting.is_in(&mut browser).await);
    // The frame brings no cookie.
    let path = format!("/frontchannel-logout?iss={issuer}&sid=s-1");
    let page = Browser::new().open(&setting.site, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    let origin = issuer.strip_suffix("/oauth2/default").unwrap();
    let policy = format!("default-src 'none'; frame-ancestors {origin}");
    assert_eq!(page.header("content-security-policy"), policy);
    assert!(!setting.is_in(&mut browser).await);
}
