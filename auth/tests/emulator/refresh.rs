//! Refresh tokens: rotation with its grace period, and what does not rotate.

use std::time::Duration;

use okta_auth::oauth::{OAuthClient, TokenKind, Tokens};
use okta_auth::{Dpop, Secret};

use crate::org::*;

const SCOPES: [&str; 3] = ["openid", "email", "offline_access"];
/// For how many seconds the sample native app's old refresh token is still taken.
const GRACE_PERIOD: u64 = 30;

async fn logged_in(org: &Org, client: &OAuthClient) -> Tokens {
    let login = client.login().scopes(SCOPES);
    org.log_in(client, login).await.unwrap()
}

fn refresh_token(tokens: &Tokens) -> Secret {
    tokens.refresh_token.clone().unwrap()
}

#[tokio::test]
async fn a_refresh_token_that_rotates_is_good_once_and_a_little_longer() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = org.client(server, org.okta.native_app()).build().unwrap();
        let first = logged_in(&org, &client).await;
        let old = refresh_token(&first);
        let second = client.refresh(&old).replacing(&first).send().await.unwrap();
        assert!(refresh_token(&second) != old && second.access_token != first.access_token);
        assert_eq!(second.scopes, first.scopes);
        let claims = |tokens: &Tokens| tokens.id_token.as_ref().unwrap().claims().unwrap().clone();
        assert_eq!(claims(&second).subject, claims(&first).subject);

        // Whoever lost the answer asks again.
        org.pass(GRACE_PERIOD);
        let third = client.refresh(&old).replacing(&first).send().await.unwrap();

        // After that, two have the token, and one of them should not.
        org.pass(1);
        for dead in [&old, &refresh_token(&second), &refresh_token(&third)] {
            let error = client.refresh(dead).send().await.unwrap_err();
            assert_eq!(error.code(), Some("invalid_grant"), "{error}");
            assert!(!format!("{error:?}").contains(dead.expose()));
        }
        let access = &third.access_token;
        let said = client.introspect(access, TokenKind::AccessToken).await;
        assert!(!said.unwrap().active);
    }
}

#[tokio::test]
async fn a_refresh_token_that_does_not_rotate_stays() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = org.client(server, org.okta.web_app()).build().unwrap();
        let mut tokens = logged_in(&org, &client).await;
        let kept = refresh_token(&tokens);
        for _ in 0..3 {
            org.pass(3600);
            tokens = client.refresh(&kept).replacing(&tokens).await.unwrap();
            assert!(refresh_token(&tokens) == kept);
            assert_eq!(
                tokens.expires_at,
                Some(org.now() + Duration::from_secs(3600))
            );
        }
        org.pass(7 * 24 * 3600);
        let error = client.refresh(&kept).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"), "{error}");
    }
}

#[tokio::test]
async fn a_refresh_may_ask_for_less_and_not_for_more() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = org.client(server, org.okta.web_app()).build().unwrap();
        let tokens = logged_in(&org, &client).await;
        let refresh = client.refresh(tokens.refresh_token.as_ref().unwrap());
        let fewer = refresh.clone().scopes(["openid"]).await.unwrap();
        assert_eq!(fewer.scopes.to_string(), "openid");
        assert!(fewer.id_token.unwrap().claims().unwrap().email().is_none());
        let error = refresh.scopes(["openid", "phone"]).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_scope"), "{error}");
    }
}

#[tokio::test]
async fn a_public_clients_refresh_token_keeps_its_key_when_others_rotate() {
    let org = Org::start().await;
    for server in SERVERS {
        let dpop = Dpop::new()
            .unwrap()
            .rotate_key_every(Duration::from_secs(3600));
        let builder = org.client(server, org.okta.native_app()).dpop(dpop);
        let client = builder.build().unwrap();
        let first = logged_in(&org, &client).await;
        org.pass(2 * 3600);
        // A login makes the new key.
        logged_in(&org, &client).await;

        let refresh = client.refresh(first.refresh_token.as_ref().unwrap());
        let error = refresh.clone().send().await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_dpop_proof"), "{error}");
        let second = refresh.replacing(&first).send().await.unwrap();
        client.user_info(&second).await.unwrap();
    }
}
