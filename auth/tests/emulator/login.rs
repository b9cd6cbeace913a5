//! Logins in a browser: authorization code with PKCE, with and without pushed requests.

use std::time::Duration;

use okta_auth::Dpop;
use okta_auth::oauth::{Callback, Login, OAuthClient, TokenKind, TokenType};
use serde_json::{Value, json};
use url::Url;

use crate::org::*;

const SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

#[tokio::test]
async fn a_login_gives_tokens_and_says_who_it_was() {
    let org = Org::start().await;
    let grace = org.user_id(GRACE).await;
    for server in SERVERS {
        for app in [org.okta.web_app(), org.okta.native_app()] {
            let client = org.client(server, app).build().unwrap();
            let login = client.login().scopes(SCOPES);
            let tokens = org.log_in(&client, login).await.unwrap();
            assert_eq!(tokens.token_type, TokenType::Bearer);
            assert_eq!(
                tokens.expires_at,
                Some(org.now() + Duration::from_secs(3600))
            );
            assert_eq!(tokens.scopes.to_string(), SCOPES.join(" "));
            assert!(tokens.refresh_token.is_some());

            let claims = tokens.id_token.as_ref().unwrap().claims().unwrap();
            assert_eq!(claims.subject, grace);
            assert_eq!(claims.issuer, org.issuer(server).as_str());
            assert_eq!(claims.audience, [app.client_id.as_str()]);
            assert_eq!(claims.auth_time, Some(org.now()));
            assert_eq!(claims.name(), Some("Grace Hopper"));
            assert_eq!(claims.email(), Some(GRACE));
        }
    }
}

#[tokio::test]
async fn what_was_asked_of_a_login_is_in_the_id_token() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = org.client(server, org.okta.web_app()).build().unwrap();
        let login = client
            .login()
            .acr_values(["urn:okta:loa:2fa:any"])
            .max_age(Duration::from_secs(60));
        let tokens = org.log_in(&client, login).await.unwrap();
        let claims = tokens.id_token.as_ref().unwrap().claims().unwrap();
        assert_eq!(claims.acr.as_deref(), Some("urn:okta:loa:2fa:any"));
        assert!(claims.amr.iter().any(|method| method == "mfa"));
        assert!(tokens.refresh_token.is_none(), "none was asked for");
    }
}

#[tokio::test]
async fn pushed_parameters_stay_out_of_the_browser() {
    let org = Org::start().await;
    for server in SERVERS {
        for app in [org.okta.web_app(), org.okta.native_app()] {
            org.okta.clear_requests();
            let client = org.client(server, app).build().unwrap();
            let login = client.login().scopes(SCOPES).pushed(true);
            let login = login.start().await.unwrap();
            let url = Url::parse(login.url()).unwrap();
            let names: Vec<_> = url.query_pairs().map(|(name, _)| name).collect();
            assert_eq!(names, ["client_id", "request_uri"]);
            assert_eq!(org.asked(&server.path("par")).len(), 1);

            let callback = org.visit(&login).await;
            let tokens = client.exchange_code(&login, &callback).await.unwrap();
            assert!(tokens.id_token.is_some());
        }
    }
}

#[tokio::test]
async fn an_app_that_wants_pushed_parameters_says_so() {
    let org = Org::start().await;
    let settings = json!({
        "redirect_uris": [REDIRECT_URI],
        "require_pushed_authorization_requests": true,
    });
    let app = org.register("client_secret_basic", settings).await;
    for server in SERVERS {
        let client = org.client(server, &app).build().unwrap();
        let error = org.log_in(&client, client.login()).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_request"), "{error}");
        assert!(error.summary().unwrap().contains("/par"), "{error}");
        org.log_in(&client, client.login().pushed(true))
            .await
            .unwrap();
    }
}

async fn login_at(org: &Org, client: &OAuthClient) -> (Login, Callback) {
    let login = client.login().scopes(SCOPES).start().await.unwrap();
    let callback = org.visit(&login).await;
    (login, callback)
}

#[tokio::test]
async fn a_code_used_twice_ends_the_tokens_that_it_gave() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = org.client(server, org.okta.web_app()).build().unwrap();
        let (login, callback) = login_at(&org, &client).await;
        let tokens = client.exchange_code(&login, &callback).await.unwrap();
        let error = client.exchange_code(&login, &callback).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"), "{error}");
        let said = client
            .introspect(&tokens.access_token, TokenKind::AccessToken)
            .await
            .unwrap();
        assert!(!said.active);
    }
}

#[tokio::test]
async fn a_stolen_code_is_worth_nothing_without_the_verifier() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = org.client(server, org.okta.native_app()).build().unwrap();
        let (login, callback) = login_at(&org, &client).await;
        let other = client.login().start().await.unwrap();
        let mut thief: Value = serde_json::to_value(&login).unwrap();
        thief["code_verifier"] = serde_json::to_value(&other).unwrap()["code_verifier"].clone();
        let thief: Login = serde_json::from_value(thief).unwrap();
        let error = client.exchange_code(&thief, &callback).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"), "{error}");
        assert!(error.summary().unwrap().contains("PKCE"), "{error}");
        // A wrong guess does not take the code from its owner.
        client.exchange_code(&login, &callback).await.unwrap();
    }
}

#[tokio::test]
async fn a_code_ends_after_five_minutes() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = org.client(server, org.okta.web_app()).build().unwrap();
        let (login, callback) = login_at(&org, &client).await;
        org.pass(300);
        let error = client.exchange_code(&login, &callback).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"), "{error}");
    }
}

#[tokio::test]
async fn a_login_that_failed_in_the_browser_fails_with_its_reason() {
    let org = Org::start().await;
    let staged = "katherine@example.com";
    for server in SERVERS {
        let client = org.client(server, org.okta.web_app()).build().unwrap();
        let login = client.login().start().await.unwrap();
        org.okta.oauth().log_in_automatically(Some(staged)).unwrap();
        let callback = Callback::parse(&redirect(login.url()).await).unwrap();
        assert_eq!(callback.error(), Some("access_denied"));
        let error = client.exchange_code(&login, &callback).await.unwrap_err();
        assert_eq!(error.code(), Some("access_denied"));
        assert!(error.summary().unwrap().contains("not assigned"), "{error}");
    }
}

#[tokio::test]
async fn tokens_of_a_login_can_be_bound_to_a_key() {
    let org = Org::start().await;
    for server in SERVERS {
        for app in [org.okta.web_app(), org.okta.native_app()] {
            let builder = org.client(server, app).dpop(Dpop::new().unwrap());
            let client = builder.build().unwrap();
            let login = client.login().scopes(SCOPES);
            let tokens = org.log_in(&client, login).await.unwrap();
            assert_eq!(tokens.token_type, TokenType::Dpop);
            assert!(tokens.id_token.is_some() && tokens.dpop_key.is_some());
            client.user_info(&tokens).await.unwrap();

            let thief = org.client(server, app).build().unwrap();
            let error = thief.user_info(&tokens.access_token).await.unwrap_err();
            assert_eq!(error.code(), Some("invalid_token"), "{error}");
        }
    }
}
