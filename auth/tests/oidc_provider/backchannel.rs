//! Logins that a user confirms on another device (CIBA).

use okta_auth::oauth::{Poll, UserHint};

use crate::browser::Browser;
use crate::login::log_in;
use crate::provider::Provider;

tests! {
    oidc_provider_logs_in_a_user_who_confirms_on_another_device,
    oidc_provider_does_not_know_everyone,
}

async fn oidc_provider_logs_in_a_user_who_confirms_on_another_device() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let login = client.login().scopes(["openid"]);
    let earlier = log_in(&client, &mut Browser::of("isaac"), login).await;

    for hint in [
        UserHint::login("isaac"),
        UserHint::id_token(earlier.id_token.as_ref().unwrap()),
    ] {
        let request = client.backchannel(hint).binding_message("Call-4711");
        let mut login = request.scopes(["openid", "profile"]).start().await.unwrap();
        let poll = login.poll().await.unwrap();
        assert!(matches!(poll, Poll::Pending { .. }), "{poll:?}");

        provider.confirm_on_device_of("isaac").await;
        let Poll::Ready(tokens) = login.poll().await.unwrap() else {
            panic!("the user has confirmed");
        };
        let claims = tokens.id_token.as_ref().unwrap().claims().unwrap();
        assert_eq!(claims.subject, "isaac");
        assert_eq!(claims.acr.as_deref(), Some("urn:okta:loa:1fa:any"));
        assert_eq!(claims.amr, ["swk"]);
    }
}

async fn oidc_provider_does_not_know_everyone() {
    let provider = Provider::shared();
    let client = provider.client("web").build().unwrap();
    let login = client.backchannel(UserHint::login("nobody")).start().await;
    assert_eq!(login.unwrap_err().code(), Some("unknown_user_id"));

    let request = client.backchannel(UserHint::login("isaac"));
    let login = request
        .binding_message("a message / far too long for a telephone")
        .start();
    assert_eq!(
        login.await.unwrap_err().code(),
        Some("invalid_binding_message")
    );
}
