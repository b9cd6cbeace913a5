//! What becomes of tokens: refresh, introspection, revocation, user info.

use okta_auth::Secret;
use okta_auth::oauth::TokenKind;

use crate::browser::Browser;
use crate::login::{log_in, offline};
use crate::provider::Provider;

tests! {
    oidc_provider_rotates_refresh_tokens_and_refuses_old_ones,
    oidc_provider_tells_which_tokens_are_good_and_revokes_them,
    oidc_provider_revokes_refresh_tokens,
    oidc_provider_does_not_answer_strangers_about_tokens,
    oidc_provider_tells_about_the_user,
}

async fn oidc_provider_rotates_refresh_tokens_and_refuses_old_ones() {
    let provider = Provider::shared();
    for client_id in ["web", "spa"] {
        let client = provider.client(client_id).build().unwrap();
        let first = log_in(&client, &mut Browser::of("isaac"), offline(&client)).await;
        let old = first.refresh_token.clone().unwrap();

        let second = client.refresh(&old).replacing(&first).send().await.unwrap();
        let new = second.refresh_token.clone().unwrap();
        assert!(new != old && second.access_token != first.access_token);
        let claims = second.id_token.as_ref().unwrap().claims().unwrap();
        assert_eq!(claims.subject, "isaac");
        client.user_info(&second).await.unwrap();

        let third = client
            .refresh(&new)
            .scopes(["openid"])
            .send()
            .await
            .unwrap();
        assert!(!third.scopes.contains("email"), "{:?}", third.scopes);

        // Whoever comes with an old one has stolen it, or been robbed: all are dead.
        for dead in [&old, &new, third.refresh_token.as_ref().unwrap()] {
            let error = client.refresh(dead).send().await.unwrap_err();
            assert_eq!(error.code(), Some("invalid_grant"), "{error}");
        }
    }
}

async fn oidc_provider_tells_which_tokens_are_good_and_revokes_them() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let tokens = log_in(&client, &mut Browser::of("isaac"), offline(&client)).await;
    let (access, refresh) = (&tokens.access_token, tokens.refresh_token.as_ref().unwrap());

    let said = client
        .introspect(access, TokenKind::AccessToken)
        .await
        .unwrap();
    assert!(said.active);
    assert_eq!(said.client_id.as_deref(), Some("web"));
    assert_eq!(said.subject.as_deref(), Some("isaac"));
    assert!(said.scopes.contains("openid") && said.expires_at.is_some());
    // A wrong hint costs the server time, and nothing else.
    assert!(
        client
            .introspect(access, TokenKind::RefreshToken)
            .await
            .unwrap()
            .active
    );
    assert!(
        client
            .introspect(refresh, TokenKind::RefreshToken)
            .await
            .unwrap()
            .active
    );

    client.revoke(access, TokenKind::AccessToken).await.unwrap();
    let said = client.introspect(access, TokenKind::AccessToken).await;
    let said = said.unwrap();
    assert!(!said.active && said.client_id.is_none() && said.extra.is_empty());
    let error = client.user_info(&tokens).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_token"), "{error}");
    assert!(error.is_auth(), "{error}");
    // Made up tokens are no error.
    let made_up = Secret::from("made-up");
    client
        .revoke(&made_up, TokenKind::AccessToken)
        .await
        .unwrap();
    assert!(
        !client
            .introspect(&made_up, TokenKind::AccessToken)
            .await
            .unwrap()
            .active
    );
}

async fn oidc_provider_revokes_refresh_tokens() {
    let provider = Provider::shared();
    let client = provider.client("spa").build().unwrap();
    let tokens = log_in(&client, &mut Browser::of("isaac"), offline(&client)).await;
    let refresh = tokens.refresh_token.as_ref().unwrap();
    client
        .revoke(refresh, TokenKind::RefreshToken)
        .await
        .unwrap();
    let error = client.refresh(refresh).send().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_grant"), "{error}");
}

async fn oidc_provider_does_not_answer_strangers_about_tokens() {
    let provider = Provider::shared();
    let stranger = okta_auth::oauth::ClientAuthentication::secret_basic("wrong");
    let client = provider
        .client("web")
        .authentication(stranger)
        .build()
        .unwrap();
    let token = Secret::from("any");
    let error = client.introspect(&token, TokenKind::AccessToken).await;
    assert_eq!(error.unwrap_err().code(), Some("invalid_client"));
    let error = client.revoke(&token, TokenKind::AccessToken).await;
    assert_eq!(error.unwrap_err().code(), Some("invalid_client"));
}

async fn oidc_provider_tells_about_the_user() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let login = client.login().scopes(["openid", "profile", "email"]);
    let tokens = log_in(&client, &mut Browser::of("isaac"), login).await;
    for token in [(&tokens).into(), (&tokens.access_token).into()] {
        let user: okta_auth::oauth::UserInfoToken<'_> = token;
        let user = client.user_info(user).await.unwrap();
        assert_eq!(user.subject, "isaac");
        assert_eq!(user.name.as_deref(), Some("Isaac Brock"));
        assert_eq!(user.email.as_deref(), Some("isaac@example.com"));
        assert_eq!(user.email_verified, Some(true));
    }
}
