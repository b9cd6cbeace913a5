//! JWT bearer, cross-app access, and native SSO.

use aws_lc_rs::digest::{SHA256, digest};
use okta_auth::oauth::{Callback, ExchangeToken, OAuthClient};
use okta_auth::{Dpop, Error, Secret};
use serde_json::{Value, json};

use super::server::*;

const JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

#[tokio::test]
async fn a_jwt_is_worth_tokens() {
    let server =
        Server::start(|site, _| tokens_reply(json!({"id_token": site.id_token(&json!({}))}))).await;
    let oauth = server.client();
    let assertion = Secret::from("s3cret.jwt.x");
    let grant = oauth
        .jwt_bearer(&assertion)
        .scopes(["openid", "orders:read"]);
    let tokens = grant.send().await.unwrap();
    assert_eq!(tokens.id_token.unwrap().claims().unwrap().subject, "00uJoe");
    server.only("/token").assert_fields(&[
        ("grant_type", JWT_BEARER),
        ("assertion", "s3cret.jwt.x"),
        ("scope", "openid orders:read"),
        ("client_secret", "s3cret-cs"),
    ]);
    let empty = Secret::from("");
    let error = oauth.jwt_bearer(&empty).send().await.unwrap_err();
    assert!(error.is_invalid_argument());
}

/// The user's identity provider, which answers an exchange with `answer`.
async fn provider(answer: Value) -> Server {
    Server::start(move |_, _| tokens_reply(answer.clone())).await
}

#[tokio::test]
async fn a_login_here_opens_the_api_of_another_app() {
    let jag = json!({
        "access_token": "s3cret.jag.x", "token_type": "N_A", "issued_token_type": JAG,
        "scope": "chat.read", "expires_in": 300,
    });
    let okta = provider(jag).await;
    let chat = Server::start(|_, _| tokens_reply(json!({"access_token": "s3cret-chat"}))).await;
    let id_token = Secret::from("s3cret.id.x");
    let at_okta = okta.client();
    let assertion = at_okta
        .cross_app_access(ExchangeToken::id_token(&id_token), &chat.issuer())
        .resource("https://chat.example.com/api")
        .scopes(["chat.read", "chat.history"])
        .send()
        .await
        .unwrap();
    okta.only("/token").assert_fields(&[
        ("grant_type", EXCHANGE),
        ("subject_token_type", ID_TOKEN),
        ("subject_token", "s3cret.id.x"),
        ("requested_token_type", JAG),
        ("audience", &chat.site().issuer),
        ("resource", "https://chat.example.com/api"),
        ("scope", "chat.read chat.history"),
        ("client_secret", "s3cret-cs"),
    ]);
    assert_eq!(assertion.scopes.to_string(), "chat.read");
    let life = assertion.expires_at.unwrap().duration_since(now()).unwrap();
    assert_eq!(life.as_secs(), 300);
    assert!(
        !format!("{assertion:?}").contains("s3cret"),
        "{assertion:?}"
    );

    // A client of another server does not get it.
    let error = assertion.redeem(&at_okta).unwrap_err();
    assert!(error.is_configuration(), "{error}");
    let at_chat = chat.client();
    let tokens = assertion.redeem(&at_chat).unwrap().send().await.unwrap();
    assert_eq!(tokens.access_token.expose(), "s3cret-chat");
    chat.only("/token").assert_fields(&[
        ("grant_type", JWT_BEARER),
        ("assertion", "s3cret.jag.x"),
        ("scope", "chat.read"),
        ("client_secret", "s3cret-cs"),
    ]);
}

#[tokio::test]
async fn what_is_no_identity_assertion_is_not_taken_for_one() {
    for answer in [
        json!({"token_type": "N_A"}),
        json!({"token_type": "Bearer"}),
        json!({"token_type": "N_A", "issued_token_type": ID_TOKEN}),
        json!({
            "token_type": "Bearer",
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        }),
    ] {
        let okta = provider(answer.clone()).await;
        let oauth = okta.client();
        let id_token = Secret::from("s3cret.id.x");
        let subject = ExchangeToken::id_token(&id_token);
        let access = oauth.cross_app_access(subject, oauth.issuer());
        let error = access.send().await.unwrap_err();
        let path = error.json_path();
        assert_eq!(path, Some("$.issued_token_type"), "{answer}: {error}");
    }
}

