//! A token exchange gives what was asked for, bound as the client binds its tokens.

use okta_auth::oauth::{ExchangeToken, OAuthClient, TokenType, TokenTypeUri, Tokens};
use okta_auth::{DelegatedToken, Dpop, Error, Secret};
use serde_json::{Value, json};

use super::server::*;

const KIND: &str = "urn:ietf:params:oauth:token-type:";

/// What an exchange for `requested` makes of `answer`; an empty name requests nothing.
async fn exchanged(bound: bool, requested: &str, answer: Value) -> Result<Tokens, Error> {
    let server = Server::start(move |_, _| tokens_reply(answer.clone())).await;
    let mut builder = server.builder();
    if bound {
        builder = builder.dpop(Dpop::new().unwrap());
    }
    let oauth: OAuthClient = builder.build().unwrap();
    let subject = Secret::from("s3cret-subject");
    let mut exchange = oauth.token_exchange(ExchangeToken::access_token(&subject));
    if !requested.is_empty() {
        let kind = format!("{KIND}{requested}");
        exchange = exchange.requested_token_type(TokenTypeUri::from(kind));
    }
    exchange.send().await
}

fn answer(token_type: &str, issued: &str) -> Value {
    match issued {
        "" => json!({"token_type": token_type}),
        _ => json!({"token_type": token_type, "issued_token_type": format!("{KIND}{issued}")}),
    }
}

#[tokio::test]
async fn a_client_that_binds_its_tokens_takes_no_bearer_token_from_an_exchange() {
    for (requested, token_type, issued) in [
        ("", "Bearer", "access_token"),
        ("", "bearer", ""),
        ("access_token", "Bearer", "access_token"),
        ("access_token", "Bearer", "jwt"),
        ("jwt", "Bearer", "jwt"),
        ("jwt", "Bearer", "access_token"),
        ("", "Bearer", "id_token"),
        ("", "N_A", "id-jag"),
        ("", "N_A", "access_token"),
        ("another", "Bearer", "another"),
        ("access_token", "MAC", "access_token"),
    ] {
        let error = exchanged(true, requested, answer(token_type, issued)).await;
        let error = error.unwrap_err();
        assert!(
            error.is_decode(),
            "{requested} {token_type} {issued}: {error}"
        );
    }
    for (requested, issued) in [("", "access_token"), ("jwt", "jwt"), ("access_token", "")] {
        let tokens = exchanged(true, requested, answer("DPoP", issued)).await;
        assert!(tokens.unwrap().dpop_key.is_some(), "{requested} {issued}");
    }
}

#[tokio::test]
async fn a_client_without_a_key_takes_no_bound_token_from_an_exchange() {
    for (requested, issued) in [
        ("", "access_token"),
        ("id_token", "id_token"),
        ("jwt", "jwt"),
    ] {
        let error = exchanged(false, requested, answer("DPoP", issued)).await;
        assert!(error.unwrap_err().is_decode(), "{requested}");
    }
}

#[tokio::test]
async fn an_exchange_for_one_kind_takes_no_other() {
    for (requested, issued) in [
        ("", "refresh_token"),
        ("access_token", "id_token"),
        ("id_token", "access_token"),
        ("id-jag", "jwt"),
        ("id-jag", "access_token"),
        ("jwt", "saml2"),
    ] {
        let error = exchanged(false, requested, answer("Bearer", issued)).await;
        let error = error.unwrap_err();
        assert_eq!(error.json_path(), Some("$.issued_token_type"), "{error}");
    }
}

#[tokio::test]
async fn what_opens_no_api_is_not_sent_to_one() {
    for (requested, token_type) in [("id_token", "Bearer"), ("refresh_token", "N_A")] {
        let tokens = exchanged(true, requested, answer(token_type, requested)).await;
        let tokens = tokens.unwrap();
        assert_eq!(tokens.token_type, TokenType::NotApplicable);
        let server = Server::start(|_, _| panic!("nothing is to be asked")).await;
        let error = DelegatedToken::new(server.public_client(), tokens).unwrap_err();
        assert!(error.is_configuration(), "{error}");
    }
}
