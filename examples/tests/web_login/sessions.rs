//! The list of a user's sessions.

use reqwest::StatusCode;

use crate::shop::{ALAN, GRACE, Shop};
use crate::support::browser::{Browser, Page};

const END: &str = "/sessions/end";

/// The handles of the sessions that the page can end.
fn handles(page: &Page) -> Vec<&str> {
    let parts = page.text.split("name=\"handle\" value=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_sees_and_ends_the_session_of_another_browser() {
    let shop = Shop::start(&[]).await;
    let mut laptop = Browser::called("Laptop <b>1</b>");
    let mut phone = Browser::called(&"Phone ".repeat(100));
    shop.log_in_at(&mut laptop, "profile", GRACE).await;
    shop.log_in_at(&mut phone, "profile", GRACE).await;

    let page = shop.open(&mut laptop, "sessions").await;
    assert!(page.text.contains("Laptop &#60;b&#62;1"), "{page:?}");
    assert!(!page.text.contains("<b>1"), "escaped: {page:?}");
    let shortened = format!("<p class=\"browser\">{}…", "Phone ".repeat(10));
    assert!(page.text.contains(&shortened), "{page:?}");
    assert_eq!(page.text.matches("this browser").count(), 1, "{page:?}");
    let [handle] = handles(&page)[..] else {
        panic!("one other session: {page:?}");
    };

    // Without the token of the forms nothing ends.
    let form = page.url.join(END).unwrap();
    let refused = laptop.post(form.as_str(), &[("handle", handle)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let still = shop.open(&mut phone, "").await;
    assert!(still.text.contains("Hello, Grace Hopper"), "{still:?}");

    let fields = [("handle", handle)];
    let ended = shop.send(&mut laptop, &page, END, &fields).await;
    assert_eq!(ended.url.path(), "/sessions");
    assert!(handles(&ended).is_empty(), "{ended:?}");
    assert!(!ended.text.contains("End all others"), "{ended:?}");
    let gone = shop.open(&mut phone, "").await;
    assert!(gone.text.contains("Nobody is logged in"), "{gone:?}");
    let here = shop.open(&mut laptop, "").await;
    assert!(here.text.contains("Hello, Grace Hopper"), "{here:?}");
    // A form that comes late does no harm.
    let late = shop.send(&mut laptop, &page, END, &fields).await;
    assert_eq!(late.status, StatusCode::OK);
    let empty = shop.send(&mut laptop, &page, END, &[]).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_have_the_names_that_people_know() {
    let shop = Shop::start(&[]).await;
    for (agent, name) in [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/140.0.0.0 Safari/537.36",
            "Chrome on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
             (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows 10",
        ),
    ] {
        let mut browser = Browser::called(agent);
        let page = shop.log_in_at(&mut browser, "sessions", ALAN).await;
        assert!(page.text.contains(name), "{name}: {page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_ends_all_other_sessions_at_a_time_and_nobody_else_s() {
    let shop = Shop::start(&[]).await;
    let mut browsers = [Browser::new(), Browser::new(), Browser::new()];
    for browser in &mut browsers {
        shop.log_in_at(browser, "profile", GRACE).await;
    }
    let mut alan = Browser::new();
    shop.log_in_at(&mut alan, "profile", ALAN).await;

    // Alan has seen a handle of Grace's: it is good for her alone.
    let [first, second, third] = &mut browsers;
    let page = shop.open(first, "sessions").await;
    let handles = handles(&page);
    assert_eq!(handles.len(), 2, "{page:?}");
    let of_alan = shop.open(&mut alan, "sessions").await;
    let fields = [("handle", handles[0])];
    shop.send(&mut alan, &of_alan, END, &fields).await;
    for browser in [&mut *second, &mut *third] {
        let page = shop.open(browser, "").await;
        assert!(page.text.contains("Hello, Grace Hopper"), "{page:?}");
    }

    // Okta would log her in again without a word: only the cookie says that this session is the
    // one from before.
    let before = shop.session(first).map(str::to_owned);
    shop.send(first, &page, "/sessions/end-others", &[]).await;
    assert_eq!(shop.session(first), before.as_deref());
    for browser in [second, third] {
        let page = shop.open(browser, "").await;
        assert!(page.text.contains("Nobody is logged in"), "{page:?}");
    }
    let page = shop.open(first, "").await;
    assert!(page.text.contains("Hello, Grace Hopper"), "{page:?}");
    let page = shop.open(&mut alan, "").await;
    assert!(page.text.contains("Hello, Alan Turing"), "{page:?}");
}
