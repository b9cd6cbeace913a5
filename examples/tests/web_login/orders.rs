//! The API behind the orders.

use reqwest::StatusCode;

use crate::shop::{ALAN, GRACE, Shop};
use crate::support::browser::Browser;

const LAMP: [(&str, &str); 2] = [("item", "Pencil"), ("quantity", "7")];

#[tokio::test(flavor = "multi_thread")]
async fn the_api_gives_what_the_scope_allows_and_its_refusal_is_put_in_words() {
    let (shop, mut browser) = (Shop::demo(&[]).await, Browser::new());
    let page = shop.log_in_at(&mut browser, "orders", GRACE).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("<td>Desk lamp</td>"), "{page:?}");

    let refused = shop.send(&mut browser, &page, "/orders", &LAMP).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.text.contains("it takes the scope orders:write"),
        "{refused:?}"
    );
    let page = shop.open(&mut browser, "orders").await;
    assert!(!page.text.contains("<td>Pencil</td>"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_added_with_the_scope_for_it_for_this_user_alone() {
    let arguments = ["--scope", "orders:read", "--scope", "orders:write"];
    let (shop, mut browser) = (Shop::demo(&arguments).await, Browser::new());
    let page = shop.log_in_at(&mut browser, "orders", GRACE).await;
    let added = shop.send(&mut browser, &page, "/orders", &LAMP).await;
    assert_eq!(added.url.path(), "/orders");
    assert!(added.text.contains("<td>Pencil</td>"), "{added:?}");
    assert!(added.text.contains("<td>Desk lamp</td>"), "{added:?}");

    let none = [("item", "Pencil"), ("quantity", "0")];
    let refused = shop.send(&mut browser, &page, "/orders", &none).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("and a quantity"), "{refused:?}");
    let half = [("item", "Pencil")];
    let refused = shop.send(&mut browser, &page, "/orders", &half).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("not complete"), "{refused:?}");

    let mut browser = Browser::new();
    let page = shop.log_in_at(&mut browser, "orders", ALAN).await;
    assert!(!page.text.contains("<td>Pencil</td>"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_without_the_scope_is_told_which_one_is_missing() {
    let (shop, mut browser) = (Shop::start(&[]).await, Browser::new());
    let page = shop.log_in_at(&mut browser, "orders", GRACE).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.text.contains("it takes the scope orders:read"),
        "{page:?}"
    );
    assert!(!page.text.contains("Desk lamp"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_another_api_is_refused_in_words() {
    let arguments = ["--scope", "api:read", "--audience", "api://other"];
    let (shop, mut browser) = (Shop::start(&arguments).await, Browser::new());
    let page = shop.log_in_at(&mut browser, "orders", GRACE).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.text.contains("The API refused this: "), "{page:?}");
}
