//! What visitors of the demo see of their login.

use crate::shop::{ALAN, GRACE, Shop};
use crate::support::browser::{Browser, Page};

/// The steps that the page lists.
fn steps(page: &Page) -> Vec<&str> {
    let parts = page.text.split("<h3>").skip(1);
    parts
        .map(|part| part.split(" <span").next().unwrap())
        .collect()
}

const LOGIN: [&str; 5] = [
    "Browser sent to Okta to log in",
    "Browser came back",
    "Code exchanged for tokens",
    "ID token verified",
    "Session begun",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_steps_of_a_browser_s_login_are_shown_to_it_alone_and_masked() {
    let (shop, mut browser) = (Shop::demo(&[]).await, Browser::new());
    let page = shop.open(&mut browser, "").await;
    assert!(page.text.contains("0 so far"), "{page:?}");
    let page = shop.log_in_at(&mut browser, "profile", GRACE).await;
    assert_eq!(steps(&page), LOGIN, "{page:?}");
    assert!(
        page.text.contains("openid profile email groups"),
        "{page:?}"
    );
    let session = shop.session(&browser).unwrap();
    assert!(!page.text.contains(session), "masked: {page:?}");

    // A link to the callback begins nothing.
    let mut other = Browser::new();
    shop.open(&mut other, "callback?code=a&state=b").await;
    let page = shop.open(&mut other, "").await;
    assert!(steps(&page).is_empty(), "{page:?}");

    let page = shop.open(&mut browser, "").await;
    let page = shop.send(&mut browser, &page, "/logout", &[]).await;
    let ended = [
        "Session ended",
        "Browser sent to Okta to log out",
        "Back from Okta&#39;s logout",
    ];
    assert_eq!(steps(&page), [&LOGIN[..], &ended].concat(), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_renewed_is_a_step() {
    // Each call finds a token that is about to end.
    let shop = Shop::demo(&["--access-token-life", "30"]).await;
    let mut browser = Browser::new();
    shop.log_in_at(&mut browser, "orders", GRACE).await;
    shop.open(&mut browser, "orders").await;
    let page = shop.open(&mut browser, "").await;
    let called = "API called in the user&#39;s name";
    let after = [called, "Access token renewed", called];
    assert_eq!(steps(&page), [&LOGIN[..], &after].concat(), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_has_an_administrator_and_a_user_who_is_none() {
    let shop = Shop::demo(&[]).await;
    let mut grace = Browser::new();
    let page = shop.log_in_at(&mut grace, "administrators", GRACE).await;
    assert!(page.status.is_success(), "{page:?}");
    let page = shop.open(&mut grace, "profile").await;
    assert!(page.text.contains("<li>Administrators</li>"), "{page:?}");
    let mut alan = Browser::new();
    let page = shop.log_in_at(&mut alan, "administrators", ALAN).await;
    assert_eq!(page.status.as_u16(), 403, "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_of_one_s_own_shows_no_steps() {
    let (shop, mut browser) = (Shop::start(&[]).await, Browser::new());
    let page = shop.log_in_at(&mut browser, "profile", GRACE).await;
    assert!(!page.text.contains("What happened"), "{page:?}");
}
