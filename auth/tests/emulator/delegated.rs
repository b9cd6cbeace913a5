//! A user's tokens of the org server, which open the org's API for the user.

use std::sync::{Arc, Mutex};

use futures::future::join_all;
use okta_auth::oauth::{OAuthClient, Tokens};
use okta_auth::{DelegatedToken, Dpop, Pipeline, Secret};
use okta_emulator::{Fault, FaultRule, SampleClient};

use crate::org::*;

const SCOPES: [&str; 3] = ["openid", "offline_access", "okta.users.read"];

type Saved = Arc<Mutex<Vec<Secret>>>;

async fn logged_in(org: &Org, app: &SampleClient, dpop: Option<Dpop>) -> (OAuthClient, Tokens) {
    org.grant(app, "okta.users.read").await;
    let mut builder = org.client(Server::Org, app);
    if let Some(dpop) = dpop {
        builder = builder.dpop(dpop);
    }
    let client = builder.build().unwrap();
    let login = client.login().scopes(SCOPES);
    let tokens = org.log_in(&client, login).await.unwrap();
    org.okta.clear_requests();
    (client, tokens)
}

/// The API for the user, and the refresh tokens that were saved.
fn api_of(org: &Org, client: &OAuthClient, tokens: Tokens) -> (Pipeline, Saved) {
    let saved = Saved::default();
    let kept = Arc::clone(&saved);
    let user = DelegatedToken::new(client.clone(), tokens).unwrap();
    let user = user.on_rotation(move |tokens| {
        kept.lock()
            .unwrap()
            .push(tokens.refresh_token.clone().unwrap());
    });
    (org.api(user), saved)
}

#[tokio::test]
async fn the_users_token_opens_the_api_and_renews_itself() {
    let org = Org::start().await;
    for (app, rotates) in [(org.okta.web_app(), false), (org.okta.native_app(), true)] {
        let (client, tokens) = logged_in(&org, app, None).await;
        let first = tokens.refresh_token.clone().unwrap();
        let (api, saved) = api_of(&org, &client, tokens);
        get(&api, USERS).await.unwrap();
        assert_eq!(org.asked_for_tokens(), 0, "the token of the login is good");

        for renewals in 1..=3 {
            org.pass(3600);
            assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
            assert_eq!(org.asked_for_tokens(), renewals);
        }
        let saved = saved.lock().unwrap();
        assert_eq!(saved.len(), 3);
        assert_eq!(saved.iter().all(|token| *token == first), !rotates);
    }
}

#[tokio::test]
async fn tokens_bound_to_a_key_stay_so_when_renewed() {
    let org = Org::start().await;
    for app in [org.okta.web_app(), org.okta.native_app()] {
        let (client, tokens) = logged_in(&org, app, Some(Dpop::new().unwrap())).await;
        let (api, _) = api_of(&org, &client, tokens);
        for _ in 0..3 {
            assert_eq!(get(&api, USERS).await.unwrap().attempts, 1);
            org.pass(3600);
        }
        let calls = org.asked(USERS);
        assert!(calls.iter().all(|call| call.header("dpop").is_some()));
    }
}

#[tokio::test]
async fn many_calls_spend_a_rotating_refresh_token_once() {
    let org = Org::start().await;
    let (client, tokens) = logged_in(&org, org.okta.native_app(), None).await;
    let (api, saved) = api_of(&org, &client, tokens);
    for round in 1..=3 {
        org.pass(3600);
        let calls = join_all((0..100).map(|_| get(&api, USERS))).await;
        assert!(calls.iter().all(Result::is_ok));
        assert_eq!(org.asked_for_tokens(), round);
    }
    assert_eq!(saved.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_refresh_whose_answer_was_lost_is_made_good_within_the_grace_period() {
    let org = Org::start().await;
    let (client, tokens) = logged_in(&org, org.okta.native_app(), None).await;
    let (api, saved) = api_of(&org, &client, tokens);
    org.pass(3600);
    let lost = FaultRule::new(Fault::ResponseLost).on_path(TOKEN);
    org.okta.faults().inject(lost);
    let error = get(&api, USERS).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert_eq!(org.asked_for_tokens(), 1, "it may have been spent");
    assert!(saved.lock().unwrap().is_empty());

    org.pass(30);
    get(&api, USERS).await.unwrap();
    assert_eq!(saved.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_user_who_was_shut_out_stays_out() {
    let org = Org::start().await;
    let (client, tokens) = logged_in(&org, org.okta.native_app(), None).await;
    let (api, saved) = api_of(&org, &client, tokens);
    get(&api, USERS).await.unwrap();
    org.okta.oauth().revoke_everything(GRACE).unwrap();
    let error = get(&api, USERS).await.unwrap_err();
    assert!(error.is_credentials());
    assert_eq!(error.code(), Some("invalid_grant"), "{error}");
    assert_eq!(org.asked_for_tokens(), 1);
    assert!(saved.lock().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_refresh_token_the_end_is_the_end() {
    let org = Org::start().await;
    let (client, mut tokens) = logged_in(&org, org.okta.web_app(), None).await;
    tokens.refresh_token = None;
    let (api, _) = api_of(&org, &client, tokens);
    get(&api, USERS).await.unwrap();
    org.pass(3600);
    let error = get(&api, USERS).await.unwrap_err();
    assert!(error.is_credentials());
    assert!(error.to_string().contains("offline_access"), "{error}");
    assert_eq!(org.asked_for_tokens(), 0);
}

#[tokio::test]
async fn a_token_without_the_scope_is_told_which_one_it_lacks() {
    let org = Org::start().await;
    let (client, tokens) = logged_in(&org, org.okta.web_app(), None).await;
    let (api, _) = api_of(&org, &client, tokens);
    let error = get(&api, "/api/v1/groups").await.unwrap_err();
    assert_eq!(error.missing_scope(), Some("okta.groups.read"), "{error}");
    assert_eq!(org.asked_for_tokens(), 0);
}
