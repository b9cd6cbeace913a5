//! Logging in.

use crate::chromium::{Browser, View};
use crate::site::{RECENT, Site};

tests! {
    a_person_logs_in_and_comes_back_to_the_page,
    a_wrong_password_lets_nobody_in,
    two_tabs_do_not_break_each_other,
    a_login_without_its_cookies_fails_with_words,
    a_step_up_leads_through_okta_and_back,
    twenty_requests_renew_the_token_once,
}

const MINUTE: u64 = 60;

/// Sends 20 requests at once, and gives what was answered.
const FETCH: &str = "
    const done = arguments[arguments.length - 1];
    const ask = () => fetch('/token').then((response) => response.text());
    Promise.all(Array.from({ length: 20 }, ask)).then(done, (error) => done([`${error}`]));
";

async fn a_person_logs_in_and_comes_back_to_the_page() {
    let site = Site::start().await;
    let browser = Browser::open(View::DESKTOP).await;
    browser.visit(&site.url("/profile?tab=2#address")).await;
    site.sign_in(&browser, site.org.password()).await;
    browser.arrive("Profile").await;
    let url = browser.current_url().await.unwrap();
    assert_eq!((url.path(), url.query()), ("/profile", Some("tab=2")));
    assert!(browser.said().await.contains("grace@example.com"));
    // Scripts see no cookie.
    let cookies = browser.execute("return document.cookie", vec![]).await;
    assert_eq!(cookies.unwrap(), "");
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:?}");
}

async fn a_wrong_password_lets_nobody_in() {
    let site = Site::start().await;
    let browser = Browser::open(View::PHONE).await;
    browser.visit(&site.url("/profile")).await;
    site.sign_in(&browser, "wrong").await;
    browser.until_said("Unable to sign in").await;
    assert_eq!(site.token_requests(), 0);
    // The login has not ended by this.
    site.sign_in(&browser, site.org.password()).await;
    browser.arrive("Profile").await;
}

async fn two_tabs_do_not_break_each_other() {
    let site = Site::start().await;
    let browser = Browser::open(View::DESKTOP).await;
    let first = browser.window().await.unwrap();
    browser.visit(&site.url("/profile?tab=1")).await;
    browser.arrive("Sign in").await;
    let second = browser.new_window(true).await.unwrap().handle;
    browser.switch_to_window(second.clone()).await.unwrap();
    browser.visit(&site.url("/profile?tab=2")).await;
    browser.arrive("Sign in").await;
    for (tab, query) in [(first, "tab=1"), (second, "tab=2")] {
        browser.switch_to_window(tab).await.unwrap();
        site.sign_in(&browser, site.org.password()).await;
        browser.arrive("Profile").await;
        let url = browser.current_url().await.unwrap();
        assert_eq!(url.query(), Some(query));
    }
}

async fn a_login_without_its_cookies_fails_with_words() {
    let site = Site::start().await;
    let browser = Browser::open(View::DESKTOP).await;
    let login = browser.window().await.unwrap();
    browser.visit(&site.url("/profile")).await;
    browser.arrive("Sign in").await;
    let other = browser.new_window(true).await.unwrap().handle;
    browser.switch_to_window(other).await.unwrap();
    browser.visit(&site.url("/")).await;
    browser.arrive("Nobody").await;
    browser.delete_all_cookies().await.unwrap();

    browser.switch_to_window(login).await.unwrap();
    site.sign_in(&browser, site.org.password()).await;
    let words = "This login did not begin in this browser, or took too long.";
    browser.arrive(words).await;
    assert_eq!(site.token_requests(), 0);
    // Okta knows the person by now: the next login needs no password.
    browser
        .named("To the first page")
        .await
        .click()
        .await
        .unwrap();
    browser.named("Log in").await.click().await.unwrap();
    browser.arrive("Hello, Grace Hopper").await;

    browser.delete_all_cookies().await.unwrap();
    browser.refresh().await.unwrap();
    browser.arrive("Nobody").await;
}

async fn a_step_up_leads_through_okta_and_back() {
    let site = Site::start().await;
    let browser = Browser::open(View::DESKTOP).await;
    site.log_in(&browser).await;
    browser.visit(&site.url("/recent")).await;
    browser.arrive("Recent").await;
    site.advance(RECENT + 1);
    browser.visit(&site.url("/recent?amount=5")).await;
    site.sign_in(&browser, site.org.password()).await;
    browser.arrive("Recent").await;
    let url = browser.current_url().await.unwrap();
    assert_eq!(url.query(), Some("amount=5"));
}

async fn twenty_requests_renew_the_token_once() {
    let site = Site::start().await;
    let browser = Browser::open(View::DESKTOP).await;
    site.log_in(&browser).await;
    assert_eq!(site.token_requests(), 1);
    // The session is used before it is idle for too long, and the token ends.
    site.advance(55 * MINUTE);
    browser.refresh().await.unwrap();
    browser.arrive("Hello, Grace Hopper").await;
    site.advance(6 * MINUTE);
    let answers = browser.execute_async(FETCH, vec![]).await.unwrap();
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), 20);
    assert!(answers.iter().all(|text| text == "renewed"), "{answers:?}");
    assert_eq!(site.token_requests(), 2);
}
