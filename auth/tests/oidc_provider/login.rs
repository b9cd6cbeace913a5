//! Logging in with a browser: authorization code with PKCE.

use std::time::Duration;

use okta_auth::jose::Algorithm;
use okta_auth::oauth::{
    Callback, ClientAuthentication, Login, LoginBuilder, OAuthClient, Prompt, Tokens,
};
use serde_json::{Value, json};
use url::Url;

use crate::browser::Browser;
use crate::clients::REDIRECT_URI;
use crate::provider::Provider;

tests! {
    oidc_provider_login_ends_with_a_verified_id_token,
    oidc_provider_login_with_es256_is_accepted_where_it_is_allowed,
    oidc_provider_takes_the_parameters_of_a_login_ahead,
    oidc_provider_refuses_parameters_sent_ahead_with_a_wrong_secret,
    oidc_provider_callback_is_good_for_its_own_login_alone,
    oidc_provider_refuses_a_code_with_another_pkce_verifier,
    oidc_provider_id_token_of_another_nonce_is_refused,
    oidc_provider_refuses_a_wrong_client_secret,
    oidc_provider_says_that_nobody_is_logged_in_where_no_page_may_be_shown,
    oidc_provider_login_for_an_api_gives_an_access_token_for_it,
}

/// Logs `browser`'s person in.
pub async fn log_in(
    client: &OAuthClient,
    browser: &mut Browser,
    login: LoginBuilder<'_>,
) -> Tokens {
    let login = login.start().await.unwrap();
    let callback = come_back(browser, &login).await;
    client.exchange_code(&login, &callback).await.unwrap()
}

/// A login with a refresh token, which the provider gives only to those who ask for consent.
pub fn offline(client: &OAuthClient) -> LoginBuilder<'_> {
    let scopes = ["openid", "profile", "email", "offline_access"];
    client.login().scopes(scopes).prompt(Prompt::Consent)
}

async fn come_back(browser: &mut Browser, login: &Login) -> Callback {
    let url = browser.agree(&login.url().parse().unwrap()).await.left();
    assert!(url.as_str().starts_with(REDIRECT_URI), "{url}");
    Callback::parse(url.as_str()).unwrap()
}

/// The login with another value in its place, as a session store might give it back.
fn altered(login: &Login, member: &str, value: &str) -> Login {
    let mut stored = serde_json::to_value(login).unwrap();
    assert!(stored[member].is_string(), "a login has no {member}");
    stored[member] = json!(value);
    serde_json::from_value(stored).unwrap()
}

async fn oidc_provider_login_ends_with_a_verified_id_token() {
    let provider = Provider::shared();
    for client_id in ["web", "web_post", "spa"] {
        let client = provider.client(client_id).build().unwrap();
        let login = client
            .login()
            .scopes(["openid", "profile", "email"])
            .login_hint("isaac")
            .max_age(Duration::from_secs(600));
        let tokens = log_in(&client, &mut Browser::of("isaac"), login).await;

        let claims = tokens.id_token.as_ref().unwrap().claims().unwrap();
        assert_eq!(claims.subject, "isaac");
        assert_eq!(claims.audience, [client_id]);
        assert_eq!(claims.issuer, provider.issuer().as_str());
        assert!(claims.nonce.is_some() && claims.auth_time.is_some());
        assert_eq!(claims.email(), Some("isaac@example.com"));
        assert_eq!(tokens.token_type.as_str(), "Bearer");
        assert!(tokens.scopes.contains("email") && tokens.expires_at.is_some());
        assert!(tokens.refresh_token.is_none());
    }
}

async fn oidc_provider_login_with_es256_is_accepted_where_it_is_allowed() {
    let provider = Provider::shared();
    let client = provider.client("web_es256");
    let client = client
        .id_token_algorithms([Algorithm::Es256])
        .build()
        .unwrap();
    let tokens = log_in(&client, &mut Browser::of("modest"), client.login()).await;
    assert_eq!(tokens.id_token.unwrap().claims().unwrap().subject, "modest");

    let client = provider.client("web_es256").build().unwrap();
    let login = client.login().start().await.unwrap();
    let callback = come_back(&mut Browser::of("modest"), &login).await;
    let error = client.exchange_code(&login, &callback).await.unwrap_err();
    assert!(
        error.is_credentials() && error.to_string().contains("ES256"),
        "{error}"
    );
}

