//! A token endpoint that misbehaves while services ask it.

use std::time::Duration;

use futures::future::join_all;
use okta_auth::ServiceAppBuilder;
use okta_auth::oauth::OAuthClient;
use okta_emulator::{ErrorBody, Fault, FaultRule, RateLimitShape};

use crate::org::*;

fn page(status: u16) -> Fault {
    let body = ErrorBody::Html;
    Fault::ServerError { status, body }
}

fn json(status: u16) -> Fault {
    let body = ErrorBody::Json;
    Fault::ServerError { status, body }
}

/// What a service can get over by asking again.
fn passing() -> Vec<Fault> {
    vec![
        Fault::ConnectionReset,
        Fault::ResponseLost,
        Fault::TruncatedBody,
        json(500),
        page(502),
        page(503),
        Fault::RateLimited(RateLimitShape::Concurrency),
        Fault::RateLimited(RateLimitShape::NoHeaders),
    ]
}

fn service(org: &Org, server: Server) -> OAuthClient {
    org.client(server, org.okta.service_app()).build().unwrap()
}

fn scope(server: Server) -> &'static str {
    match server {
        Server::Org => "okta.users.read",
        Server::Default => "api:read",
    }
}

#[tokio::test]
async fn client_credentials_are_asked_for_again() {
    let org = Org::start().await;
    for server in SERVERS {
        let path = server.path("token");
        let client = service(&org, server);
        let grant = client.client_credentials().scopes([scope(server)]);
        for fault in passing() {
            org.okta.clear_requests();
            let rule = FaultRule::new(fault.clone()).on_path(&path);
            org.okta.faults().inject(rule.times(2));
            let tokens = grant.clone().send().await;
            assert!(tokens.is_ok(), "{fault:?}: {tokens:?}");
            assert_eq!(org.asked(&path).len(), 3, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn what_does_not_pass_is_told_as_it_was() {
    let org = Org::start().await;
    let client = service(&org, Server::Org);
    let grant = client.client_credentials().scopes(["okta.users.read"]);
    let refused = |fault: &Fault| matches!(fault, Fault::RateLimited(_));
    for fault in passing().into_iter().filter(|fault| !refused(fault)) {
        org.okta.clear_requests();
        let rule = FaultRule::new(fault.clone()).on_path(TOKEN);
        org.okta.faults().inject(rule.always());
        let error = grant.clone().send().await.unwrap_err();
        org.okta.faults().clear();
        assert_eq!(org.asked_for_tokens(), 3, "{fault:?}: {error}");
        match fault {
            Fault::ServerError { status, body } => {
                assert_eq!(error.status().unwrap(), status);
                let html = error.body_text().unwrap().starts_with("<html>");
                assert_eq!(html, body == ErrorBody::Html);
            }
            _ => assert!(error.is_transport() && !error.is_timeout(), "{error}"),
        }
    }
    grant.send().await.unwrap();
}

#[tokio::test]
async fn a_rate_limit_that_lasts_too_long_says_how_long() {
    let org = Org::start().await;
    for shape in [RateLimitShape::Bucket, RateLimitShape::TwoResets] {
        org.okta.clear_requests();
        let rule = FaultRule::new(Fault::RateLimited(shape)).on_path(TOKEN);
        org.okta.faults().inject(rule);
        let client = service(&org, Server::Org);
        let grant = client.client_credentials().scopes(["okta.users.read"]);
        let error = grant.send().await.unwrap_err();
        assert!(error.is_rate_limited(), "{error}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
        assert_eq!(org.asked_for_tokens(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_that_may_be_waited_for_is() {
    let org = Org::start().await;
    let rule = FaultRule::new(Fault::RateLimited(RateLimitShape::Bucket)).on_path(TOKEN);
    org.okta.faults().inject(rule);
    let builder = org.client(Server::Org, org.okta.service_app());
    let patient = builder.requests(|requests| requests.max_backoff(Duration::from_secs(90)));
    let client = patient.build().unwrap();
    let begun = tokio::time::Instant::now();
    let grant = client.client_credentials().scopes(["okta.users.read"]);
    grant.send().await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 60);
}

fn within(org: &Org, limit: u64) -> ServiceAppBuilder {
    let limit = Duration::from_secs(limit);
    org.service_app()
        .requests(|requests| requests.attempt_timeout(limit))
}

#[tokio::test(start_paused = true)]
async fn a_slow_token_endpoint_is_waited_for_as_long_as_was_set() {
    let org = Org::start().await;
    let slow = || FaultRule::new(Fault::Latency(Duration::from_secs(20))).on_path(TOKEN);
    let faults = org.okta.faults();

    faults.inject(slow());
    let patient = org.api(within(&org, 30).build().unwrap());
    get(&patient, USERS).await.unwrap();
    assert_eq!(org.asked_for_tokens(), 1);

    faults.inject(slow());
    let brisk = org.api(within(&org, 10).build().unwrap());
    get(&brisk, USERS).await.unwrap();
    assert_eq!(org.asked_for_tokens(), 3, "given up, then asked again");

    faults.inject(slow().always());
    let unlucky = org.api(within(&org, 10).build().unwrap());
    let error = get(&unlucky, USERS).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert!(error.to_string().contains("timed out"), "{error}");
    assert_eq!(org.asked_for_tokens(), 6);
}

#[tokio::test]
async fn calls_go_on_while_a_renewal_fails_and_the_token_is_good() {
    let org = Org::start().await;
    let api = org.api(org.service_app().build().unwrap());
    get(&api, USERS).await.unwrap();
    org.okta
        .faults()
        .inject(FaultRule::new(json(503)).on_path(TOKEN).always());
    org.pass(3300);
    // Five minutes before the end the renewal begins, and fails behind the calls.
    org.call_until_asked_for_tokens(&api, 4).await;
    org.pass(299);
    get(&api, USERS).await.unwrap();
    org.pass(1);
    let error = get(&api, USERS).await.unwrap_err();
    assert!(error.is_credentials());
    assert_eq!(error.status().unwrap(), 503);

    org.okta.faults().clear();
    // The failure is remembered for a while.
    get(&api, USERS).await.unwrap_err();
    org.pass(72);
    get(&api, USERS).await.unwrap();
}

#[tokio::test]
async fn all_who_wait_for_a_token_get_the_same_failure() {
    let org = Org::start().await;
    let api = org.api(org.service_app().build().unwrap());
    org.okta
        .faults()
        .inject(FaultRule::new(page(503)).on_path(TOKEN).always());
    let calls = join_all((0..100).map(|_| get(&api, USERS))).await;
    for call in calls {
        let error = call.unwrap_err();
        assert!(error.is_credentials());
        assert_eq!(error.status().unwrap(), 503);
    }
    assert_eq!(org.asked_for_tokens(), 3, "once and two retries");
    assert_eq!(org.asked(USERS).len(), 0);
}

#[tokio::test]
async fn the_api_may_fail_while_the_token_is_good() {
    let org = Org::start().await;
    for dpop in [false, true] {
        let api = org.api(org.service_app().dpop(dpop).build().unwrap());
        get(&api, USERS).await.unwrap();
        for fault in passing() {
            org.okta.clear_requests();
            let rule = FaultRule::new(fault.clone()).on_path(USERS).times(2);
            org.okta.faults().inject(rule);
            let users = get(&api, USERS).await.unwrap();
            assert_eq!(users.attempts, 3, "{fault:?}");
            assert_eq!(org.asked_for_tokens(), 0, "{fault:?}");
        }
    }
}
