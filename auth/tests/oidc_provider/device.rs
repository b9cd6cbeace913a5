//! Logging in at a device that has no browser.

use okta_auth::oauth::{DeviceLogin, OAuthClient, Poll, Tokens};

use crate::browser::Browser;
use crate::provider::Provider;

tests! {
    oidc_provider_logs_in_a_device_once_its_user_agrees_elsewhere,
    oidc_provider_takes_the_code_that_the_user_types,
    oidc_provider_tells_a_device_that_its_user_refused,
}

async fn pending(login: &mut DeviceLogin) {
    let poll = login.poll().await.unwrap();
    assert!(matches!(poll, Poll::Pending { .. }), "{poll:?}");
}

async fn ready(login: &mut DeviceLogin) -> Tokens {
    match login.poll().await.unwrap() {
        Poll::Ready(tokens) => *tokens,
        Poll::Pending { .. } => panic!("the user has agreed"),
    }
}

async fn begin(client: &OAuthClient) -> DeviceLogin {
    let device = client.device().scopes(["openid", "profile"]);
    device.start().await.unwrap()
}

async fn oidc_provider_logs_in_a_device_once_its_user_agrees_elsewhere() {
    let provider = Provider::shared();
    for client_id in ["spa", "web"] {
        let client = provider.client(client_id).build().unwrap();
        let mut login = begin(&client).await;
        assert_eq!(login.verification_uri, provider.url("activate").as_str());
        // It says nothing of an interval, which makes 5 seconds.
        assert_eq!(login.interval().as_secs(), 5);
        pending(&mut login).await;

        let with_code = login.verification_uri_complete.clone().unwrap();
        let page = Browser::of("isaac")
            .agree(&with_code.parse().unwrap())
            .await;
        assert!(page.page().contains("Success"));
        let tokens = ready(&mut login).await;
        assert_eq!(tokens.id_token.unwrap().claims().unwrap().subject, "isaac");

        let error = login.poll().await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"), "{error}");
    }
}

async fn oidc_provider_takes_the_code_that_the_user_types() {
    let provider = Provider::shared();
    let client = provider.client("spa").build().unwrap();
    let mut login = begin(&client).await;
    let mut browser = Browser::of("modest").with_user_code(&login.user_code);
    browser
        .agree(&login.verification_uri.parse().unwrap())
        .await
        .page();
    let tokens = ready(&mut login).await;
    assert_eq!(tokens.id_token.unwrap().claims().unwrap().subject, "modest");
}

async fn oidc_provider_tells_a_device_that_its_user_refused() {
    let provider = Provider::shared();
    let client = provider.client("spa").build().unwrap();
    let mut login = begin(&client).await;
    let with_code = login.verification_uri_complete.clone().unwrap();
    let mut browser = Browser::of("isaac").who_refuses();
    browser.agree(&with_code.parse().unwrap()).await.page();
    let error = login.poll().await.unwrap_err();
    assert_eq!(error.code(), Some("access_denied"), "{error}");
}
