//! Asking about tokens, and ending them.

use std::time::{Duration, UNIX_EPOCH};

use axum::response::IntoResponse;
use okta_auth::oauth::{
    Introspection, Subject, TokenKind, TokenType, Tokens, UserInfo, revoke_all_tokens,
};
use okta_auth::{ApiToken, Error, Pipeline, Secret};
use serde_json::{Value, json};

use super::server::*;

async fn introspect(answer: Value) -> (Seen, Result<Introspection, Error>) {
    let server = Server::start(move |_, _| json_reply(200, &answer)).await;
    let token = Secret::from("s3cret");
    let oauth = server.client();
    let result = oauth.introspect(&token, TokenKind::DeviceSecret).await;
    (server.only("/introspect"), result)
}

#[tokio::test]
async fn what_the_server_says_of_a_token_is_typed() {
    let (sent, result) = introspect(json!({
        "active": true,
        "scope": "openid profile",
        "client_id": "0oaX",
        "username": "joe@example.com",
        "uid": "00uJoe",
        "token_type": "Bearer",
        "exp": NOW + 60,
        "iat": NOW,
        "nbf": NOW,
        "sub": "joe",
        "aud": "api://default",
        "iss": "https://acme.okta.com/oauth2/default",
        "jti": "AT.1",
        "device_id": "guo1",
        "tenant": {"id": 7},
    }))
    .await;
    sent.assert_fields(&[
        ("token", "s3cret"),
        ("token_type_hint", "device_secret"),
        ("client_secret", "s3cret-cs"),
    ]);
    let token = result.unwrap();
    assert!(token.active && token.scopes.contains("profile"));
    assert_eq!(token.client_id.as_deref(), Some("0oaX"));
    assert_eq!(token.username.as_deref(), Some("joe@example.com"));
    assert_eq!(token.user_id.as_deref(), Some("00uJoe"));
    assert_eq!(token.token_type, Some(TokenType::Bearer));
    assert_eq!(token.expires_at, Some(now() + Duration::from_secs(60)));
    assert_eq!(
        (token.issued_at, token.not_before),
        (Some(now()), Some(now()))
    );
    assert_eq!(token.subject.as_deref(), Some("joe"));
    assert_eq!(token.audience, ["api://default"]);
    assert!(token.issuer.unwrap().ends_with("/default"));
    assert_eq!(token.id.as_deref(), Some("AT.1"));
    assert_eq!(token.device_id.as_deref(), Some("guo1"));
    assert_eq!(Value::Object(token.extra), json!({"tenant": {"id": 7}}));
}

#[tokio::test]
async fn an_inactive_token_says_nothing_else() {
    let (_, result) = introspect(json!({"active": false, "sub": "joe", "scope": "a"})).await;
    assert_eq!(result.unwrap(), Introspection::default());
}

#[tokio::test]
async fn an_answer_that_does_not_say_whether_is_an_error() {
    for (answer, path) in [
        (json!({}), "$.active"),
        (json!({"active": 1}), "$.active"),
        (json!({"active": true, "exp": "soon"}), "$.exp"),
        (json!([]), "$"),
    ] {
        let (_, result) = introspect(answer).await;
        assert_eq!(result.unwrap_err().json_path(), Some(path));
    }
}

#[tokio::test]
async fn a_token_is_revoked() {
    let server = Server::start(|_, _| "".into_response()).await;
    let oauth = server.public_client();
    let token = Secret::from("s3cret");
    oauth.revoke(&token, TokenKind::RefreshToken).await.unwrap();
    let sent = server.only("/revoke");
    sent.assert_fields(&[("token", "s3cret"), ("token_type_hint", "refresh_token")]);
    assert_eq!(sent.field("client_id").as_deref(), Some(CLIENT_ID));

    let empty = Secret::from("");
    for error in [
        oauth.revoke(&token, TokenKind::IdToken).await.unwrap_err(),
        oauth
            .revoke(&empty, TokenKind::AccessToken)
            .await
            .unwrap_err(),
        oauth
            .introspect(&empty, TokenKind::AccessToken)
            .await
            .unwrap_err(),
    ] {
        assert!(error.is_invalid_argument(), "{error}");
    }
    assert_eq!(server.seen("/revoke").len(), 1);
}

/// A server that tells `info` about whoever logs in.
async fn user_server(info: Value) -> Server {
    Server::start(move |site, seen| match seen.path.as_str() {
        "/token" => tokens_reply(json!({"id_token": site.id_token(&json!({}))})),
        _ => json_reply(200, &info),
    })
    .await
}

async fn tokens(server: &Server) -> Tokens {
    let password = Secret::from("s3cret-pw");
    let oauth = server.public_client();
    oauth.password("joe", &password).send().await.unwrap()
}

