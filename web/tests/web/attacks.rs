//! Each row of the threat table, as an attack that is refused and does no harm.

use std::sync::atomic::Ordering;

use http::{Method, StatusCode};

use crate::browser::{Browser, GRACE, SESSION};
use crate::site::Site;

const ALAN: &str = "alan@example.com";

fn writes(site: &Site) -> u64 {
    site.vault.writes.load(Ordering::Relaxed) + site.store.writes.load(Ordering::Relaxed)
}

#[tokio::test]
async fn fixation() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    // An id that an attacker has planted is not taken up.
    browser.post(&site, "/note", "text").await;
    let planted = browser.session().unwrap().to_owned();
    browser.log_in(&site, "/", GRACE).await;
    let first = browser.session().unwrap().to_owned();
    assert_ne!(first, planted);
    let mut attacker = Browser::new();
    let cookie = browser.cookies[SESSION].clone();
    for (value, greeting) in [(planted, "Nobody"), (first.clone(), "Hello, Grace Hopper")] {
        let cookie = crate::browser::Cookie {
            value,
            ..cookie.clone()
        };
        attacker.cookies.insert(SESSION.to_owned(), cookie);
        assert_eq!(attacker.open(&site, "/").await.text, greeting);
    }
    // A new id at the next login, and the one before is worth nothing.
    browser.log_in(&site, "/", GRACE).await;
    assert_ne!(browser.session().unwrap(), first);
    let cookie = crate::browser::Cookie {
        value: first,
        ..cookie
    };
    attacker.cookies.insert(SESSION.to_owned(), cookie);
    assert_eq!(attacker.open(&site, "/").await.text, "Nobody");
    assert_eq!(site.vault.inner.len(), 1);
}

#[tokio::test]
async fn data_of_an_earlier_user() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.post(&site, "/note", "secret").await;
    browser.post(&site, "/cart", "book").await;
    assert_eq!(browser.open(&site, "/note").await.text, "secret book");
    browser.log_in(&site, "/", GRACE).await;
    assert_eq!(browser.open(&site, "/note").await.text, " book");
    // The same person again keeps what is there.
    browser.post(&site, "/note", "grace's").await;
    browser.log_in(&site, "/", GRACE).await;
    assert_eq!(browser.open(&site, "/note").await.text, "grace's book");
    // Another one does not see it.
    let mut other = Browser::new();
    let url = other.begin(&site, "/").await;
    let back = other.at_okta(&site, &url, ALAN).await;
    other
        .cookies
        .extend([(SESSION.to_owned(), browser.cookies[SESSION].clone())]);
    other.open(&site, &back).await;
    assert_eq!(other.open(&site, "/note").await.text, " book");
    assert_eq!(other.open(&site, "/profile").await.text, ALAN);
}

#[tokio::test]
async fn several_tabs() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    let first = browser.begin(&site, "/profile").await;
    let second = browser.begin(&site, "/note").await;
    assert_eq!(browser.logins(), 2);
    let back = browser.at_okta(&site, &second, GRACE).await;
    assert_eq!(browser.open(&site, &back).await.location(), "/note");
    let back = browser.at_okta(&site, &first, GRACE).await;
    assert_eq!(browser.open(&site, &back).await.location(), "/profile");
    assert_eq!((browser.logins(), site.vault.inner.len()), (0, 1));
}

#[tokio::test]
async fn too_many_tabs() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    let mut urls = Vec::new();
    for _ in 0..9 {
        urls.push(browser.begin(&site, "/").await);
        // Logins are ordered by their second.
        site.advance(1);
    }
    assert_eq!(browser.logins(), 8);
    let size: usize = browser
        .cookies
        .iter()
        .map(|(n, c)| n.len() + c.value.len() + 3)
        .sum();
    assert!(size < 7_500, "{size} bytes do not go through every proxy");
    // The oldest is gone, the others are there.
    let back = browser.at_okta(&site, &urls[0], GRACE).await;
    assert_eq!(
        browser.open(&site, &back).await.status,
        StatusCode::BAD_REQUEST
    );
    let back = browser.at_okta(&site, &urls[1], GRACE).await;
    assert_eq!(
        browser.open(&site, &back).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_stranger_cancels_a_login() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    let url = browser.begin(&site, "/profile").await;
    for query in [
        "code=stolen&state=guessed",
        "error=access_denied&state=guessed",
        "code=stolen",
        "state=guessed",
        "",
    ] {
        let page = browser.open(&site, &format!("/callback?{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(
        (browser.logins(), writes(&site), site.token_requests()),
        (1, 0, 0)
    );
    let back = browser.at_okta(&site, &url, GRACE).await;
    assert_eq!(browser.open(&site, &back).await.location(), "/profile");
}

#[tokio::test]
async fn double_callback() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    let url = browser.begin(&site, "/profile").await;
    let back = browser.at_okta(&site, &url, GRACE).await;
    let copies = (0..6).map(|_| {
        let mut copy = Browser::new();
        copy.cookies = browser.cookies.clone();
        let (site, back) = (&site, &back);
        async move { copy.open(site, back).await.status }
    });
    let mut statuses = futures::future::join_all(copies).await;
    statuses.sort();
    assert_eq!(statuses[0], StatusCode::SEE_OTHER);
    assert!(
        statuses[1..]
            .iter()
            .all(|status| *status == StatusCode::BAD_REQUEST)
    );
    assert_eq!((site.token_requests(), site.vault.inner.len()), (1, 1));
}

#[tokio::test]
async fn millions_of_pending_logins() {
    let site = Site::start().await;
    for _ in 0..200 {
        Browser::new().begin(&site, "/").await;
    }
    assert_eq!((writes(&site), site.token_requests()), (0, 0));
    assert!(site.vault.inner.is_empty());
}

#[tokio::test]
async fn old_pending_login() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    let url = browser.begin(&site, "/").await;
    let back = browser.at_okta(&site, &url, GRACE).await;
    site.clock.fetch_add(11 * 60, Ordering::Relaxed);
    let page = browser.open(&site, &back).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!((site.token_requests(), site.vault.inner.len()), (0, 0));
}

