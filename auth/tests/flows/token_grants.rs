//! Grants that go straight to the token endpoint.

use axum::response::Response;
use okta_auth::Secret;
use okta_auth::oauth::{ExchangeToken, IdToken, TokenType, TokenTypeUri, Tokens};
use serde_json::{Value, json};

use super::server::*;

async fn server(answer: Value) -> Server {
    Server::start(move |_, _| tokens_reply(answer.clone())).await
}

#[tokio::test]
async fn a_service_gets_a_token_for_itself() {
    let server = server(json!({"expires_in": "120", "token_type": "bearer"})).await;
    let oauth = server.client();
    let request = oauth
        .client_credentials()
        .scopes(["okta.users.read", "okta.groups.read"])
        .resource("https://api.example.com/v1");
    let tokens = request.send().await.unwrap();
    server.only("/token").assert_fields(&[
        ("grant_type", "client_credentials"),
        ("scope", "okta.users.read okta.groups.read"),
        ("resource", "https://api.example.com/v1"),
        ("client_secret", "s3cret-cs"),
    ]);
    assert_eq!(tokens.token_type, TokenType::Bearer);
    assert_eq!(tokens.scopes.len(), 2);
    let life = tokens.expires_at.unwrap().duration_since(now()).unwrap();
    assert_eq!(life.as_secs(), 120);
    assert!(tokens.refresh_token.is_none() && tokens.id_token.is_none());
}

#[tokio::test]
async fn a_refresh_gives_the_token_to_keep() {
    let old = Secret::from("s3cret-old");
    let rotating = server(json!({"refresh_token": "s3cret-new", "scope": "a"})).await;
    let tokens = rotating.public_client().refresh(&old).await.unwrap();
    assert_eq!(tokens.refresh_token, Some(Secret::from("s3cret-new")));
    assert_eq!(tokens.scopes.to_string(), "a");
    rotating.only("/token").assert_fields(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "s3cret-old"),
    ]);

    let keeping = server(json!({})).await;
    let oauth = keeping.public_client();
    let tokens = oauth.refresh(&old).scopes(["a", "b"]).await.unwrap();
    assert_eq!(tokens.refresh_token, Some(old));
    assert_eq!(tokens.scopes.to_string(), "a b");
    let sent = keeping.only("/token");
    assert_eq!(sent.field("scope").as_deref(), Some("a b"));

    let error = oauth.refresh(&Secret::from("")).await.unwrap_err();
    assert!(error.is_invalid_argument());
    assert!(error.to_string().contains("`offline_access`"), "{error}");
}

/// Logs in by password: the shortest way to tokens.
async fn first_tokens(server: &Server) -> Tokens {
    let password = Secret::from("s3cret-pw");
    let oauth = server.public_client();
    oauth.password("joe", &password).send().await.unwrap()
}

#[tokio::test]
async fn an_id_token_that_comes_with_a_refresh_is_of_the_same_user() {
    let server = Server::start(|site, seen| {
        let claims = match seen.field("refresh_token").as_deref() {
            Some("of mallory") => json!({"sub": "00uMallory"}),
            Some("of another client") => json!({"aud": "0oaOther"}),
            Some("with a nonce") => json!({"nonce": "n"}),
            _ => json!({}),
        };
        tokens_reply(json!({"id_token": site.id_token(&claims)}))
    })
    .await;
    let oauth = server.public_client();
    let before = first_tokens(&server).await;
    for (refresh_token, known, unknown) in [
        ("of joe", true, true),
        ("of mallory", false, true),
        ("of another client", false, false),
        // The first ID token had none.
        ("with a nonce", false, true),
    ] {
        let refresh_token = Secret::from(refresh_token);
        let refresh = oauth.refresh(&refresh_token);
        let replaced = refresh.clone().replacing(&before).await;
        assert_eq!(replaced.is_ok(), known, "{refresh_token:?}");
        assert!(replaced.err().is_none_or(|error| error.is_credentials()));
        assert_eq!(refresh.await.is_ok(), unknown);
    }
}

