//! Logging out: in the browser, and behind it.

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use okta_auth::oauth::{Callback, Prompt};
use okta_auth::{Verifier, VerifyError};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use url::{Url, form_urlencoded};

use crate::browser::Browser;
use crate::clients::{self, LOGGED_OUT_URI};
use crate::login::log_in;
use crate::provider::Provider;

tests! {
    oidc_provider_logs_out_by_our_url_and_sends_the_browser_back,
    oidc_provider_tells_us_behind_the_browser_that_a_session_is_over,
}

async fn oidc_provider_logs_out_by_our_url_and_sends_the_browser_back() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let mut browser = Browser::of("isaac");
    let tokens = log_in(&client, &mut browser, client.login()).await;
    // The session is there: no page need be shown.
    let again = client.login().prompt(Prompt::None);
    log_in(&client, &mut browser, again).await;

    let id_token = tokens.id_token.as_ref().unwrap();
    let url = client
        .logout_url(id_token)
        .post_logout_redirect_uri(LOGGED_OUT_URI)
        .state("see you");
    let left = browser.agree(&url.build().await.unwrap()).await.left();
    let expected = Url::parse_with_params(LOGGED_OUT_URI, [("state", "see you")]);
    assert_eq!(left, expected.unwrap());

    let login = client.login().prompt(Prompt::None).start().await.unwrap();
    let left = browser.agree(&login.url().parse().unwrap()).await.left();
    let callback = Callback::parse(left.as_str()).unwrap();
    assert_eq!(callback.error(), Some("login_required"));
}

/// An application's endpoint for logout tokens, and those that it gets.
async fn logout_endpoint() -> (Url, mpsc::UnboundedReceiver<String>) {
    let (tell, told) = mpsc::unbounded_channel();
    let take = move |body: Bytes| async move {
        let mut members = form_urlencoded::parse(&body);
        let (_, token) = members.find(|(name, _)| name == "logout_token").unwrap();
        tell.send(token.into_owned()).unwrap();
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/logged-out", listener.local_addr().unwrap());
    let router = Router::new().route("/logged-out", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url.parse().unwrap(), told)
}

async fn oidc_provider_tells_us_behind_the_browser_that_a_session_is_over() {
    let (url, mut told) = logout_endpoint().await;
    let configuration = clients::configuration_with(
        "web",
        json!({"backchannel_logout_uri": url, "backchannel_logout_session_required": true}),
    );
    let provider = Provider::start(&configuration);
    let client = provider.client("web").build().unwrap();
    let mut browser = Browser::of("isaac");
    let tokens = log_in(&client, &mut browser, client.login()).await;
    let id_token = tokens.id_token.as_ref().unwrap();
    let url = client.logout_url(id_token).build().await.unwrap();
    browser.agree(&url).await.page();

    let token = told.recv().await.unwrap();
    let verifier = |client_id: &str| {
        let builder = Verifier::builder(provider.issuer()).client_id(client_id);
        builder.build().unwrap()
    };
    let claims = verifier("web").verify_logout_token(&token).await.unwrap();
    assert_eq!(claims.subject.as_deref(), Some("isaac"));
    assert!(claims.session_id.is_some());
    assert_eq!(claims.session_id, id_token.claims().unwrap().session_id);

    let error = verifier("spa")
        .verify_logout_token(&token)
        .await
        .unwrap_err();
    assert!(matches!(error, VerifyError::Audience { .. }), "{error}");
}
