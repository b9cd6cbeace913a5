//! `web_login` as someone starts it who has set up nothing.

use crate::chromium::{Browser, ENTER, TAB, View};
use crate::inspection::check;
use crate::support::Running;

tests! {
    the_shop_on_a_desk,
    the_shop_on_a_desk_by_night,
    the_shop_on_a_phone,
    the_shop_on_a_phone_by_night,
    the_shop_by_keyboard_without_scripts,
}

const WEB_LOGIN: &str = env!("CARGO_BIN_EXE_web_login");
const GRACE: &str = "grace@example.com";
/// That of all sample users.
const PASSWORD: &str = "Emulated-Okta-1";

/// The pages of a user, their headings, and what their pictures are called.
const PAGES: [(&str, &str, &str); 8] = [
    ("", "Hello, Grace Hopper", "home"),
    ("profile", "Your profile", "profile"),
    ("orders", "Your orders", "orders"),
    ("payout", "Payout account", "payout"),
    ("sessions", "Your sessions", "sessions"),
    ("administrators", "Administrators", "administrators"),
    ("nothing", "Page not found", "missing"),
    (
        "callback?code=stolen&state=guessed",
        "This did not work",
        "error",
    ),
];

/// Starts the program, and gives where it is.
async fn start() -> (Running, String) {
    let mut program = Running::start_with(WEB_LOGIN, &["--port", "0"], &[]);
    let line = program.line().await;
    let home = line.strip_prefix("Open ").unwrap().to_owned();
    (program, home)
}

/// Fills in Okta's login page.
async fn log_in(browser: &Browser) {
    browser.arrive("Sign in").await;
    browser.fill(GRACE).await;
    browser.press(TAB).await;
    browser.until_focus_at("password").await;
    browser.fill(PASSWORD).await;
    browser.press(ENTER).await;
}

async fn the_shop_on_a_desk() {
    look("desk", View::DESKTOP).await;
}

async fn the_shop_on_a_desk_by_night() {
    look("desk-night", View::DESKTOP.dark()).await;
}

async fn the_shop_on_a_phone() {
    look("phone", View::PHONE).await;
}

async fn the_shop_on_a_phone_by_night() {
    look("phone-night", View::PHONE.dark()).await;
}

async fn look(view_name: &str, view: View) {
    let (_program, home) = start().await;
    let browser = Browser::open(view).await;
    browser.visit(&home).await;
    browser.arrive("Welcome").await;
    let mut wrong = check(&browser, &format!("shop-{view_name}-visitor")).await;
    browser.visit(&format!("{home}profile")).await;
    log_in(&browser).await;
    browser.arrive("Your profile").await;
    for (path, heading, name) in PAGES {
        browser.visit(&format!("{home}{path}")).await;
        browser.arrive(heading).await;
        wrong.extend(check(&browser, &format!("shop-{view_name}-{name}")).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn the_shop_by_keyboard_without_scripts() {
    let (_program, home) = start().await;
    let browser = Browser::open(View::PHONE.without_scripts()).await;
    browser.visit(&format!("{home}orders")).await;
    log_in(&browser).await;
    browser.arrive("Your orders").await;
    // The first thing by keyboard is the way past the navigation.
    browser.press(TAB).await;
    let first = browser.active_element().await.unwrap();
    assert_eq!(first.attr("href").await.unwrap().as_deref(), Some("#main"));
    browser.press(ENTER).await;
    let url = browser.current_url().await.unwrap();
    assert_eq!(url.fragment(), Some("main"));
    browser
        .named("Log out")
        .await
        .send_keys(ENTER)
        .await
        .unwrap();
    browser.arrive("Welcome").await;
}
