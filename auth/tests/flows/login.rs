//! Beginning a login, and logging out.

use std::collections::HashSet;
use std::time::Duration;

use okta_auth::oauth::{LoginBuilder, Prompt};
use serde_json::json;

use super::server::*;

async fn silent() -> Server {
    Server::start(|_, _| panic!("nothing is to be asked")).await
}

#[tokio::test]
async fn the_url_has_what_a_login_needs() {
    let server = silent().await;
    let oauth = server.public_client();
    let login = oauth
        .login()
        .scopes(["openid", "profile"])
        .start()
        .await
        .unwrap();
    assert!(
        login
            .url()
            .starts_with(&format!("{}/authorize?", server.site().issuer))
    );
    let names: Vec<_> = query(login.url())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        names,
        [
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method"
        ]
    );
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "openid profile"),
        ("state", login.state().expose()),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(parameter(login.url(), name).as_deref(), Some(value));
    }
}

#[tokio::test]
async fn each_login_has_secrets_of_its_own() {
    let server = silent().await;
    let oauth = server.public_client();
    let mut seen = HashSet::new();
    for _ in 0..3 {
        let login = oauth.login().start().await.unwrap();
        for name in ["state", "nonce", "code_challenge"] {
            let value = parameter(login.url(), name).unwrap();
            // 256 bits.
            assert_eq!(value.len(), 43, "{name}");
            assert!(seen.insert(value), "{name} came twice");
        }
    }
}

#[tokio::test]
async fn options_become_parameters() {
    let server = silent().await;
    let oauth = server.public_client();
    let login = oauth
        .login()
        .prompt(Prompt::Login)
        .prompt(Prompt::from("consent"))
        .login_hint("joe+1@example.com")
        .idp("0oaIdp")
        .acr_values(["urn:okta:loa:2fa:any", "phr"])
        .max_age(Duration::from_millis(3_600_900))
        .form_post()
        .param("ui_locales", "de fr")
        .start()
        .await
        .unwrap();
    for (name, value) in [
        ("scope", "openid"),
        ("prompt", "login consent"),
        ("login_hint", "joe+1@example.com"),
        ("idp", "0oaIdp"),
        ("acr_values", "urn:okta:loa:2fa:any phr"),
        ("max_age", "3600"),
        ("response_mode", "form_post"),
        ("ui_locales", "de fr"),
    ] {
        assert_eq!(parameter(login.url(), name).as_deref(), Some(value));
    }
}

#[tokio::test]
async fn without_openid_there_is_no_nonce() {
    let server = silent().await;
    let oauth = server.public_client();
    let login = oauth.login().scopes(["orders:read"]).start().await.unwrap();
    assert_eq!(parameter(login.url(), "nonce"), None);
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused() {
    type Change = fn(LoginBuilder<'_>) -> LoginBuilder<'_>;
    let cases: [(Change, &str); 6] = [
        (|login| login.scopes(["openid profile"]), "white space"),
        (
            |login| login.prompt(Prompt::None).prompt(Prompt::Login),
            "`none`",
        ),
        (|login| login.param("state", "mine"), "`state`"),
        (
            |login| login.param("code_challenge_method", "plain"),
            "twice",
        ),
        (|login| login.idp("a").idp("b"), "`idp`"),
        (|login| login.param("", "x"), "no name"),
    ];
    let server = silent().await;
    let oauth = server.public_client();
    for (change, why) in cases {
        let error = change(oauth.login()).start().await.unwrap_err();
        assert!(error.is_invalid_argument(), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_login_needs_a_redirect_uri() {
    let server = silent().await;
    let oauth = okta_auth::oauth::OAuthClient::builder(server.issuer(), CLIENT_ID);
    let oauth = oauth.build().unwrap();
    let error = oauth.login().start().await.unwrap_err();
    assert!(error.is_configuration());
    assert!(error.to_string().contains("`redirect_uri`"), "{error}");
}

#[tokio::test]
async fn parameters_are_sent_ahead_where_the_app_or_the_server_wants_it() {
    let required = json!({"require_pushed_authorization_requests": true});
    for (metadata, pushed) in [(json!({}), true), (required, false)] {
        let server = Server::with_metadata(metadata, |_, _| {
            json_reply(201, &json!({"request_uri": "urn:x:1 2", "expires_in": 60}))
        })
        .await;
        let oauth = server.client();
        let login = oauth.login().login_hint("joe@example.com").pushed(pushed);
        let login = login.start().await.unwrap();
        assert_eq!(
            query(login.url()),
            [
                ("client_id".to_owned(), CLIENT_ID.to_owned()),
                ("request_uri".to_owned(), "urn:x:1 2".to_owned())
            ]
        );
        let par = server.only("/par");
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", REDIRECT_URI),
            ("state", login.state().expose()),
            ("login_hint", "joe@example.com"),
            ("client_secret", "s3cret-cs"),
        ] {
            assert_eq!(par.field(name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(par.header("dpop"), None);
    }
}

#[tokio::test]
async fn a_refusal_of_parameters_is_the_servers_error() {
    let server =
        Server::start(|_, _| error_reply(400, "invalid_scope", "One or more scopes")).await;
    let oauth = server.client();
    let error = oauth.login().pushed(true).start().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_scope"));
    assert_eq!(error.summary(), Some("One or more scopes"));
    assert_eq!(error.operation(), Some("par"));
}

#[tokio::test]
async fn a_server_without_the_endpoint_is_named() {
    let without = json!({"pushed_authorization_request_endpoint": null});
    let server = Server::with_metadata(without, |_, _| panic!("nothing is to be asked")).await;
    let oauth = server.client();
    let error = oauth.login().pushed(true).start().await.unwrap_err();
    assert!(error.is_configuration());
    let text = error.to_string();
    assert!(text.contains(&server.site().issuer), "{text}");
    assert!(
        text.contains("pushed_authorization_request_endpoint"),
        "{text}"
    );
}
