//! How sessions end.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use http::StatusCode;
use tokio::net::TcpListener;

use crate::chromium::{Browser, View};
use crate::site::Site;

tests! {
    after_a_logout_the_back_button_shows_nothing,
    a_logout_everywhere_ends_the_other_browser,
    okta_ends_the_session_over_the_back_channel,
    another_sites_form_logs_nobody_out,
}

async fn after_a_logout_the_back_button_shows_nothing() {
    let site = Site::start().await;
    let browser = Browser::open(View::DESKTOP).await;
    site.log_in(&browser).await;
    browser.visit(&site.url("/profile")).await;
    browser.arrive("Profile").await;
    browser.visit(&site.url("/")).await;
    browser.named("Log out").await.click().await.unwrap();
    browser.arrive("Nobody").await;
    // Back to the page with the name, and to the profile before it. Okta's session has ended, too.
    browser.back().await.unwrap();
    browser.arrive("Nobody").await;
    browser.back().await.unwrap();
    browser.arrive("Sign in").await;
}

async fn a_logout_everywhere_ends_the_other_browser() {
    let site = Site::start().await;
    let laptop = Browser::open(View::DESKTOP).await;
    site.log_in(&laptop).await;
    let phone = Browser::open(View::PHONE).await;
    site.log_in(&phone).await;
    phone
        .named("Log out everywhere")
        .await
        .click()
        .await
        .unwrap();
    phone.arrive("Nobody").await;
    laptop.refresh().await.unwrap();
    laptop.arrive("Nobody").await;
}

async fn okta_ends_the_session_over_the_back_channel() {
    let site = Site::start().await;
    let browser = Browser::open(View::DESKTOP).await;
    site.log_in(&browser).await;
    assert_eq!(site.tell_of_logout().await, StatusCode::OK);
    browser.refresh().await.unwrap();
    browser.arrive("Nobody").await;
}

async fn another_sites_form_logs_nobody_out() {
    let site = Site::start().await;
    let target = site.url("/logout");
    let form = format!(
        "<!doctype html><link rel=icon href='data:,'><main><h1>Win a prize</h1>\
         <form method=post action='{target}'><button>Yes</button></form></main>"
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let evil = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", get(async move || Html(form)));
    tokio::spawn(async move { axum::serve(listener, router).await });

    let browser = Browser::open(View::DESKTOP).await;
    site.log_in(&browser).await;
    browser.visit(&evil).await;
    browser.named("Yes").await.click().await.unwrap();
    browser
        .arrive("Another site sent this request, so it was refused.")
        .await;
    browser.visit(&site.url("/")).await;
    browser.arrive("Hello, Grace Hopper").await;
}
