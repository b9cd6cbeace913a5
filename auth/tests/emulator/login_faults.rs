//! A token endpoint that misbehaves while users log in: what may have been spent is not sent again.

use okta_auth::Secret;
use okta_auth::oauth::{OAuthClient, TokenKind};
use okta_emulator::{ErrorBody, Fault, FaultRule, RateLimitShape};

use crate::org::*;

fn failing() -> Vec<Fault> {
    vec![
        Fault::ConnectionReset,
        Fault::ResponseLost,
        Fault::TruncatedBody,
        Fault::ServerError {
            status: 500,
            body: ErrorBody::Json,
        },
        Fault::ServerError {
            status: 502,
            body: ErrorBody::Html,
        },
    ]
}

/// Whether the org did what was asked all the same.
fn is_done(fault: &Fault) -> bool {
    matches!(fault, Fault::ResponseLost | Fault::TruncatedBody)
}

fn inject(org: &Org, fault: &Fault, path: &str) {
    let rule = FaultRule::new(fault.clone()).on_path(path);
    org.okta.faults().inject(rule);
    org.okta.clear_requests();
}

async fn begun(org: &Org, server: Server) -> (OAuthClient, okta_auth::oauth::Login) {
    let client = org.client(server, org.okta.web_app()).build().unwrap();
    let login = client.login().scopes(["openid", "offline_access"]);
    let login = login.start().await.unwrap();
    (client, login)
}

#[tokio::test]
async fn a_code_is_sent_once() {
    let org = Org::start().await;
    for server in SERVERS {
        let path = server.path("token");
        for fault in failing() {
            let (client, login) = begun(&org, server).await;
            let callback = org.visit(&login).await;
            inject(&org, &fault, &path);
            let error = client.exchange_code(&login, &callback).await.unwrap_err();
            assert_eq!(org.asked(&path).len(), 1, "{fault:?}");
            match fault {
                Fault::ServerError { status, .. } => assert_eq!(error.status().unwrap(), status),
                _ => assert!(error.is_transport(), "{fault:?}: {error}"),
            }

            let again = client.exchange_code(&login, &callback).await;
            assert_eq!(again.is_err(), is_done(&fault), "{fault:?}");
            if let Err(error) = again {
                assert_eq!(error.code(), Some("invalid_grant"), "{fault:?}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn a_code_that_was_turned_away_unread_is_sent_again() {
    let org = Org::start().await;
    for shape in [RateLimitShape::Concurrency, RateLimitShape::NoHeaders] {
        let (client, login) = begun(&org, Server::Org).await;
        let callback = org.visit(&login).await;
        inject(&org, &Fault::RateLimited(shape), TOKEN);
        client.exchange_code(&login, &callback).await.unwrap();
        assert_eq!(org.asked_for_tokens(), 2);
    }
}

#[tokio::test]
async fn a_refresh_token_and_a_password_are_sent_once() {
    let org = Org::start().await;
    let client = org.client(Server::Org, org.okta.trusted_app());
    let client = client.build().unwrap();
    let password = Secret::from(org.okta.password());
    let grant = client.password(GRACE, &password);
    let grant = grant.scopes(["openid", "offline_access"]);
    let tokens = grant.clone().send().await.unwrap();
    let refresh = client.refresh(tokens.refresh_token.as_ref().unwrap());
    for fault in failing() {
        inject(&org, &fault, TOKEN);
        refresh.clone().send().await.unwrap_err();
        assert_eq!(org.asked_for_tokens(), 1, "{fault:?}");
        inject(&org, &fault, TOKEN);
        grant.clone().send().await.unwrap_err();
        assert_eq!(org.asked_for_tokens(), 1, "{fault:?}");
    }
    refresh.send().await.unwrap();
}

#[tokio::test]
async fn what_can_be_repeated_without_harm_is() {
    let org = Org::start().await;
    for server in SERVERS {
        let (client, login) = begun(&org, server).await;
        let callback = org.visit(&login).await;
        let tokens = client.exchange_code(&login, &callback).await.unwrap();
        let access = &tokens.access_token;
        for fault in failing() {
            let expect = |endpoint: &str| {
                let asked = org.asked(&server.path(endpoint)).len();
                assert_eq!(asked, 2, "{endpoint} {fault:?}");
            };
            inject(&org, &fault, &server.path("par"));
            client.login().pushed(true).start().await.unwrap();
            expect("par");
            inject(&org, &fault, &server.path("introspect"));
            let said = client.introspect(access, TokenKind::AccessToken).await;
            assert!(said.unwrap().active);
            expect("introspect");
            inject(&org, &fault, &server.path("userinfo"));
            client.user_info(&tokens).await.unwrap();
            expect("userinfo");
            let native = org.client(server, org.okta.native_app()).build().unwrap();
            native.metadata().await.unwrap();
            inject(&org, &fault, &server.path("device"));
            native.device().start().await.unwrap();
            expect("device/authorize");
        }
        for fault in failing() {
            if fault == Fault::TruncatedBody {
                // The answer to a revocation has no body that could break off.
                continue;
            }
            inject(&org, &fault, &server.path("revoke"));
            client.revoke(access, TokenKind::AccessToken).await.unwrap();
            assert_eq!(org.asked(&server.path("revoke")).len(), 2, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_login_survives_a_discovery_that_fails_at_first() {
    let org = Org::start().await;
    for fault in failing() {
        let discovery = "/oauth2/default/.well-known/openid-configuration";
        let rule = FaultRule::new(fault.clone()).on_path(discovery);
        org.okta.faults().inject(rule.times(2));
        org.okta.clear_requests();
        let client = org.client(Server::Default, org.okta.web_app());
        let client = client.build().unwrap();
        client.login().start().await.unwrap_err();
        assert_eq!(org.asked(discovery).len(), 2, "once and a retry");
        // A failure is kept for a while.
        client.login().start().await.unwrap_err();
        assert_eq!(org.asked(discovery).len(), 2, "{fault:?}");
        org.pass(12);
        org.log_in(&client, client.login()).await.unwrap();
        assert_eq!(org.asked(discovery).len(), 3, "{fault:?}");
    }
}

#[tokio::test]
async fn a_user_is_asked_once_for_a_login_elsewhere() {
    let org = Org::start().await;
    let path = Server::Org.path("bc/authorize");
    for fault in failing() {
        let client = org.client(Server::Org, org.okta.trusted_app());
        let client = client.build().unwrap();
        let hint = okta_auth::oauth::UserHint::login(GRACE);
        inject(&org, &fault, &path);
        client.backchannel(hint).start().await.unwrap_err();
        assert_eq!(org.asked(&path).len(), 1, "{fault:?}");
    }
}
