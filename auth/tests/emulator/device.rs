//! Logins at a device without a browser.

use std::time::{Duration, SystemTime};

use okta_auth::Clock;
use okta_auth::oauth::{DeviceLogin, OAuthClient, Poll, Tokens};
use okta_emulator::{Fault, FaultRule};

use crate::org::*;

/// How long a user has, in seconds.
const LIFE: u64 = 600;

fn client(org: &Org, server: Server) -> OAuthClient {
    org.client(server, org.okta.native_app()).build().unwrap()
}

async fn begin(client: &OAuthClient) -> DeviceLogin {
    let device = client.device().scopes(["openid", "offline_access"]);
    device.start().await.unwrap()
}

fn ready(poll: Poll) -> Tokens {
    match poll {
        Poll::Ready(tokens) => *tokens,
        Poll::Pending { .. } => panic!("the user has logged in"),
    }
}

fn wait(poll: Poll) -> Duration {
    match poll {
        Poll::Pending { wait } => wait,
        Poll::Ready(_) => panic!("nobody has logged in"),
    }
}

#[tokio::test]
async fn a_user_who_types_the_code_is_logged_in() {
    let org = Org::start().await;
    let grace = org.user_id(GRACE).await;
    for server in SERVERS {
        let client = client(&org, server);
        let mut login = begin(&client).await;
        assert_eq!(login.expires_at(), org.now() + Duration::from_secs(LIFE));
        assert!(login.verification_uri.ends_with("/activate"));
        assert_eq!(wait(login.poll().await.unwrap()), Duration::from_secs(5));

        org.pass(5);
        let oauth = org.okta.oauth();
        oauth.approve_device(&login.user_code, GRACE).unwrap();
        let tokens = ready(login.poll().await.unwrap());
        let claims = tokens.id_token.as_ref().unwrap().claims().unwrap();
        assert_eq!(claims.subject, grace);
        assert_eq!(claims.issuer, org.issuer(server).as_str());
        client
            .refresh(&tokens.refresh_token.unwrap())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_user_who_says_no_is_believed() {
    let org = Org::start().await;
    for server in SERVERS {
        let mut login = begin(&client(&org, server)).await;
        org.okta.oauth().deny_device(&login.user_code).unwrap();
        let error = login.poll().await.unwrap_err();
        assert_eq!(error.code(), Some("access_denied"));
        assert!(error.to_string().contains("denied"), "{error}");
    }
}

#[tokio::test]
async fn a_code_that_nobody_types_ends_by_either_clock() {
    let org = Org::start().await;
    for server in SERVERS {
        let token = server.path("token");
        let mut login = begin(&client(&org, server)).await;
        let stopped = Clock::fixed(org.now());
        let builder = org.client(server, org.okta.native_app()).clock(stopped);
        let mut unaware = begin(&builder.build().unwrap()).await;
        org.pass(LIFE);

        org.okta.clear_requests();
        let error = login.poll().await.unwrap_err();
        assert_eq!(error.code(), Some("expired_token"), "{error}");
        assert_eq!(org.asked(&token).len(), 0, "there is nothing to ask");

        let error = unaware.poll().await.unwrap_err();
        assert_eq!(error.code(), Some("expired_token"), "{error}");
        assert_eq!(org.asked(&token).len(), 1, "the server said so");
    }
}

#[tokio::test]
async fn who_asks_too_often_is_slowed_down() {
    let org = Org::start().await;
    for server in SERVERS {
        let mut login = begin(&client(&org, server)).await;
        for (passed, interval) in [(5, 5), (4, 10), (9, 15), (15, 15)] {
            org.pass(passed);
            let poll = login.poll().await.unwrap();
            assert_eq!(wait(poll), Duration::from_secs(interval));
            assert_eq!(login.interval(), Duration::from_secs(interval));
        }
        let oauth = org.okta.oauth();
        oauth.approve_device(&login.user_code, GRACE).unwrap();
        ready(login.poll().await.unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_bears_a_token_endpoint_that_is_down() {
    let org = Org::start().await;
    for server in SERVERS {
        let login = begin(&client(&org, server)).await;
        let path = server.path("token");
        for (fault, times) in [
            (Fault::ConnectionReset, 2),
            (Fault::TruncatedBody, 1),
            (Fault::ResponseLost, 1),
        ] {
            let rule = FaultRule::new(fault).times(times).on_path(&path);
            org.okta.faults().inject(rule);
        }
        org.okta.clear_requests();
        let answered = async {
            while org.asked(&path).len() < 4 {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            let oauth = org.okta.oauth();
            oauth.approve_device(&login.user_code, GRACE).unwrap();
        };
        let mut waiting = login.clone();
        let both = async { tokio::join!(waiting.wait(), answered) };
        let life = Duration::from_secs(LIFE);
        let (tokens, ()) = tokio::time::timeout(life, both).await.unwrap();
        assert!(tokens.unwrap().id_token.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_when_the_users_time_is_over() {
    let org = Org::start().await;
    let begun = tokio::time::Instant::now();
    let clock = Clock::new(move || SystemTime::UNIX_EPOCH + begun.elapsed());
    for server in SERVERS {
        let builder = org.client(server, org.okta.native_app());
        let client = builder.clock(clock.clone()).build().unwrap();
        let mut login = begin(&client).await;
        let error = login.wait().await.unwrap_err();
        assert_eq!(error.code(), Some("expired_token"), "{error}");
    }
    assert!(begun.elapsed() >= Duration::from_secs(2 * LIFE));
}
