//! A person visits the app, and logs in and out at the provider's own pages.

use http::StatusCode;
use http::header::LOCATION;
use reqwest::Url;

use crate::browser::Browser;
use crate::client::Client;
use crate::site::Site;

tests! {
    oidc_provider_logs_a_user_in_and_out_of_the_app,
    oidc_provider_renews_the_token_of_a_session,
    oidc_provider_ends_the_session_behind_the_browser,
}

/// Opens a page of the app that is for users, logs in at the provider, and is back at the page.
async fn log_in(site: &Site, person: &mut Browser) -> Client {
    let mut client = Client::new();
    let page = client.http.get(site.url("/profile"));
    let login = client.location(page.header("accept", "text/html")).await;
    assert_eq!(login, "/login?return_to=%2Fprofile");
    let provider = client.location(client.http.get(site.url(&login))).await;
    let callback = person.agree(&url(&provider)).await.left();
    assert!(callback.as_str().starts_with(&site.origin), "{callback}");
    let callback = client.http.get(callback);
    assert_eq!(client.location(callback).await, "/profile");
    client
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

async fn read(site: &Site, client: &mut Client, path: &str) -> String {
    let page = client.open(&site.url(path)).await;
    let status = page.status();
    let text = page.text().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

async fn oidc_provider_logs_a_user_in_and_out_of_the_app() {
    let site = Site::start().await;
    let mut person = Browser::of("isaac");
    let mut client = log_in(&site, &mut person).await;
    assert_eq!(
        read(&site, &mut client, "/profile").await,
        "isaac Isaac Brock isaac@example.com"
    );

    let logout = client.http.post(site.url("/logout"));
    let logout = client.location(logout.header("origin", &site.origin)).await;
    assert!(site.vault.is_empty());
    let back = person.agree(&url(&logout)).await.left();
    assert!(
        back.as_str().starts_with(&site.url("/signed-out?state=")),
        "{back}"
    );
    assert_eq!(client.location(client.http.get(back)).await, "/");
    assert!(client.cookies.is_empty(), "{:?}", client.cookies);
}

async fn oidc_provider_renews_the_token_of_a_session() {
    let site = Site::start().await;
    let mut client = log_in(&site, &mut Browser::of("isaac")).await;
    let first = read(&site, &mut client, "/token").await;
    assert_eq!(read(&site, &mut client, "/token").await, first);
    // Tokens are good for five minutes there; a refresh token is good once.
    let mut tokens = vec![first];
    for _ in 0..2 {
        site.advance(290);
        tokens.push(read(&site, &mut client, "/token").await);
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 3);
    read(&site, &mut client, "/profile").await;
}

async fn oidc_provider_ends_the_session_behind_the_browser() {
    let site = Site::start().await;
    let (mut person, mut stranger) = (Browser::of("isaac"), Browser::of("modest"));
    let mut client = log_in(&site, &mut person).await;
    let mut other = log_in(&site, &mut stranger).await;
    // At the provider's own page, without the app.
    person.agree(&site.provider.url("v1/logout")).await.page();
    let page = client.open(&site.url("/profile")).await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    assert_eq!(page.headers()[LOCATION], "/login?return_to=%2Fprofile");
    read(&site, &mut other, "/profile").await;
    assert_eq!(site.vault.len(), 1);
}
