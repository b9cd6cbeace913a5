//! Logins of users who are elsewhere: CIBA.

use std::time::Duration;

use okta_auth::Clock;
use okta_auth::oauth::{BackchannelLogin, OAuthClient, Poll, Tokens, UserHint};

use crate::org::*;

fn client(org: &Org, server: Server) -> OAuthClient {
    org.client(server, org.okta.trusted_app()).build().unwrap()
}

/// Asks Grace, and gives the id that the server knows the request by.
async fn begin(org: &Org, client: &OAuthClient, hint: UserHint) -> (BackchannelLogin, String) {
    let known = org.okta.oauth().backchannel_requests(GRACE).unwrap();
    let login = client
        .backchannel(hint)
        .scopes(["profile"])
        .binding_message("Call 4711")
        .start()
        .await
        .unwrap();
    let mut waiting = org.okta.oauth().backchannel_requests(GRACE).unwrap();
    waiting.retain(|id| !known.contains(id));
    (login, waiting.remove(0))
}

async fn tokens(login: &mut BackchannelLogin) -> Tokens {
    match login.poll().await.unwrap() {
        Poll::Ready(tokens) => *tokens,
        Poll::Pending { .. } => panic!("the user has said yes"),
    }
}

#[tokio::test]
async fn a_user_who_says_yes_is_logged_in() {
    let org = Org::start().await;
    let grace = org.user_id(GRACE).await;
    for server in SERVERS {
        let client = client(&org, server);
        let (mut login, id) = begin(&org, &client, UserHint::login(GRACE)).await;
        assert_eq!(login.expires_at(), org.now() + Duration::from_secs(300));
        assert!(matches!(login.poll().await.unwrap(), Poll::Pending { .. }));

        org.pass(5);
        org.okta.oauth().approve_backchannel(&id, GRACE).unwrap();
        let first = tokens(&mut login).await;
        let id_token = first.id_token.as_ref().unwrap();
        assert_eq!(id_token.claims().unwrap().subject, grace);
        assert_eq!(
            id_token.claims().unwrap().issuer,
            org.issuer(server).as_str()
        );

        // The ID token says whom to ask the next time.
        let (mut login, id) = begin(&org, &client, UserHint::id_token(id_token)).await;
        org.okta.oauth().approve_backchannel(&id, GRACE).unwrap();
        let again = tokens(&mut login).await.id_token.unwrap();
        assert_eq!(again.claims().unwrap().subject, grace);
    }
}

#[tokio::test]
async fn a_user_who_says_no_is_believed() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = client(&org, server);
        let (mut login, id) = begin(&org, &client, UserHint::login(GRACE)).await;
        org.okta.oauth().deny_backchannel(&id).unwrap();
        let error = login.poll().await.unwrap_err();
        assert_eq!(error.code(), Some("access_denied"));
        assert!(error.to_string().contains("denied"), "{error}");
    }
}

#[tokio::test]
async fn a_user_who_does_nothing_has_as_long_as_was_asked_for() {
    let org = Org::start().await;
    for server in SERVERS {
        let stopped = Clock::fixed(org.now());
        let builder = org.client(server, org.okta.trusted_app()).clock(stopped);
        let client = builder.build().unwrap();
        let login = client.backchannel(UserHint::login(GRACE));
        let mut login = login
            .requested_expiry(Duration::from_secs(60))
            .start()
            .await
            .unwrap();
        org.pass(59);
        assert!(matches!(login.poll().await.unwrap(), Poll::Pending { .. }));
        org.pass(1);
        let error = login.poll().await.unwrap_err();
        assert_eq!(error.code(), Some("expired_token"), "{error}");
    }
}

#[tokio::test]
async fn who_asks_too_often_is_slowed_down() {
    let org = Org::start().await;
    let client = client(&org, Server::Default);
    let (mut login, _) = begin(&org, &client, UserHint::login(GRACE)).await;
    for interval in [5, 10] {
        login.poll().await.unwrap();
        assert_eq!(login.interval(), Duration::from_secs(interval));
    }
}

#[tokio::test]
async fn a_user_whom_nobody_knows_cannot_be_asked() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = client(&org, server);
        let login = client.backchannel(UserHint::login("nobody@example.com"));
        let error = login.start().await.unwrap_err();
        assert_eq!(error.code(), Some("unknown_user_id"), "{error}");
    }
}