#[tokio::test]
async fn login_csrf() {
    let (site, mut victim) = (Site::start().await, Browser::new());
    let mut attacker = Browser::new();
    let url = attacker.begin(&site, "/").await;
    let back = attacker.at_okta(&site, &url, ALAN).await;
    // The victim follows the attacker's link, with a login of its own under way.
    victim.begin(&site, "/").await;
    let page = victim.open(&site, &back).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(victim.session().is_none());
    assert_eq!(site.token_requests(), 0);
    // Under another name the cookie of the attacker does not open.
    let name = victim.cookies.keys().next().unwrap().clone();
    let planted = attacker.cookies.values().next().unwrap().clone();
    victim.cookies.insert(name, planted);
    let page = victim.open(&site, &back).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn cookies() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.begin(&site, "/").await;
    browser.log_in(&site, "/", GRACE).await;
    assert_eq!(browser.cookies.len(), 2);
    for (name, cookie) in &browser.cookies {
        assert!(name.starts_with("__Host-"), "{name}");
        for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age="] {
            assert!(cookie.attributes.contains(attribute), "{name}: {cookie:?}");
        }
        assert!(!cookie.attributes.contains("Domain"), "{name}: {cookie:?}");
    }
    // 128 random bits.
    assert_eq!(browser.session().unwrap().len(), 22);
}

#[tokio::test]
async fn form_post() {
    let site = Site::changed(|login| login.form_post()).await;
    let mut browser = Browser::new();
    browser.begin(&site, "/").await;
    let (name, cookie) = browser.cookies.iter().next().unwrap();
    assert!(name.starts_with("__Host-okta-login-"));
    assert!(cookie.attributes.contains("SameSite=None"), "{cookie:?}");
    assert!(cookie.attributes.contains("Secure"), "{cookie:?}");
}

#[tokio::test]
async fn open_redirect() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    for to in [
        "//evil.example",
        "/%5Cevil.example",
        "https://evil.example",
        "/%09/evil.example",
    ] {
        let page = browser.log_in(&site, to, GRACE).await;
        assert_eq!(page.location(), "/", "{to}");
    }
}

#[tokio::test]
async fn caching_framing_referrer() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    for path in ["/profile", "/login", "/callback?code=x&state=y", "/nowhere"] {
        let page = browser.open(&site, path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
    }
}

#[tokio::test]
async fn callback_flood() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.begin(&site, "/").await;
    let flood: String = (0..33).map(|n| format!("p{n}=x&")).collect();
    let page = browser
        .open(&site, &format!("/callback?{flood}code=x&state=y"))
        .await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    for _ in 0..100 {
        browser.open(&site, "/callback?code=x&state=y").await;
    }
    assert_eq!(
        (writes(&site), site.token_requests(), browser.logins()),
        (0, 0, 1)
    );
}

#[tokio::test]
async fn error_pages() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    let url = browser.begin(&site, "/").await;
    let (_, rest) = url.split_once("state=").unwrap();
    let state = rest.split('&').next().unwrap().to_owned();
    let hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let query = format!("error=access_denied&error_description={hostile}&state={state}");
    let page = browser.open(&site, &format!("/callback?{query}")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.text.contains("You were not logged in."),
        "{}",
        page.text
    );
    for taken_over in ["script", "alert", &state, "access_denied"] {
        assert!(!page.text.contains(taken_over), "{}", page.text);
    }
    assert_eq!(browser.logins(), 0);
}

