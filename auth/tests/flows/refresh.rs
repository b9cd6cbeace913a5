//! What a refresh keeps of the tokens that it replaces, and whose tokens it takes.

use okta_auth::Secret;
use okta_auth::oauth::{OAuthClient, Tokens};
use serde_json::json;

use super::server::*;

/// Answers by the refresh token: `none` gives no ID token, anything else one of that user.
async fn server() -> Server {
    Server::start(|site, seen| match seen.field("refresh_token").as_deref() {
        Some("none") => tokens_reply(json!({})),
        Some("mallory with a secret") => tokens_reply(json!({
            "id_token": site.id_token(&json!({"sub": "mallory"})),
            "device_secret": "s3cret-other",
        })),
        Some(user) => tokens_reply(json!({"id_token": site.id_token(&json!({"sub": user}))})),
        None => tokens_reply(json!({
            "id_token": site.id_token(&json!({"sub": "joe"})),
            "device_secret": "s3cret-ds",
            "scope": "openid email",
        })),
    })
    .await
}

async fn first(oauth: &OAuthClient) -> Tokens {
    let password = Secret::from("s3cret-pw");
    oauth.password("joe", &password).send().await.unwrap()
}

async fn refreshed(
    oauth: &OAuthClient,
    token: &str,
    before: &Tokens,
) -> Result<Tokens, okta_auth::Error> {
    oauth.refresh(&token.into()).replacing(before).await
}

/// As a session store gives them back.
fn stored(tokens: &Tokens) -> Tokens {
    serde_json::from_value(serde_json::to_value(tokens).unwrap()).unwrap()
}

fn without_id_token(tokens: &Tokens) -> Tokens {
    let mut tokens = tokens.clone();
    tokens.id_token = None;
    stored(&tokens)
}

#[tokio::test]
async fn a_refresh_keeps_what_the_answer_does_not_repeat() {
    let server = server().await;
    let oauth = server.public_client();
    let first = first(&oauth).await;
    let second = refreshed(&oauth, "none", &first).await.unwrap();
    let third = refreshed(&oauth, "none", &second).await.unwrap();
    for tokens in [second, third] {
        assert_eq!(tokens.device_secret, first.device_secret);
        assert_eq!(tokens.scopes.to_string(), "openid email");
        let id_token = tokens.id_token.unwrap();
        assert_eq!(id_token.raw, first.id_token.as_ref().unwrap().raw);
        assert_eq!(id_token.claims().unwrap().subject, "joe");
    }
    let alone = oauth.refresh(&"none".into()).await.unwrap();
    assert!(alone.id_token.is_none() && alone.device_secret.is_none());
}

#[tokio::test]
async fn another_user_is_refused_also_after_a_refresh_without_an_id_token() {
    let server = server().await;
    let oauth = server.public_client();
    let first = first(&oauth).await;
    let second = refreshed(&oauth, "none", &first).await.unwrap();
    // The first ID token of all may come with a refresh.
    let nobody = oauth.refresh(&"none".into()).await.unwrap();
    let joe = refreshed(&oauth, "joe", &nobody).await.unwrap();
    for before in [
        stored(&first),
        stored(&second),
        without_id_token(&second),
        stored(&joe),
        first,
        second,
        joe,
    ] {
        for token in ["mallory", "mallory with a secret"] {
            let error = refreshed(&oauth, token, &before).await.unwrap_err();
            assert!(error.is_credentials(), "{error}");
        }
        let same = refreshed(&oauth, "joe", &before).await.unwrap();
        assert_eq!(same.id_token.unwrap().claims().unwrap().subject, "joe");
    }
}

#[tokio::test]
async fn the_nonce_of_a_stored_id_token_still_counts() {
    let server = Server::start(|site, seen| {
        let nonce = seen.field("refresh_token");
        tokens_reply(json!({"id_token": site.id_token(&json!({"nonce": nonce}))}))
    })
    .await;
    let oauth = server.public_client();
    let first = stored(&oauth.refresh(&"n".into()).await.unwrap());
    assert!(refreshed(&oauth, "n", &first).await.is_ok());
    assert!(refreshed(&oauth, "m", &first).await.is_err());
}

#[tokio::test]
async fn a_resource_may_be_named_several_times() {
    let server = server().await;
    let oauth = server.client();
    let (one, two) = ("https://a.example.com/v1", "api://b");
    let token = Secret::from("none");
    let refresh = oauth.refresh(&token).resource(one).resource(two);
    refresh.await.unwrap();
    let request = oauth.client_credentials().resource(one).resource(two);
    request.send().await.unwrap();
    let request = oauth.jwt_bearer(&token).resource(one).resource(two);
    request.send().await.unwrap();
    let subject = okta_auth::oauth::ExchangeToken::access_token(&token);
    let request = oauth.token_exchange(subject).resource(one).resource(two);
    request.audience(one).audience(two).send().await.unwrap();
    let values = |form: Vec<(String, String)>, name| -> Vec<String> {
        let named = form.into_iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value).collect()
    };
    for seen in server.seen("/token") {
        assert_eq!(values(seen.form(), "resource"), [one, two], "{seen:?}");
    }
    let exchange = server.seen("/token").remove(3);
    assert_eq!(values(exchange.form(), "audience"), [one, two]);

    let login = oauth
        .login()
        .resource(one)
        .resource(two)
        .start()
        .await
        .unwrap();
    assert_eq!(values(query(login.url()), "resource"), [one, two]);
}

#[tokio::test]
async fn what_is_no_resource_is_not_sent() {
    let server = Server::start(|_, _| panic!("nothing is to be asked")).await;
    let oauth = server.client();
    for wrong in [
        "",
        "orders",
        "/v1",
        "https://a.example.com/#part",
        "https://a b",
        "api://a\n",
    ] {
        let error = oauth.client_credentials().resource(wrong).send().await;
        assert!(error.unwrap_err().is_invalid_argument(), "{wrong:?}");
        let error = oauth.login().resource(wrong).start().await.map(|_| ());
        assert!(error.unwrap_err().is_invalid_argument(), "{wrong:?}");
    }
}
