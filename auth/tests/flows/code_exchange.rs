//! Ending a login.

use aws_lc_rs::digest::{SHA256, digest};
use axum::response::Response;
use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::oauth::{Callback, Login, OAuthClient, Tokens};
use okta_auth::{Error, Issuer, Secret};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use super::server::*;

/// The server takes the code for the nonce, so that it need not be told the nonce otherwise.
fn id_token_for(site: &Site, seen: &Seen, changes: &Value) -> String {
    let mut with_nonce = json!({"nonce": seen.field("code").unwrap()});
    with_nonce
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    site.id_token(&with_nonce)
}

async fn server_with(changes: Value) -> Server {
    Server::start(move |site, seen| {
        let id_token = id_token_for(site, seen, &changes);
        tokens_reply(json!({"id_token": id_token}))
    })
    .await
}

fn callback(login: &Login, more: &str) -> Callback {
    let nonce = parameter(login.url(), "nonce").unwrap_or_else(|| "none".to_owned());
    let state = login.state().expose();
    Callback::parse(&format!("?code={nonce}&state={state}{more}")).unwrap()
}

async fn log_in(oauth: &OAuthClient) -> Result<Tokens, Error> {
    let login = oauth.login().start().await?;
    oauth.exchange_code(&login, &callback(&login, "")).await
}

#[tokio::test]
async fn the_code_is_worth_verified_tokens() {
    let at_hash = base64url(&digest(&SHA256, b"s3cret-at").as_ref()[..16]);
    let server = Server::start(move |site, seen| {
        let more = json!({"at_hash": at_hash, "email": "joe@example.com"});
        tokens_reply(json!({
            "id_token": id_token_for(site, seen, &more),
            "refresh_token": "s3cret-rt",
            "scope": "openid email",
            "x_member": [1],
        }))
    })
    .await;
    let oauth = server.public_client();
    let login = oauth.login().scopes(["openid", "email", "x"]).start();
    let login = login.await.unwrap();
    // By way of a session store.
    let stored = serde_json::to_string(&login).unwrap();
    let login: Login = serde_json::from_str(&stored).unwrap();
    let callback = callback(&login, "");
    let tokens = oauth.exchange_code(&login, &callback).await.unwrap();

    assert_eq!(tokens.access_token.expose(), "s3cret-at");
    assert_eq!(tokens.refresh_token, Some(Secret::from("s3cret-rt")));
    assert_eq!(tokens.scopes.to_string(), "openid email");
    assert_eq!(tokens.expires_at, Some(now() + Duration::from_secs(3600)));
    assert_eq!(tokens.extra["x_member"], json!([1]));
    let claims = tokens.id_token.as_ref().unwrap().claims().unwrap();
    assert_eq!(claims.subject, "00uJoe");
    assert_eq!(claims.email(), Some("joe@example.com"));

    // The server is asked about itself once, by whoever comes first.
    server.only("/.well-known/openid-configuration");
    server.only("/keys");
    let sent = server.only("/token");
    let verifier = sent.field("code_verifier").unwrap();
    sent.assert_fields(&[
        ("grant_type", "authorization_code"),
        ("code", &parameter(login.url(), "nonce").unwrap()),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", &verifier),
    ]);
    assert_eq!(sent.field("client_id").as_deref(), Some(CLIENT_ID));
    assert_eq!(
        parameter(login.url(), "code_challenge").unwrap(),
        base64url(digest(&SHA256, verifier.as_bytes()))
    );
}

#[tokio::test]
async fn tokens_survive_a_store() {
    let server = server_with(json!({"groups": ["a"]})).await;
    let tokens = log_in(&server.public_client()).await.unwrap();
    let stored = serde_json::to_string(&tokens).unwrap();
    let read: Tokens = serde_json::from_str(&stored).unwrap();
    assert_eq!(read.access_token, tokens.access_token);
    assert_eq!(read.expires_at, tokens.expires_at);
    assert_eq!(read.token_type, tokens.token_type);
    let (read, id_token) = (read.id_token.unwrap(), tokens.id_token.unwrap());
    assert_eq!(read.raw, id_token.raw);
    assert!(serde_json::from_str::<Tokens>(&stored.replace('.', "")).is_err());
}

