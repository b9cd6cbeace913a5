//! No public type shows a secret.

use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::oauth::{
    Callback, ClientAuthentication, ExchangeToken, Poll, TokenKind, UserHint, UserInfoToken,
};
use okta_auth::{Dpop, Secret};
use serde_json::{Value, json};

use super::server::*;

/// Answers every endpoint, each value a secret.
async fn server() -> Server {
    Server::start(|site, seen| match seen.path.as_str() {
        "/token" => tokens_reply(json!({
            "token_type": if seen.header("dpop").is_some() { "DPoP" } else { "Bearer" },
            "refresh_token": "s3cret-rt",
            "device_secret": "s3cret-ds",
            "vaulted": "s3cret-extra",
            "id_token": site.id_token(&json!({
                "nonce": seen.field("code"),
                "email": "s3cret@example.com",
            })),
        })),
        "/userinfo" => json_reply(
            200,
            &json!({"sub": "00uJoe", "email": "s3cret@example.com"}),
        ),
        "/introspect" => json_reply(
            200,
            &json!({"active": true, "username": "s3cret", "x": "s3cret"}),
        ),
        _ => json_reply(
            200,
            &json!({
                "device_code": "s3cret-dc",
                "auth_req_id": "s3cret-ar",
                "user_code": "s3cret-uc",
                "verification_uri": "https://acme.okta.com/activate",
                "verification_uri_complete": "https://acme.okta.com/activate?user_code=s3cret-uc",
                "expires_in": 600,
            }),
        ),
    })
    .await
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let server = server().await;
    let secret = Secret::from("s3cret-any");
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let methods = [
        ClientAuthentication::secret_basic("s3cret-cs"),
        ClientAuthentication::secret_post("s3cret-cs"),
        ClientAuthentication::private_key(key.clone()),
        ClientAuthentication::none(),
    ];
    let builder = server
        .builder()
        .authentication(methods[0].clone())
        .dpop(Dpop::new().unwrap());
    let oauth = builder.clone().build().unwrap();
    let login = oauth.login().start().await.unwrap();
    let stored = serde_json::to_value(&login).unwrap();
    let nonce = parameter(login.url(), "nonce").unwrap();
    let callback = format!("code={nonce}&state={}", login.state().expose());
    let callback = Callback::parse(&callback).unwrap();
    let tokens = oauth.exchange_code(&login, &callback).await.unwrap();
    let id_token = tokens.id_token.clone().unwrap();
    let mut device = oauth.device().start().await.unwrap();
    let hint = UserHint::login("s3cret-joe");
    let backchannel = oauth.backchannel(hint.clone()).start().await.unwrap();
    let poll: Poll = device.poll().await.unwrap();
    let info = oauth.user_info(&tokens).await.unwrap();
    let introspection = oauth.introspect(&secret, TokenKind::AccessToken).await;

    let texts = [
        format!("{methods:?} {builder:?} {oauth:?} {login:?} {callback:?}"),
        format!("{tokens:?} {:#?} {id_token:?} {device:?}", Some(&tokens)),
        format!("{hint:?} {backchannel:?} {poll:?} {info:?} {introspection:?}"),
        format!("{:?}", UserInfoToken::from(&tokens)),
        format!(
            "{:?}",
            oauth.login().login_hint("s3cret").param("x", "s3cret")
        ),
        format!("{:?}", oauth.client_credentials()),
        format!("{:?}", oauth.refresh(&secret).replacing(&tokens)),
        format!("{:?}", oauth.device()),
        format!("{:?}", oauth.backchannel(hint)),
        format!(
            "{:?}",
            oauth.token_exchange(ExchangeToken::access_token(&secret))
        ),
        format!("{:?}", oauth.password("joe", &secret)),
        format!("{:?}", oauth.grant("x").param("assertion", "s3cret")),
        format!("{:?}", oauth.logout_url(&id_token).state("s3cret")),
    ];
    let hidden = ["state", "code_verifier", "nonce"].map(|name| match &stored[name] {
        Value::String(text) => text.clone(),
        other => panic!("{name} is {other}"),
    });
    for text in texts {
        assert!(!text.contains("s3cret"), "{text}");
        assert!(!text.contains(id_token.raw.expose()), "{text}");
        for hidden in &hidden {
            assert!(!text.contains(hidden), "{text}");
        }
    }
}
