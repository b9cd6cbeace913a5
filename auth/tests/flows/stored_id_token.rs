//! What comes back from a store may have been written by anyone who reaches the store.

use okta_auth::oauth::{IdToken, Login, Tokens};
use serde_json::{Value, json};

use super::server::*;

async fn server() -> Server {
    Server::start(|_, _| panic!("nothing is to be asked")).await
}

fn stored(raw: &str) -> IdToken {
    serde_json::from_value(json!(raw)).unwrap()
}

#[tokio::test]
async fn a_stored_id_token_says_nothing_until_it_is_verified() {
    let server = server().await;
    let raw = server
        .site()
        .id_token(&json!({"groups": ["a"], "nonce": "n"}));
    let mut read = stored(&raw);
    let error = read.claims().unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert!(error.to_string().contains("`verify`"), "{error}");
    assert!(!format!("{read:?}").contains("00uJoe"), "{read:?}");

    let claims = read.verify(&server.public_client()).await.unwrap();
    assert!(claims.require_group("a").is_ok());
    assert_eq!(read.claims().unwrap().subject, "00uJoe");
    // What was verified here is not verified for whoever reads it next.
    let again: IdToken = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
    assert!(again.claims().is_err());
}

#[tokio::test]
async fn a_forged_id_token_in_the_store_gives_no_claims() {
    let server = server().await;
    let admin = json!({"groups": ["Admins"]});
    let good = server.site().id_token(&admin);
    let (signed_part, signature) = good.rsplit_once('.').unwrap();
    let unsigned = format!(
        "{}.{}.",
        base64url(json!({"alg": "none"}).to_string()),
        base64url(server.site().id_claims(&admin).to_string())
    );
    let of_another = server.site().id_token(&json!({"aud": "0oaOther"}));
    let over = server.site().id_token(&json!({"exp": NOW - 3600}));
    let cut = format!("{signed_part}.{}", &signature[..signature.len() - 4]);
    for raw in [unsigned, of_another, over, cut] {
        let mut read = stored(&raw);
        assert!(read.claims().is_err());
        let error = read.verify(&server.public_client()).await.unwrap_err();
        assert!(error.is_credentials(), "{error}");
        assert!(read.claims().is_err(), "it stays unverified");
    }
}

#[test]
fn what_is_no_token_of_a_user_is_damaged() {
    let no_subject = format!("e30.{}.x", base64url("{}"));
    for raw in ["", "a.b", "a.b.c", "a.b.c.d", "e30.e30.x.y", &no_subject] {
        let read = serde_json::from_value::<IdToken>(json!(raw));
        assert!(read.is_err(), "{raw}");
    }
}

#[tokio::test]
async fn a_stored_subject_refuses_others_and_proves_nothing() {
    let server = Server::start(|_, _| json_reply(200, &json!({"sub": "00uMallory"}))).await;
    let raw = server.site().id_token(&json!({}));
    let tokens: Tokens = serde_json::from_value(json!({
        "access_token": "s3cret-at", "token_type": "Bearer", "expires_at": null, "scopes": "openid",
        "id_token": raw,
    }))
    .unwrap();
    let error = server.public_client().user_info(&tokens).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
}

#[tokio::test]
async fn a_stored_login_without_a_time_is_refused() {
    let server = server().await;
    let login = server.public_client().login().start().await.unwrap();
    let mut old = serde_json::to_value(&login).unwrap();
    old.as_object_mut().unwrap().remove("began_at").unwrap();
    let error = serde_json::from_value::<Login>(old.clone()).unwrap_err();
    assert!(error.to_string().contains("begin a new login"), "{error}");
    old["began_at"] = Value::Null;
    assert!(serde_json::from_value::<Login>(old).is_err());
}
