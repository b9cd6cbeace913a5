//! Ten thousand tasks that find their token expired.

use std::sync::Arc;

use http::HeaderMap;
use okta_auth::{
    AfterResponse, CredentialsProvider, DelegatedToken, Error, Pipeline, RequestContext,
    ResponseContext,
};
use okta_emulator::{Emulator, RateLimits};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::org::*;

const TASKS: u64 = 10_000;
const USER: &str = "/api/v1/users/grace@example.com";
/// How many connections a test program may well open.
const AT_ONCE: usize = 64;

/// Everyone gets the credentials at once, and then waits for a turn to send.
#[derive(Debug)]
struct Queue<P> {
    credentials: P,
    turns: Semaphore,
}

impl<P: CredentialsProvider> CredentialsProvider for Queue<P> {
    async fn headers(&self, request: RequestContext<'_>) -> Result<HeaderMap, Error> {
        let headers = self.credentials.headers(request).await?;
        self.turns.acquire().await.unwrap().forget();
        Ok(headers)
    }

    async fn on_response(
        &self,
        request: RequestContext<'_>,
        response: ResponseContext<'_>,
    ) -> Result<AfterResponse, Error> {
        self.turns.add_permits(1);
        self.credentials.on_response(request, response).await
    }
}

async fn org_with_room() -> Org {
    let limits = RateLimits::new(1_000_000, 60);
    Org::of(Emulator::builder().rate_limits(limits)).await
}

fn queue(org: &Org, credentials: impl CredentialsProvider) -> Pipeline {
    let turns = Semaphore::new(AT_ONCE);
    org.api(Queue { credentials, turns })
}

/// All tasks call at once after the token has ended. The org answers that many requests and one
/// more.
async fn crowd(org: &Org, api: Pipeline) {
    get(&api, USERS).await.unwrap();
    org.pass(3600);
    let before = org.okta.stats().requests;
    let start = Arc::new(tokio::sync::Barrier::new(usize::try_from(TASKS).unwrap()));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let (api, start) = (api.clone(), Arc::clone(&start));
        tasks.spawn(async move {
            start.wait().await;
            get(&api, USER).await
        });
    }
    while let Some(called) = tasks.join_next().await {
        assert_eq!(called.unwrap().unwrap().attempts, 1);
    }
    assert_eq!(org.okta.stats().requests - before, TASKS + 1);
    // The org remembers ten thousand requests: all of them calls, so the one that went before them
    // was for the token.
    let remembered = org.okta.requests();
    assert!(remembered.iter().all(|request| request.path == USER));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_tasks_of_a_service_ask_for_one_token() {
    let org = org_with_room().await;
    let app = org.service_app().build().unwrap();
    crowd(&org, queue(&org, app)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_tasks_of_a_service_with_a_bound_token_ask_for_one() {
    let org = org_with_room().await;
    let app = org.service_app().dpop(true).build().unwrap();
    crowd(&org, queue(&org, app)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_tasks_of_a_user_spend_one_refresh_token() {
    let org = org_with_room().await;
    let app = org.okta.native_app();
    org.grant(app, "okta.users.read").await;
    let client = org.client(Server::Org, app).build().unwrap();
    // Without an ID token, whose keys would be asked for as well.
    let login = client.login().scopes(["offline_access", "okta.users.read"]);
    let tokens = org.log_in(&client, login).await.unwrap();
    let user = DelegatedToken::new(client, tokens).unwrap();
    crowd(&org, queue(&org, user)).await;
}