#[tokio::test]
async fn a_callback_of_another_login_or_server_goes_nowhere() {
    let server = server_with(json!({})).await;
    let oauth = server.public_client();
    let login = oauth.login().start().await.unwrap();
    let other = oauth.login().start().await.unwrap();
    for (callback, why) in [
        (callback(&other, ""), "`state`"),
        (callback(&login, "&iss=https%3A%2F%2Fevil.example"), "`iss`"),
    ] {
        let error = oauth.exchange_code(&login, &callback).await.unwrap_err();
        assert!(error.is_credentials(), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    let forged = "error=access_denied&error_description=call+us&state=forged";
    let forged = Callback::parse(forged).unwrap();
    let error = oauth.exchange_code(&login, &forged).await.unwrap_err();
    assert_eq!((error.code(), error.is_credentials()), (None, true));
    assert!(server.seen("/token").is_empty());

    let own = format!("&iss={}", server.site().issuer);
    assert!(
        oauth
            .exchange_code(&login, &callback(&login, &own))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_server_that_names_itself_must_do_so() {
    let named = json!({"authorization_response_iss_parameter_supported": true});
    let server = Server::with_metadata(named, |site, seen| {
        tokens_reply(json!({"id_token": id_token_for(site, seen, &json!({}))}))
    })
    .await;
    let oauth = server.public_client();
    let error = log_in(&oauth).await.unwrap_err();
    assert!(error.to_string().contains("`iss`"), "{error}");
    assert!(server.seen("/token").is_empty());
}

#[tokio::test]
async fn an_error_in_the_callback_keeps_its_code_and_summary() {
    let server = server_with(json!({})).await;
    let oauth = server.public_client();
    let login = oauth.login().start().await.unwrap();
    let state = login.state().expose();
    let body = format!("error=access_denied&error_description=Not+today&state={state}");
    let refused = Callback::parse(&body).unwrap();
    let error = oauth.exchange_code(&login, &refused).await.unwrap_err();
    assert_eq!(error.code(), Some("access_denied"));
    assert_eq!(error.summary(), Some("Not today"));
    assert_eq!(
        error.to_string(),
        "the login failed: access_denied: Not today"
    );
    assert!(server.seen("/token").is_empty());
}

#[tokio::test]
async fn a_login_ends_where_it_began() {
    let server = server_with(json!({})).await;
    let oauth = server.public_client();
    let login = oauth.login().start().await.unwrap();
    let elsewhere = Issuer::parse("https://acme.okta.com").unwrap();
    for other in [
        OAuthClient::builder(elsewhere, CLIENT_ID),
        OAuthClient::builder(server.issuer(), "0oaOther"),
    ] {
        let other = other.build().unwrap();
        let error = other.exchange_code(&login, &callback(&login, "")).await;
        assert!(error.unwrap_err().is_configuration());
    }
    assert!(server.seen("/token").is_empty());
}

#[tokio::test]
async fn an_id_token_that_is_not_of_this_login_is_refused() {
    for (changes, why) in [
        (json!({"nonce": "another"}), "nonce"),
        (json!({"nonce": null}), "nonce"),
        (json!({"aud": "0oaOther"}), "aud"),
        (json!({"iss": "https://evil.example"}), "iss"),
        (json!({"exp": NOW - 3600}), "expired"),
        (json!({"sub": null}), "sub"),
        (json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}), "at_hash"),
    ] {
        let server = server_with(changes.clone()).await;
        let error = log_in(&server.public_client()).await.unwrap_err();
        assert!(error.is_credentials(), "{changes}: {error}");
        assert!(error.to_string().contains(why), "{changes}: {error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
}

#[tokio::test]
async fn an_old_or_weak_login_is_refused() {
    let exchange = |changes| async {
        let server = server_with(changes).await;
        let oauth = server.public_client();
        let login = oauth
            .login()
            .max_age(Duration::from_secs(300))
            .acr_values(["2fa"]);
        let login = login.start().await.unwrap();
        oauth.exchange_code(&login, &callback(&login, "")).await
    };
    assert!(exchange(json!({"acr": "2fa"})).await.is_ok());
    for changes in [
        json!({"acr": "2fa", "auth_time": NOW - 1000}),
        json!({"acr": "2fa", "auth_time": null}),
        json!({"acr": "1fa"}),
        json!({}),
    ] {
        let error = exchange(changes).await.unwrap_err();
        assert!(error.is_credentials(), "{error}");
    }
}

#[tokio::test]
async fn an_id_token_of_another_key_or_algorithm_is_refused() {
    let mut keys = vec![SigningKey::generate(Algorithm::Es256).unwrap()];
    keys.push(SigningKey::generate(Algorithm::Rs256).unwrap());
    for key in keys {
        let key = key.with_key_id("server-key");
        let server = Server::start(move |site, seen| {
            let claims = site.id_claims(&json!({"nonce": seen.field("code").unwrap()}));
            tokens_reply(json!({"id_token": signed(&key, &claims)}))
        })
        .await;
        let error = log_in(&server.public_client()).await.unwrap_err();
        assert!(error.is_credentials(), "{error}");
    }
}

#[tokio::test]
async fn other_algorithms_are_taken_if_they_are_asked_for() {
    let server = Server::start(|site, seen| {
        let claims = site.id_claims(&json!({"nonce": seen.field("code").unwrap()}));
        tokens_reply(json!({"id_token": signed(&EC_KEY, &claims)}))
    })
    .await;
    assert!(log_in(&server.public_client()).await.is_err());
    let builder = server.builder().id_token_algorithms([Algorithm::Es256]);
    let tokens = log_in(&builder.build().unwrap()).await.unwrap();
    assert_eq!(tokens.id_token.unwrap().claims().unwrap().subject, "00uJoe");
}

#[tokio::test]
async fn an_id_token_must_come_only_if_it_was_asked_for() {
    let server = Server::start(|_, _| tokens_reply(json!({}))).await;
    let oauth = server.public_client();
    let error = log_in(&oauth).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.json_path(), Some("$.id_token"));

    let login = oauth.login().scopes(["orders:read"]).start().await.unwrap();
    let tokens = oauth.exchange_code(&login, &callback(&login, "")).await;
    assert_eq!(tokens.unwrap().scopes.to_string(), "orders:read");
}

#[tokio::test]
async fn a_used_code_is_the_servers_error() {
    let respond = |_: &Site, _: &Seen| -> Response {
        error_reply(400, "invalid_grant", "The authorization code is invalid")
    };
    let server = Server::start(respond).await;
    let error = log_in(&server.public_client()).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_grant"));
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(server.seen("/token").len(), 1);
}

/// Takes requests and hangs up, counting them.
#[tokio::test]
async fn a_code_is_not_sent_again_after_its_answer_was_lost() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let issuer = Issuer::parse(&issuer).unwrap();
    let metadata = okta_auth::ServerMetadata::okta(&issuer);
    let counter = tokio::spawn(async move {
        let mut requests = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 16];
            if stream.read(&mut head).await.unwrap() > 0 && head.starts_with(b"POST") {
                requests += 1;
            } else {
                break;
            }
        }
        requests
    });
    let oauth = OAuthClient::builder(issuer.clone(), CLIENT_ID)
        .metadata(metadata)
        .redirect_uri(REDIRECT_URI)
        .unwrap()
        .build()
        .unwrap();
    let error = log_in(&oauth).await.unwrap_err();
    assert!(error.is_transport() && !error.is_timeout(), "{error}");
    assert_eq!(error.operation(), Some("token"));
    // Anything but a POST ends the count.
    let address = issuer.as_str().trim_start_matches("http://").to_owned();
    drop(tokio::net::TcpStream::connect(address).await.unwrap());
    assert_eq!(counter.await.unwrap(), 1);
}
