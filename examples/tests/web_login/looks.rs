//! What every page has for those who read it by keyboard, by ear, on a phone, or without scripts.

use reqwest::header::CONTENT_SECURITY_POLICY;

use crate::shop::{ALAN, Shop};
use crate::support::browser::{Browser, Page};

fn check(page: &Page) {
    let count = |text: &str| page.text.matches(text).count();
    for once in [
        "<html lang=\"en\">",
        "<h1>",
        "<main id=\"main\"",
        "<nav aria-label=\"Main\">",
        "<a class=\"skip\" href=\"#main\">",
        "name=\"viewport\"",
    ] {
        assert_eq!(count(once), 1, "{once} in {page:?}");
    }
    for never in ["<script", "style=", "<style", " onclick", "javascript:"] {
        assert_eq!(count(never), 0, "{never} in {page:?}");
    }
    // All fields have labels.
    for field in page.text.split("<input id=\"").skip(1) {
        let (id, _) = field.split_once('"').unwrap();
        assert_eq!(count(&format!("<label for=\"{id}\">")), 1, "{page:?}");
    }
    let forms = count("method=\"post\"");
    assert_eq!(count("name=\"csrf_token\""), forms, "{page:?}");
    let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    for part in ["default-src 'none'", "style-src 'self'", "frame-ancestors"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_whole() {
    let (shop, mut browser) = (Shop::demo(&[]).await, Browser::new());
    for path in ["", "nothing", "logout", "callback"] {
        check(&shop.open(&mut browser, path).await);
    }
    check(&shop.log_in_at(&mut browser, "profile", ALAN).await);
    let mut titles = Vec::new();
    for path in [
        "",
        "profile",
        "orders",
        "payout",
        "sessions",
        "administrators",
    ] {
        let page = shop.open(&mut browser, path).await;
        check(&page);
        // The navigation says where the user is.
        let here = format!("<a href=\"/{path}\" aria-current=\"page\">");
        assert!(page.text.contains(&here), "{page:?}");
        let (_, rest) = page.text.split_once("<title>").unwrap();
        titles.push(rest.split("</title>").next().unwrap().to_owned());
    }
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 6, "{titles:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stylesheet_is_a_file_of_its_own() {
    let (shop, mut browser) = (Shop::start(&[]).await, Browser::new());
    let page = shop.open(&mut browser, "style.css").await;
    let kind = page.headers["content-type"].to_str().unwrap();
    assert_eq!(kind, "text/css; charset=utf-8");
    for needed in ["color-scheme: light dark", ":focus-visible", "@media"] {
        assert!(page.text.contains(needed), "{needed}");
    }
}
