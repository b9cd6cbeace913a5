//! Tokens that are bound to a key.

use aws_lc_rs::digest::{SHA256, digest};
use okta_auth::oauth::{ClientAuthentication, OAuthClient, TokenType, UserInfoToken};
use okta_auth::{Dpop, Secret};
use serde_json::json;

use super::server::*;

fn client(server: &Server, dpop: &Dpop) -> OAuthClient {
    let secret = ClientAuthentication::secret_post("s3cret-cs");
    let builder = server.builder().authentication(secret);
    builder.dpop(dpop.clone()).build().unwrap()
}

async fn server(token_type: &'static str) -> Server {
    Server::start(move |_, seen| match seen.path.as_str() {
        "/userinfo" => json_reply(200, &json!({"sub": "00uJoe"})),
        _ => tokens_reply(json!({"token_type": token_type, "refresh_token": "s3cret-rt"})),
    })
    .await
}

#[tokio::test]
async fn tokens_know_their_key_and_are_used_with_it() {
    let server = server("dpop").await;
    let dpop = Dpop::new()
        .unwrap()
        .rotate_key_every(std::time::Duration::ZERO);
    let oauth = client(&server, &dpop);
    let tokens = oauth.client_credentials().send().await.unwrap();
    assert_eq!(tokens.token_type, TokenType::Dpop);
    let key = tokens.dpop_key.clone().unwrap();

    // New tokens get a new key; those that replace others keep theirs.
    let other = oauth.client_credentials().send().await.unwrap();
    assert_ne!(other.dpop_key, tokens.dpop_key);
    let refresh = oauth.refresh(&Secret::from("s3cret-rt")).replacing(&tokens);
    assert_eq!(refresh.await.unwrap().dpop_key, tokens.dpop_key);

    oauth.user_info(&tokens).await.unwrap();
    let sent = server.only("/userinfo");
    assert_eq!(sent.header("authorization"), Some("DPoP s3cret-at"));
    let proof = sent.header("dpop").unwrap();
    let hash = base64url(digest(&SHA256, b"s3cret-at"));
    assert_eq!(part(proof, 1)["ath"], json!(hash));
    let jwk = okta_auth::jose::Jwk::from_json(&part(proof, 0)["jwk"]).unwrap();
    assert_eq!(jwk.thumbprint(), key.thumbprint());
    for sent in server.seen("/token") {
        let proof = part(sent.header("dpop").unwrap(), 1);
        assert_eq!(proof["htm"], "POST");
        assert_eq!(proof["htu"], format!("{}/token", server.site().issuer));
        assert_eq!(proof["ath"], json!(null));
    }
}

#[tokio::test]
async fn an_access_token_alone_goes_by_the_client() {
    let server = server("DPoP").await;
    let token = Secret::from("s3cret-at");
    let oauth = client(&server, &Dpop::new().unwrap());
    oauth.user_info(&token).await.unwrap();
    server
        .client()
        .user_info(UserInfoToken::from(&token))
        .await
        .unwrap();
    let schemes: Vec<_> = server
        .seen("/userinfo")
        .iter()
        .map(|seen| seen.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(schemes, ["DPoP s3cret-at", "Bearer s3cret-at"]);
}

#[tokio::test]
async fn a_token_that_is_not_bound_is_refused() {
    let server = server("Bearer").await;
    let oauth = client(&server, &Dpop::new().unwrap());
    let error = oauth.client_credentials().send().await.unwrap_err();
    assert_eq!(error.json_path(), Some("$.token_type"));
}

#[tokio::test]
async fn bound_tokens_need_a_client_that_proves() {
    let server = server("DPoP").await;
    let bound = client(&server, &Dpop::new().unwrap());
    let tokens = bound.client_credentials().send().await.unwrap();
    let plain = server.client();
    assert!(
        plain
            .user_info(&tokens)
            .await
            .unwrap_err()
            .is_configuration()
    );
    let refresh_token = tokens.refresh_token.clone().unwrap();
    let refresh = plain.refresh(&refresh_token).replacing(&tokens);
    assert!(refresh.await.unwrap_err().is_configuration());
}
