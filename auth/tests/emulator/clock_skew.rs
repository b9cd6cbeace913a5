//! A machine whose clock is an hour off: what it dates for the server is dated by the server's
//! clock, learned from `Date`.

use std::time::Duration;

use okta_auth::oauth::{OAuthClient, Tokens};
use okta_auth::{Clock, DelegatedToken, Dpop};

use crate::org::*;

const HOUR: Duration = Duration::from_secs(3600);

/// Clocks that are an hour behind the org's, and an hour ahead of it.
fn wrong(org: &Org) -> [Clock; 2] {
    let (behind, ahead) = (org.okta.clock().clone(), org.okta.clock().clone());
    [
        Clock::new(move || (behind.now() - HOUR).into()),
        Clock::new(move || (ahead.now() + HOUR).into()),
    ]
}

#[tokio::test]
async fn a_service_with_a_wrong_clock_works() {
    let org = Org::start().await;
    for clock in wrong(&org) {
        for dpop in [false, true] {
            org.okta.clear_requests();
            let app = org.service_app().clock(clock.clone()).dpop(dpop);
            let api = org.api(app.build().unwrap());
            assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
            let first = org.asked_for_tokens();
            // The assertion was dated wrong, and then a nonce was wanted.
            assert_eq!(first, if dpop { 3 } else { 2 });

            // What was learned is kept.
            org.pass(3600);
            assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
            assert_eq!(org.asked_for_tokens(), first + 1);
        }
    }
}

#[tokio::test]
async fn proofs_at_the_api_follow_a_clock_that_jumps() {
    let org = Org::start().await;
    let stopped = Clock::fixed(org.now());
    let lifetime = Duration::from_secs(24 * 3600);
    org.okta.oauth().access_token_lifetime(lifetime);
    let app = org.service_app().clock(stopped).dpop(true);
    let api = org.api(app.build().unwrap());
    get(&api, USERS).await.unwrap();
    org.okta.clear_requests();

    org.pass(3600);
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 2);
    assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
    assert_eq!(org.asked_for_tokens(), 0, "the token was not to blame");
}

/// A login of an app whose clock is `clock`, without an ID token.
async fn logged_in(org: &Org, clock: Clock) -> (OAuthClient, Tokens) {
    let app = org.okta.native_app();
    org.grant(app, "okta.users.read").await;
    let client = org
        .client(Server::Org, app)
        .clock(clock)
        .dpop(Dpop::new().unwrap())
        .build()
        .unwrap();
    let login = client.login().scopes(["offline_access", "okta.users.read"]);
    let tokens = org.log_in(&client, login).await.unwrap();
    (client, tokens)
}

#[tokio::test]
async fn a_user_of_a_machine_with_a_wrong_clock_gets_through() {
    let org = Org::start().await;
    for clock in wrong(&org) {
        let (client, tokens) = logged_in(&org, clock).await;
        let user = DelegatedToken::new(client, tokens).unwrap();
        let api = org.api(user);
        for _ in 0..2 {
            assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
            org.pass(3600);
        }
    }
}

#[tokio::test]
async fn an_id_token_is_judged_by_the_machines_own_clock() {
    let org = Org::start().await;
    let [behind, _] = wrong(&org);
    for server in SERVERS {
        let builder = org.client(server, org.okta.web_app());
        let client = builder.clock(behind.clone()).build().unwrap();
        // Whoever can make up tokens can make up a `Date` as well.
        let error = org.log_in(&client, client.login()).await.unwrap_err();
        assert!(error.is_credentials(), "{error}");
        assert!(error.to_string().contains("issued at"), "{error}");
    }
}
