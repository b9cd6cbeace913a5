//! An org whose login page is at its custom domain, while its issuer is at the org's URL.

use okta_auth::oauth::{Callback, OAuthClientBuilder};
use okta_auth::{Error, ServerMetadata};
use serde_json::{Value, json};

use super::server::*;

const LOGIN_PAGE: &str = "https://login.example.com/oauth2/v1/authorize";
const LOGOUT_PAGE: &str = "https://login.example.com/oauth2/v1/logout";

/// An org that says of itself what `metadata` says.
async fn org(metadata: Value) -> Server {
    Server::with_metadata(metadata, |site, seen| match seen.path.as_str() {
        "/par" => json_reply(201, &json!({"request_uri": "urn:x", "expires_in": 60})),
        _ => {
            let nonce = seen.field("code").unwrap();
            tokens_reply(json!({"id_token": site.id_token(&json!({"nonce": nonce}))}))
        }
    })
    .await
}

fn at_custom_domain() -> Value {
    json!({"authorization_endpoint": LOGIN_PAGE, "end_session_endpoint": LOGOUT_PAGE})
}

fn with_pages(server: &Server) -> OAuthClientBuilder {
    let builder = server.builder().authorization_endpoint(LOGIN_PAGE).unwrap();
    builder.end_session_endpoint(LOGOUT_PAGE).unwrap()
}

#[tokio::test]
async fn a_login_page_elsewhere_has_to_be_given() {
    for (member, method) in [
        ("authorization_endpoint", "authorization_endpoint(…)"),
        ("end_session_endpoint", "end_session_endpoint(…)"),
    ] {
        let mut metadata = at_custom_domain();
        metadata
            .as_object_mut()
            .unwrap()
            .retain(|name, _| name == member);
        let server = org(metadata).await;
        let error = server.public_client().metadata().await.unwrap_err();
        let text = error.to_string();
        assert!(error.is_decode() && text.contains(method), "{text}");
    }
}

#[tokio::test]
async fn browsers_go_to_the_given_pages_and_codes_to_the_issuer() {
    for metadata in [at_custom_domain(), json!({})] {
        let server = org(metadata).await;
        let oauth = with_pages(&server).build().unwrap();
        let login = oauth.login().start().await.unwrap();
        assert!(login.url().starts_with(&format!("{LOGIN_PAGE}?")));
        let nonce = parameter(login.url(), "nonce").unwrap();
        let state = login.state().expose();
        let callback = Callback::parse(&format!("?code={nonce}&state={state}")).unwrap();
        let tokens = oauth.exchange_code(&login, &callback).await.unwrap();
        server.only("/token");
        let id_token = tokens.id_token.unwrap();
        let logout = oauth.logout_url(&id_token).build().await.unwrap();
        assert!(logout.as_str().starts_with(&format!("{LOGOUT_PAGE}?")));
    }
}

#[tokio::test]
async fn parameters_are_sent_ahead_to_the_issuer() {
    let server = org(at_custom_domain()).await;
    let oauth = with_pages(&server).build().unwrap();
    let login = oauth.login().pushed(true).start().await.unwrap();
    assert!(login.url().starts_with(&format!("{LOGIN_PAGE}?client_id=")));
    server.only("/par");
}

#[tokio::test]
async fn whatever_gets_a_secret_stays_at_the_issuer() {
    for name in [
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "pushed_authorization_request_endpoint",
        "device_authorization_endpoint",
    ] {
        let mut metadata = at_custom_domain();
        metadata[name] = "https://login.example.com/x".into();
        let server = org(metadata).await;
        let oauth = with_pages(&server).build().unwrap();
        let text = oauth.login().start().await.unwrap_err().to_string();
        assert!(
            text.contains(&format!("`{name}` at another origin")),
            "{text}"
        );
        assert!(!text.contains("OAuthClient::builder"), "{text}");
    }
}

#[test]
fn the_pages_replace_those_of_given_metadata() {
    let issuer = okta_auth::Issuer::parse("https://acme.okta.com").unwrap();
    let mut metadata = ServerMetadata::okta(&issuer);
    metadata.authorization_endpoint = LOGIN_PAGE.parse().unwrap();
    let builder = || {
        okta_auth::oauth::OAuthClient::builder(issuer.clone(), CLIENT_ID).metadata(metadata.clone())
    };
    assert!(builder().build().is_err());
    let given = builder().authorization_endpoint(LOGIN_PAGE).unwrap();
    assert!(given.build().is_ok());
}

#[tokio::test]
async fn what_is_no_page_of_an_org_is_refused() {
    let server = org(json!({})).await;
    for url in [
        "",
        "/oauth2/v1/authorize",
        "login.example.com/authorize",
        "http://login.example.com/authorize",
        "ftp://login.example.com/authorize",
        "https://joe@login.example.com/authorize",
        "https://login.example.com/authorize#x",
        "https://login.example.com/auth orize",
        "https:\\\\login.example.com/authorize",
        "javascript:alert(1)",
    ] {
        let refused: [Result<_, Error>; 2] = [
            server.builder().authorization_endpoint(url),
            server.builder().end_session_endpoint(url),
        ];
        for result in refused {
            let error = result.unwrap_err();
            assert!(error.is_configuration(), "{url}");
            assert!(error.to_string().contains("https://login.example.com/"));
        }
    }
    let here = "http://localhost:8080/authorize";
    assert!(server.builder().authorization_endpoint(here).is_ok());
}