#[tokio::test]
async fn a_password_is_sent_once_in_the_body() {
    let server =
        Server::start(|site, _| tokens_reply(json!({"id_token": site.id_token(&json!({}))}))).await;
    let tokens = first_tokens(&server).await;
    assert_eq!(tokens.id_token.unwrap().claims().unwrap().subject, "00uJoe");
    server.only("/token").assert_fields(&[
        ("grant_type", "password"),
        ("username", "joe"),
        ("password", "s3cret-pw"),
        ("scope", "openid"),
    ]);
    let oauth = server.public_client();
    let empty = oauth.password("joe", &Secret::from("")).send().await;
    assert!(empty.unwrap_err().is_invalid_argument());
}

#[tokio::test]
async fn a_token_is_exchanged_for_another() {
    let issued = "urn:ietf:params:oauth:token-type:access_token";
    let server = server(json!({"issued_token_type": issued})).await;
    let oauth = server.client();
    let subject = Secret::from("s3cret-subject");
    let actor = Secret::from("s3cret-actor");
    let tokens = oauth
        .token_exchange(ExchangeToken::access_token(&subject))
        .actor(ExchangeToken::new(TokenTypeUri::JWT, &actor))
        .requested_token_type(TokenTypeUri::ACCESS_TOKEN)
        .audience("api://backend")
        .resource("https://backend.example.com")
        .scopes(["orders:read"])
        .send()
        .await
        .unwrap();
    server.only("/token").assert_fields(&[
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("subject_token_type", issued),
        ("subject_token", "s3cret-subject"),
        ("actor_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ("actor_token", "s3cret-actor"),
        ("requested_token_type", issued),
        ("audience", "api://backend"),
        ("resource", "https://backend.example.com"),
        ("scope", "orders:read"),
        ("client_secret", "s3cret-cs"),
    ]);
    assert_eq!(tokens.issued_token_type, Some(TokenTypeUri::ACCESS_TOKEN));
}

#[tokio::test]
async fn an_exchange_may_give_what_is_no_access_token() {
    let jag = json!({
        "token_type": "N_A",
        "issued_token_type": "urn:ietf:params:oauth:token-type:id-jag",
    });
    let server = server(jag).await;
    let oauth = server.client();
    let subject = Secret::from("s3cret-id");
    let exchange = oauth.token_exchange(ExchangeToken::id_token(&subject));
    let tokens = exchange
        .requested_token_type(TokenTypeUri::ID_JAG)
        .send()
        .await
        .unwrap();
    assert_eq!(tokens.token_type, TokenType::NotApplicable);
    assert_eq!(tokens.issued_token_type, Some(TokenTypeUri::ID_JAG));

    let error = oauth.client_credentials().send().await.unwrap_err();
    assert_eq!(error.json_path(), Some("$.issued_token_type"));
    let nothing = Secret::from("");
    let exchange = oauth.token_exchange(ExchangeToken::device_secret(&nothing));
    let error = exchange.send().await.unwrap_err();
    assert!(error.is_invalid_argument());
    assert!(error.to_string().contains("`subject_token`"), "{error}");
}

#[tokio::test]
async fn any_other_grant_can_be_sent() {
    let saml = "urn:ietf:params:oauth:grant-type:saml2-bearer";
    let server = Server::start(|site, _| -> Response {
        tokens_reply(json!({
            "id_token": site.id_token(&json!({})),
            "device_secret": "s3cret-ds",
        }))
    })
    .await;
    let oauth = server.client();
    let grant = oauth
        .grant(saml)
        .param("assertion", "s3cret-saml")
        .scopes(["openid"]);
    let tokens = grant.clone().send().await.unwrap();
    assert_eq!(tokens.device_secret, Some(Secret::from("s3cret-ds")));
    let id_token: &IdToken = tokens.id_token.as_ref().unwrap();
    assert_eq!(id_token.claims().unwrap().subject, "00uJoe");
    server.only("/token").assert_fields(&[
        ("grant_type", saml),
        ("assertion", "s3cret-saml"),
        ("scope", "openid"),
        ("client_secret", "s3cret-cs"),
    ]);
    let twice = grant.param("assertion", "again").send().await.unwrap_err();
    assert!(twice.is_invalid_argument());
}
