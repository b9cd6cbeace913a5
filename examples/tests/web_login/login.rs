//! Login, profile, groups, logout, and what is refused.

use reqwest::StatusCode;

use crate::shop::{ALAN, GRACE, Shop};
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_protected_until_the_user_has_logged_in() {
    let (shop, mut browser) = (Shop::start(&["--scope", "groups"]).await, Browser::new());
    let page = shop.open(&mut browser, "").await;
    assert!(page.text.contains("Nobody is logged in"), "{page:?}");
    assert_eq!(shop.session(&browser), None, "nothing is kept of visitors");

    let page = shop.open(&mut browser, "profile").await;
    let org = shop.org.org_url();
    assert!(page.url.as_str().starts_with(org), "{page:?}");
    let page = shop.log_in(&mut browser, &page, GRACE).await;
    assert_eq!(page.url.path(), "/profile", "{page:?}");
    for shown in ["Grace Hopper", GRACE, "Engineering"] {
        assert!(page.text.contains(shown), "{shown} in {page:?}");
    }
    let page = shop.open(&mut browser, "").await;
    assert!(page.text.contains("Hello, Grace Hopper"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_login_leads_back_to_the_page_that_was_asked_for() {
    let (shop, mut browser) = (Shop::start(&[]).await, Browser::new());
    let page = shop.log_in_at(&mut browser, "profile?tab=2", GRACE).await;
    let back = (page.url.path(), page.url.query());
    assert_eq!(back, ("/profile", Some("tab=2")));

    // And to no other site.
    let mut browser = Browser::new();
    let path = "login?return_to=https%3A%2F%2Fevil.example%2F";
    let page = shop.log_in_at(&mut browser, path, GRACE).await;
    assert_eq!(page.url.path(), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_opens_the_page_of_administrators() {
    let arguments = ["--scope", "groups", "--admin-group", "Support"];
    let shop = Shop::start(&arguments).await;
    let mut browser = Browser::new();
    let page = shop.log_in_at(&mut browser, "administrators", ALAN).await;
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    assert!(page.text.contains(&shop.org.issuer()), "{page:?}");

    let mut browser = Browser::new();
    let page = shop.log_in_at(&mut browser, "administrators", GRACE).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{page:?}");
    let words = "for members of the group Support";
    assert!(page.text.contains(words), "{page:?}");
    assert!(!page.text.contains(&shop.org.issuer()), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_logout_is_the_shop_s_own_form_alone() {
    let (shop, mut browser) = (Shop::start(&[]).await, Browser::new());
    let page = shop.log_in_at(&mut browser, "profile", GRACE).await;
    let opened = shop.open(&mut browser, "logout").await;
    assert_eq!(opened.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(opened.text.contains("Not a page to open"), "{opened:?}");
    let refused = browser.submit(&page, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("Another site sent"), "{refused:?}");
    let home = shop.open(&mut browser, "").await;
    assert!(home.text.contains("Hello, Grace Hopper"), "{home:?}");

    let page = shop.send(&mut browser, &page, "/logout", &[]).await;
    assert!(page.text.contains("Nobody is logged in"), "{page:?}");
    // Okta's session has ended, too: it asks for the password again.
    let page = shop.open(&mut browser, "profile").await;
    assert!(page.text.contains("Password"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_this_browser_did_not_ask_for_is_an_error_page_and_harms_nothing() {
    let (shop, mut browser) = (Shop::start(&[]).await, Browser::new());
    let login = shop.open(&mut browser, "login").await;
    let page = shop
        .open(&mut browser, "callback?code=stolen&state=guessed")
        .await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    for shown in [
        "did not begin in this browser",
        "give this id: <code>",
        "/style.css",
        "aria-label=\"Main\"",
    ] {
        assert!(page.text.contains(shown), "{shown} in {page:?}");
    }
    for taken_over in ["stolen", "guessed"] {
        assert!(!page.text.contains(taken_over), "{page:?}");
    }
    shop.log_in(&mut browser, &login, GRACE).await;
    let page = shop.open(&mut browser, "").await;
    assert!(page.text.contains("Hello, Grace Hopper"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_missing_says_so() {
    let (shop, mut browser) = (Shop::start(&[]).await, Browser::new());
    let page = shop.open(&mut browser, "nothing").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    for shown in ["There is no page at this address", "/style.css", "Log in"] {
        assert!(page.text.contains(shown), "{shown} in {page:?}");
    }
}