async fn oidc_provider_takes_the_parameters_of_a_login_ahead() {
    let provider = Provider::shared();
    // An application of which the server wants it, and one that may.
    for client_id in ["web_par", "web", "spa"] {
        let client = provider.client(client_id).build().unwrap();
        let login = client.login().pushed(true).start().await.unwrap();
        let url = Url::parse(login.url()).unwrap();
        let mut names: Vec<_> = url.query_pairs().map(|(name, _)| name).collect();
        names.sort();
        assert_eq!(names, ["client_id", "request_uri"], "{client_id}");

        let callback = come_back(&mut Browser::of("isaac"), &login).await;
        let tokens = client.exchange_code(&login, &callback).await.unwrap();
        assert_eq!(tokens.id_token.unwrap().claims().unwrap().subject, "isaac");
    }
}

async fn oidc_provider_refuses_parameters_sent_ahead_with_a_wrong_secret() {
    let provider = Provider::shared();
    let client = provider.client("web_par");
    let client = client.authentication(ClientAuthentication::secret_basic("wrong"));
    let client = client.build().unwrap();
    let error = client.login().pushed(true).start().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_client"), "{error}");
}

async fn oidc_provider_callback_is_good_for_its_own_login_alone() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let login = client.login().start().await.unwrap();
    let url = Browser::of("isaac")
        .agree(&login.url().parse().unwrap())
        .await
        .left();
    let with = |name: &str, value: &str| {
        let mut changed = url.clone();
        let pairs = url.query_pairs().map(|(known, old)| {
            let new = if known == name { value.into() } else { old };
            (known, new)
        });
        changed.query_pairs_mut().clear().extend_pairs(pairs);
        Callback::parse(changed.as_str()).unwrap()
    };

    let other = client.login().start().await.unwrap();
    let callback = Callback::parse(url.as_str()).unwrap();
    let error = client.exchange_code(&other, &callback).await.unwrap_err();
    assert!(
        error.is_credentials() && error.to_string().contains("state"),
        "{error}"
    );

    let error = client
        .exchange_code(&login, &with("state", "tampered"))
        .await;
    let error = error.unwrap_err();
    assert!(
        error.is_credentials() && error.to_string().contains("state"),
        "{error}"
    );

    let error = client
        .exchange_code(&login, &with("iss", "https://evil.example.com"))
        .await;
    let error = error.unwrap_err();
    assert!(
        error.is_credentials() && error.to_string().contains("iss"),
        "{error}"
    );

    // None of this has sent the code anywhere: it is still good, once.
    client.exchange_code(&login, &callback).await.unwrap();
    let error = client.exchange_code(&login, &callback).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_grant"), "{error}");
}

async fn oidc_provider_refuses_a_code_with_another_pkce_verifier() {
    let provider = Provider::shared();
    let client = provider.client("spa").build().unwrap();
    let login = client.login().start().await.unwrap();
    let callback = come_back(&mut Browser::of("isaac"), &login).await;
    let thief = altered(&login, "code_verifier", &"v".repeat(43));
    let error = client.exchange_code(&thief, &callback).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_grant"), "{error}");
    assert!(error.summary().is_some(), "{error}");
}

async fn oidc_provider_id_token_of_another_nonce_is_refused() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let login = client.login().start().await.unwrap();
    let callback = come_back(&mut Browser::of("isaac"), &login).await;
    let login = altered(&login, "nonce", "of another login");
    let error = client.exchange_code(&login, &callback).await.unwrap_err();
    assert!(
        error.is_credentials() && error.to_string().contains("nonce"),
        "{error}"
    );
}

async fn oidc_provider_refuses_a_wrong_client_secret() {
    let provider = Provider::shared();
    let wrong = ClientAuthentication::secret_basic("wrong");
    let client = provider
        .client("web")
        .authentication(wrong)
        .build()
        .unwrap();
    let login = client.login().start().await.unwrap();
    let callback = come_back(&mut Browser::of("isaac"), &login).await;
    let error = client.exchange_code(&login, &callback).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_client"), "{error}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
}

async fn oidc_provider_says_that_nobody_is_logged_in_where_no_page_may_be_shown() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let login = client.login().prompt(Prompt::None).start().await.unwrap();
    let callback = come_back(&mut Browser::of("isaac"), &login).await;
    assert_eq!(callback.error(), Some("login_required"));
    let error = client.exchange_code(&login, &callback).await.unwrap_err();
    assert_eq!(error.code(), Some("login_required"), "{error}");
}

async fn oidc_provider_login_for_an_api_gives_an_access_token_for_it() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let login = client.login().scopes(["api:read"]);
    let tokens = log_in(&client, &mut Browser::of("isaac"), login).await;
    assert!(tokens.id_token.is_none());
    let verifier = okta_auth::Verifier::builder(provider.issuer());
    let verifier = verifier.audience(crate::clients::AUDIENCE).build().unwrap();
    let token = tokens.access_token.expose();
    let claims = verifier.verify_access_token(token).await.unwrap();
    assert_eq!(claims.subject, "isaac");
    assert_eq!(claims.extra.get("client_id"), Some(&Value::from("web")));
}