#[tokio::test]
async fn an_identity_assertion_may_come_to_a_client_that_binds_its_tokens() {
    let okta = provider(json!({"token_type": "N_A", "issued_token_type": JAG})).await;
    let oauth = okta.builder().dpop(Dpop::new().unwrap()).build().unwrap();
    let id_token = Secret::from("s3cret.id.x");
    let subject = ExchangeToken::id_token(&id_token);
    let access = oauth.cross_app_access(subject, oauth.issuer());
    assert!(access.send().await.is_ok());
}

fn ds_hash(device_secret: &str) -> String {
    base64url(&digest(&SHA256, device_secret.as_bytes()).as_ref()[..16])
}

/// A server whose ID tokens have `ds_hash` and come with `device_secret`, if any.
async fn device_server(ds_hash: Value, device_secret: Value) -> Server {
    Server::start(move |site, _| {
        tokens_reply(json!({
            "id_token": site.id_token(&json!({"ds_hash": ds_hash})),
            "device_secret": device_secret,
        }))
    })
    .await
}

async fn native_sso(oauth: &OAuthClient) -> Result<okta_auth::oauth::Tokens, Error> {
    let (id_token, device_secret) = ("s3cret.id.x".into(), "s3cret-ds".into());
    let sso = oauth.native_sso(&id_token, &device_secret);
    sso.scopes(["openid"]).send().await
}

#[tokio::test]
async fn a_login_of_one_app_is_shared_with_another_on_the_device() {
    let server = device_server(json!(ds_hash("s3cret-ds")), Value::Null).await;
    let tokens = native_sso(&server.public_client()).await.unwrap();
    assert_eq!(tokens.id_token.unwrap().claims().unwrap().subject, "00uJoe");
    assert_eq!(tokens.device_secret, Some("s3cret-ds".into()));
    server.only("/token").assert_fields(&[
        ("grant_type", EXCHANGE),
        ("subject_token_type", ID_TOKEN),
        ("subject_token", "s3cret.id.x"),
        (
            "actor_token_type",
            "urn:x-oath:params:oauth:token-type:device-secret",
        ),
        ("actor_token", "s3cret-ds"),
        ("audience", &server.site().issuer),
        ("scope", "openid"),
    ]);
}

#[tokio::test]
async fn an_id_token_of_another_device_secret_is_refused() {
    let own = json!(ds_hash("s3cret-ds"));
    for (hash, given, is_good) in [
        (own.clone(), Value::Null, true),
        (json!(ds_hash("s3cret-new")), json!("s3cret-new"), true),
        (Value::Null, Value::Null, true),
        (json!(ds_hash("another")), Value::Null, false),
        (own.clone(), json!("s3cret-new"), false),
        (json!(1), Value::Null, false),
    ] {
        let server = device_server(hash.clone(), given.clone()).await;
        let answer = native_sso(&server.public_client()).await;
        assert_eq!(answer.is_ok(), is_good, "{hash} {given}");
    }
    // The first login of the device too.
    for (hash, is_good) in [(own, true), (json!(ds_hash("another")), false)] {
        let server = device_server(hash, json!("s3cret-ds")).await;
        let password = Secret::from("s3cret-pw");
        let oauth = server.public_client();
        let answer = oauth.password("joe", &password).send().await;
        assert_eq!(answer.is_ok(), is_good);
        assert!(
            answer
                .err()
                .is_none_or(|error| error.to_string().contains("`ds_hash`"))
        );
    }
}

#[tokio::test]
async fn the_one_resource_of_a_login_is_named_again_with_its_code() {
    let server = Server::start(|_, _| tokens_reply(json!({}))).await;
    let oauth = server.public_client();
    for (resources, expected) in [
        (
            &["https://a.example.com"][..],
            Some("https://a.example.com"),
        ),
        (&["https://a.example.com", "https://b.example.com"], None),
        (&[], None),
    ] {
        let mut login = oauth.login().scopes(["orders:read"]);
        for resource in resources {
            login = login.resource(*resource);
        }
        let login = login.start().await.unwrap();
        let callback = format!("code=c&state={}", login.state().expose());
        let callback = Callback::parse(&callback).unwrap();
        oauth.exchange_code(&login, &callback).await.unwrap();
        let seen = server.seen("/token").pop().unwrap();
        assert_eq!(seen.field("resource").as_deref(), expected);
    }
}