#[tokio::test]
async fn what_the_server_knows_of_a_user_is_typed() {
    let server = user_server(json!({
        "sub": "00uJoe",
        "name": "Joe Doe",
        "given_name": "Joe",
        "family_name": "Doe",
        "middle_name": "X",
        "nickname": "J",
        "preferred_username": "joe@example.com",
        "profile": "https://example.com/joe",
        "picture": "https://example.com/joe.png",
        "website": "https://joe.example.com",
        "gender": "male",
        "birthdate": "1990-12-31",
        "zoneinfo": "America/Los_Angeles",
        "locale": "en-US",
        "updated_at": 1_311_280_970,
        "email": "joe@example.com",
        "email_verified": "true",
        "phone_number": "+1 425 555 1212",
        "phone_number_verified": false,
        "groups": ["Everyone"],
        "address": {"locality": "San Francisco"},
    }))
    .await;
    let oauth = server.public_client();
    let user: UserInfo = oauth.user_info(&tokens(&server).await).await.unwrap();
    let texts = [
        (&user.name, "Joe Doe"),
        (&user.given_name, "Joe"),
        (&user.family_name, "Doe"),
        (&user.middle_name, "X"),
        (&user.nickname, "J"),
        (&user.preferred_username, "joe@example.com"),
        (&user.profile, "https://example.com/joe"),
        (&user.picture, "https://example.com/joe.png"),
        (&user.website, "https://joe.example.com"),
        (&user.gender, "male"),
        (&user.birthdate, "1990-12-31"),
        (&user.zoneinfo, "America/Los_Angeles"),
        (&user.locale, "en-US"),
        (&user.email, "joe@example.com"),
        (&user.phone_number, "+1 425 555 1212"),
    ];
    for (found, expected) in texts {
        assert_eq!(found.as_deref(), Some(expected));
    }
    assert_eq!(user.subject, "00uJoe");
    assert_eq!(
        user.updated_at,
        Some(UNIX_EPOCH + Duration::from_secs(1_311_280_970))
    );
    assert_eq!(
        (user.email_verified, user.phone_number_verified),
        (Some(true), Some(false))
    );
    assert_eq!(user.groups, ["Everyone"]);
    assert_eq!(user.extra["address"]["locality"], "San Francisco");

    let sent = server.only("/userinfo");
    assert_eq!(sent.method, "GET");
    assert_eq!(sent.header("authorization"), Some("Bearer s3cret-at"));
}

#[tokio::test]
async fn another_users_claims_are_refused() {
    let server = user_server(json!({"sub": "00uMallory"})).await;
    let oauth = server.public_client();
    let tokens = tokens(&server).await;
    let error = oauth.user_info(&tokens).await.unwrap_err();
    assert!(error.is_credentials());
    assert!(error.to_string().contains("00uMallory"), "{error}");
    // With the access token alone, nobody knows whom it should be about.
    let user = oauth.user_info(&tokens.access_token).await.unwrap();
    assert_eq!(user.subject, "00uMallory");
}

#[tokio::test]
async fn user_info_that_is_none_is_an_error() {
    let oauth_error = |status: u16, challenge: &'static str| async move {
        let server = Server::start(move |_, _| {
            let status = http::StatusCode::from_u16(status).unwrap();
            let challenge = [("www-authenticate", challenge)];
            (status, challenge).into_response()
        })
        .await;
        let token = Secret::from("s3cret");
        server.public_client().user_info(&token).await.unwrap_err()
    };
    let expired = oauth_error(401, r#"Bearer error="invalid_token""#).await;
    assert_eq!(expired.code(), Some("invalid_token"));
    let challenge = r#"Bearer error="insufficient_scope", scope="openid""#;
    assert_eq!(
        oauth_error(403, challenge).await.missing_scope(),
        Some("openid")
    );

    let server = user_server(json!({"name": "nobody"})).await;
    let oauth = server.public_client();
    let error = oauth.user_info(&Secret::from("s3cret")).await.unwrap_err();
    assert_eq!(error.json_path(), Some("$.sub"));
    for wrong in ["", "two words", "line\n"] {
        let error = oauth.user_info(&Secret::from(wrong)).await.unwrap_err();
        assert!(error.is_invalid_argument(), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_logout_is_a_url_for_the_browser() {
    let server = user_server(json!({})).await;
    let oauth = server.public_client();
    let tokens = tokens(&server).await;
    let id_token = tokens.id_token.as_ref().unwrap();
    let url = oauth
        .logout_url(id_token)
        .post_logout_redirect_uri("http://localhost:8000/?bye=1")
        .state("s t")
        .build()
        .await
        .unwrap();
    assert_eq!(url.path(), "/logout");
    for (name, value) in [
        ("id_token_hint", id_token.raw.expose()),
        ("client_id", CLIENT_ID),
        ("post_logout_redirect_uri", "http://localhost:8000/?bye=1"),
        ("state", "s t"),
    ] {
        assert_eq!(parameter(url.as_str(), name).as_deref(), Some(value));
    }
    let plain = oauth.logout_url(id_token).build().await.unwrap();
    assert_eq!(parameter(plain.as_str(), "post_logout_redirect_uri"), None);
    let wrong = oauth.logout_url(id_token).post_logout_redirect_uri("/bye");
    assert!(wrong.build().await.unwrap_err().is_configuration());
}

#[tokio::test]
async fn all_tokens_of_a_user_end_at_once() {
    let server = Server::start(|_, _| json_reply(204, &json!(null))).await;
    let org = server.issuer().org_url();
    let pipeline = Pipeline::builder(org, ApiToken::new("00abc").unwrap());
    let pipeline = pipeline.build().unwrap();
    let path = "/oauth2/v1/global-token-revocation";
    for (subject, body) in [
        (
            Subject::user("00uJoe"),
            json!({"sub_id": {"format": "opaque", "id": "00uJoe"}}),
        ),
        (
            Subject::of_identity_provider("https://idp.example.com", "joe"),
            json!({
                "sub_id": {"format": "iss_sub", "iss": "https://idp.example.com", "sub": "joe"}
            }),
        ),
    ] {
        revoke_all_tokens(&pipeline, &subject).await.unwrap();
        let sent = server.seen(path).pop().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&sent.body).unwrap(), body);
        assert_eq!(sent.header("authorization"), Some("SSWS 00abc"));
        assert_eq!(sent.header("content-type"), Some("application/json"));
    }
    for nobody in [
        Subject::user(""),
        Subject::of_identity_provider("", "joe"),
        Subject::of_identity_provider("https://idp.example.com", ""),
    ] {
        let error = revoke_all_tokens(&pipeline, &nobody).await.unwrap_err();
        assert!(error.is_invalid_argument());
    }
    assert_eq!(server.seen(path).len(), 2);
}