/// A page of the app's own keeps what the failure is: status, cookies, headers, and JSON for
/// scripts.
#[tokio::test]
async fn error_pages_of_the_app() {
    let site = Site::changed(|login| {
        login.error_page(|failure| format!("sorry: {} {}", failure.kind().text(), failure.id()))
    });
    let (site, mut browser) = (site.await, Browser::new());
    let url = browser.begin(&site, "/").await;
    let (_, rest) = url.split_once("state=").unwrap();
    let state = rest.split('&').next().unwrap().to_owned();
    let query = format!("error=access_denied&state={state}");
    let page = browser.open(&site, &format!("/callback?{query}")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let words = "sorry: You were not logged in. ";
    assert!(page.text.starts_with(words), "{}", page.text);
    assert!(page.text.len() > words.len(), "the id: {}", page.text);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(browser.logins(), 0, "the login's cookie is removed");

    let accept = [("accept", "application/json")];
    let page = browser
        .send(&site, Method::GET, "/profile", &accept, "")
        .await;
    assert_eq!(page.header("content-type"), "application/json");
    assert!(page.text.contains("login_required"), "{}", page.text);
    // What the layer itself refuses is shown in the same way.
    browser.log_in(&site, "/", GRACE).await;
    // From another host of the domain, which `SameSite` lets pass.
    let headers = [("accept", "text/html"), ("sec-fetch-site", "same-site")];
    let page = browser
        .send(&site, Method::POST, "/note", &headers, "x")
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text.starts_with("sorry: Another site"), "{page:?}");
    // A page that is no failure is left alone.
    assert_eq!(browser.open(&site, "/").await.text, "Hello, Grace Hopper");
}

#[tokio::test]
async fn several_issuers() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    let url = browser.begin(&site, "/").await;
    let back = browser.at_okta(&site, &url, GRACE).await;
    let other = back.replace("&iss=", "&ignored=") + "&iss=https%3A%2F%2Fevil.example";
    let page = browser.open(&site, &other).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(site.token_requests(), 0);
}

#[tokio::test]
async fn store_down() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    for away in [&site.vault.is_away, &*site.store.is_away] {
        away.store(true, Ordering::Relaxed);
        for path in ["/", "/profile"] {
            let page = browser.open(&site, path).await;
            assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        }
        let page = browser.post(&site, "/logout", "").await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        away.store(false, Ordering::Relaxed);
        assert_eq!(browser.open(&site, "/profile").await.text, GRACE);
    }
    // A login can be ended when the store is back.
    let mut other = Browser::new();
    let url = other.begin(&site, "/").await;
    let back = other.at_okta(&site, &url, GRACE).await;
    site.vault.is_away.store(true, Ordering::Relaxed);
    assert_eq!(
        other.open(&site, &back).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!((other.logins(), site.token_requests()), (1, 1));
    site.vault.is_away.store(false, Ordering::Relaxed);
    assert_eq!(other.open(&site, &back).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn csrf_on_the_app() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    let note = |headers: &'static [(&'static str, &'static str)]| (Method::POST, "/note", headers);
    for (method, path, headers) in [
        note(&[("sec-fetch-site", "same-site")]),
        note(&[("origin", "https://evil.example")]),
        note(&[("origin", "null")]),
        note(&[]),
        note(&[("x-csrf-token", "guessed")]),
        (Method::POST, "/logout", &[]),
    ] {
        let page = browser.send(&site, method, path, headers, "a=b").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert_eq!(browser.open(&site, "/note").await.text, " ");
    assert_eq!(browser.open(&site, "/profile").await.text, GRACE);
    let page = browser.send(&site, Method::GET, "/logout", &[], "").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);

    // The token of the session lets an old browser in; that of another one does not.
    let token = browser.open(&site, "/form").await.text;
    let mut other = Browser::new();
    other.log_in(&site, "/", ALAN).await;
    let stolen = other.open(&site, "/form").await.text;
    for (token, status) in [(&stolen, StatusCode::FORBIDDEN), (&token, StatusCode::OK)] {
        let form = format!("csrf_token={token}");
        let page = browser.send(&site, Method::POST, "/note", &[], &form).await;
        assert_eq!(page.status, status);
        let header = [("x-csrf-token", token.as_str())];
        let page = browser
            .send(&site, Method::POST, "/note", &header, "a=b")
            .await;
        assert_eq!(page.status, status);
    }
    assert_eq!(browser.open(&site, "/note").await.text, "a=b ");
}

#[tokio::test]
async fn logout_csrf() {
    let (site, mut browser) = (Site::start().await, Browser::new());
    browser.log_in(&site, "/", GRACE).await;
    let before = browser.session().unwrap().to_owned();
    // The browser sends no cookie with a form of another site, but takes those of the response: an
    // empty one would log the user out, and a new session would take the place of the user's.
    let elsewhere = [("sec-fetch-site", "cross-site")];
    for (path, status) in [
        ("/logout", StatusCode::FORBIDDEN),
        ("/note", StatusCode::OK),
    ] {
        let page = browser
            .send(&site, Method::POST, path, &elsewhere, "a=b")
            .await;
        assert_eq!(page.status, status, "{path}");
        assert_eq!(page.header("set-cookie"), "", "{path}");
        assert_eq!(browser.session(), Some(&*before), "{path}");
    }
    // Nor does an old browser, which says nothing, lose a cookie that it has not sent.
    let page = Browser::new()
        .send(&site, Method::POST, "/logout", &[], "a=b")
        .await;
    assert_eq!(page.header("set-cookie"), "");
    assert_eq!(browser.open(&site, "/profile").await.text, GRACE);
}
