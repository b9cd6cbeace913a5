//! Tokens for tokens, and tokens for passwords.

use okta_auth::oauth::{ExchangeToken, OAuthClient, TokenKind, TokenTypeUri, Tokens};
use okta_auth::{Secret, Verifier};

use crate::org::*;

fn trusted(org: &Org, server: Server) -> OAuthClient {
    org.client(server, org.okta.trusted_app()).build().unwrap()
}

/// Grace's tokens, in the hands of an API.
async fn tokens_of_grace(org: &Org, server: Server) -> (OAuthClient, Tokens) {
    let client = org.client(server, org.okta.native_app()).build().unwrap();
    let login = client.login().scopes(["openid", "api:read"]);
    let tokens = org.log_in(&client, login).await.unwrap();
    (client, tokens)
}

#[tokio::test]
async fn a_users_token_becomes_one_for_the_next_service() {
    let org = Org::start().await;
    let (_, caller) = tokens_of_grace(&org, Server::Default).await;
    let subject = ExchangeToken::access_token(&caller.access_token);
    let client = trusted(&org, Server::Default);
    let tokens = client
        .token_exchange(subject)
        .audience("api://default")
        .scopes(["api:write"])
        .send()
        .await
        .unwrap();
    assert_eq!(tokens.issued_token_type, Some(TokenTypeUri::ACCESS_TOKEN));
    assert!(tokens.refresh_token.is_none() && tokens.id_token.is_none());

    let verifier = Verifier::builder(org.issuer(Server::Default))
        .audience("api://default")
        .clock(org.clock())
        .build()
        .unwrap();
    let token = tokens.access_token.expose();
    let claims = verifier.verify_access_token(token).await.unwrap();
    assert_eq!(claims.subject, GRACE);
    assert_eq!(claims.client_id, org.okta.trusted_app().client_id);
    assert_eq!(claims.scopes, ["api:write"]);
}

#[tokio::test]
async fn an_exchange_may_bring_an_id_token_too() {
    let org = Org::start().await;
    let (_, caller) = tokens_of_grace(&org, Server::Default).await;
    let exchange = trusted(&org, Server::Default);
    let exchange = exchange
        .token_exchange(ExchangeToken::access_token(&caller.access_token))
        .scopes(["openid", "email"]);
    let tokens = exchange.send().await.unwrap();
    assert_eq!(
        tokens.id_token.unwrap().claims().unwrap().email(),
        Some(GRACE)
    );
}

#[tokio::test]
async fn what_cannot_be_exchanged_is_refused_with_the_servers_reason() {
    let org = Org::start().await;
    let (native, caller) = tokens_of_grace(&org, Server::Default).await;
    let client = trusted(&org, Server::Default);
    let good = || ExchangeToken::access_token(&caller.access_token);
    let id_token = caller.id_token.as_ref().unwrap();
    for (exchange, code) in [
        (
            client.token_exchange(good()).audience("api://else"),
            "invalid_target",
        ),
        (
            client.token_exchange(ExchangeToken::id_token(&id_token.raw)),
            "invalid_request",
        ),
        (
            client.token_exchange(ExchangeToken::access_token(&Secret::from("made-up"))),
            "invalid_grant",
        ),
    ] {
        let error = exchange.scopes(["api:read"]).send().await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{error}");
    }
    let at_org = trusted(&org, Server::Org);
    let error = at_org.token_exchange(good()).send().await.unwrap_err();
    assert!(error.summary().unwrap().contains("custom"), "{error}");

    native
        .revoke(&caller.access_token, TokenKind::AccessToken)
        .await
        .unwrap();
    let late = client.token_exchange(good()).scopes(["api:read"]);
    let error = late.send().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_grant"), "{error}");
}

#[tokio::test]
async fn a_password_gives_tokens_and_a_wrong_one_an_error_without_it() {
    let org = Org::start().await;
    let grace = org.user_id(GRACE).await;
    let password = Secret::from(org.okta.password());
    for server in SERVERS {
        let client = trusted(&org, server);
        let grant = client.password(GRACE, &password);
        let grant = grant.scopes(["openid", "offline_access"]);
        let tokens = grant.send().await.unwrap();
        assert_eq!(
            tokens.id_token.as_ref().unwrap().claims().unwrap().subject,
            grace
        );
        let refresh_token = tokens.refresh_token.as_ref().unwrap();
        let renewed = client.refresh(refresh_token).replacing(&tokens);
        renewed.send().await.unwrap();

        org.okta.clear_requests();
        let wrong = Secret::from("s3cret-guess");
        let error = client.password(GRACE, &wrong).send().await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"), "{error}");
        assert!(!format!("{error} {error:?}").contains("s3cret"));
        let asked = org.asked(&server.path("token")).len();
        assert_eq!(asked, 1, "guesses lock users out");
    }
}

#[tokio::test]
async fn a_login_at_the_org_opens_the_api_of_another_app_once() {
    let org = Org::start().await;
    let (at_org, at_api) = (trusted(&org, Server::Org), trusted(&org, Server::Default));
    let password = Secret::from(org.okta.password());
    let login = at_org.password(GRACE, &password).send().await.unwrap();
    let id_token = login.id_token.unwrap();
    let subject = || ExchangeToken::id_token(&id_token.raw);
    let access = at_org.cross_app_access(subject(), at_api.issuer());
    let assertion = access.scopes(["api:read"]).send().await.unwrap();
    let tokens = assertion.redeem(&at_api).unwrap().send().await.unwrap();
    let verifier = Verifier::builder(org.issuer(Server::Default))
        .audience("api://default")
        .clock(org.clock())
        .build()
        .unwrap();
    let token = tokens.access_token.expose();
    let claims = verifier.verify_access_token(token).await.unwrap();
    assert_eq!(claims.user_id, Some(org.user_id(GRACE).await));
    assert_eq!(claims.scopes, ["api:read"]);

    let again = assertion.redeem(&at_api).unwrap().send().await.unwrap_err();
    assert_eq!(again.code(), Some("invalid_grant"), "{again}");
    // No API takes the assertion itself, and no other server makes or redeems one.
    let itself = verifier.verify_access_token(assertion.assertion.expose());
    assert!(itself.await.is_err());
    for (access, code) in [
        (
            at_api.cross_app_access(subject(), at_api.issuer()),
            "invalid_request",
        ),
        (
            at_org.cross_app_access(subject(), at_org.issuer()),
            "invalid_target",
        ),
        (
            at_org.cross_app_access(
                ExchangeToken::id_token(&Secret::from("made-up")),
                at_api.issuer(),
            ),
            "invalid_grant",
        ),
    ] {
        let error = access.send().await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{error}");
    }
}
