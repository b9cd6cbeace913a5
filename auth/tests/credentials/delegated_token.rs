//! The tokens of a user, over real HTTP: how they are renewed, kept and shared.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use crate::okta_server::{Answer, Asked, OktaServer, answer, refusal};
use http::Method;
use okta_auth::oauth::{ClientAuthentication, OAuthClient, Tokens};
use okta_auth::{
    Call, Clock, DelegatedToken, Dpop, Error, Issuer, Pipeline, RawResponse, ServerMetadata,
    TokenStore,
};
use serde_json::json;

const TOKEN: &str = "/oauth2/default/v1/token";
const USER: &str = "/api/v1/users/me";

/// A clock that the test moves on, and how far it is.
#[derive(Clone)]
struct TestClock {
    start: SystemTime,
    passed: Arc<AtomicU64>,
}

impl TestClock {
    fn new() -> Self {
        Self {
            start: SystemTime::now(),
            passed: Arc::default(),
        }
    }

    fn clock(&self) -> Clock {
        let this = self.clone();
        Clock::new(move || this.start + Duration::from_secs(this.passed.load(Ordering::Relaxed)))
    }

    fn pass_an_hour(&self) {
        self.passed.fetch_add(3600, Ordering::Relaxed);
    }
}

/// Refresh token `r-N` gets access token `a-N+1` and refresh token `r-N+1`, once.
fn rotating(asked: &Asked) -> Answer {
    if !asked.url.ends_with(TOKEN) {
        return answer(200, &json!({}));
    }
    match asked.form["refresh_token"].as_str() {
        used if used == format!("r-{}", asked.number) => tokens_of(asked.number + 1, "Bearer"),
        _ => refusal(400, "invalid_grant"),
    }
}

fn tokens_of(number: usize, kind: &str) -> Answer {
    answer(
        200,
        &json!({
            "access_token": format!("a-{number}"),
            "refresh_token": format!("r-{number}"),
            "token_type": kind,
            "expires_in": 3600,
        }),
    )
}

fn oauth(server: &OktaServer, clock: &TestClock) -> OAuthClient {
    builder(server, clock).build().unwrap()
}

fn builder(server: &OktaServer, clock: &TestClock) -> okta_auth::oauth::OAuthClientBuilder {
    let issuer = Issuer::custom(&server.org(), "default").unwrap();
    OAuthClient::builder(issuer.clone(), "0oa1")
        .metadata(ServerMetadata::okta(&issuer))
        .authentication(ClientAuthentication::secret_basic("s3cret"))
        .clock(clock.clock())
}

/// The tokens that a login gave: `a-N` and `r-N`, with an hour left from the clock's start.
fn tokens(clock: &TestClock, number: usize, hours: u64) -> Tokens {
    let end = clock.start + Duration::from_secs(3600 * hours);
    serde_json::from_value(json!({
        "access_token": format!("a-{number}"),
        "refresh_token": format!("r-{number}"),
        "token_type": "Bearer",
        "expires_at": serde_json::to_value(end).unwrap(),
        "scopes": "okta.users.read.self offline_access",
    }))
    .unwrap()
}

fn pipeline(server: &OktaServer, user: DelegatedToken) -> Pipeline {
    Pipeline::builder(server.org(), user).build().unwrap()
}

async fn call(pipeline: &Pipeline) -> Result<RawResponse, Error> {
    let url = pipeline.org_url().as_url().join(USER).unwrap();
    let call = Call::new("getUser", "/api/v1/users/{userId}");
    pipeline
        .send(reqwest::Request::new(Method::GET, url), &call)
        .await
}

/// The access tokens that the calls carried.
fn sent(server: &OktaServer) -> Vec<String> {
    let asked = server.asked(USER);
    let authorization = |asked: &Asked| asked.header("authorization").unwrap().to_owned();
    asked.iter().map(authorization).collect()
}

/// A store that other processes share.
#[derive(Clone, Debug, Default)]
struct Row {
    tokens: Arc<Mutex<Option<Tokens>>>,
    /// What is found at the next readings, before `tokens`.
    earlier: Arc<Mutex<VecDeque<Tokens>>>,
    is_down: Arc<Mutex<bool>>,
    /// The refresh tokens that were saved, in turn.
    saved: Arc<Mutex<Vec<String>>>,
}

impl Row {
    fn with(tokens: &Tokens) -> Self {
        let row = Self::default();
        row.put(tokens);
        row
    }

    fn put(&self, tokens: &Tokens) {
        *self.tokens.lock().unwrap() = Some(tokens.clone());
    }

    fn refresh_token(&self) -> String {
        let tokens = self.tokens.lock().unwrap();
        let token = tokens.as_ref().unwrap().refresh_token.as_ref();
        token.unwrap().expose().to_owned()
    }
}

impl TokenStore for Row {
    async fn load(&self) -> Result<Option<Tokens>, Error> {
        if let Some(earlier) = self.earlier.lock().unwrap().pop_front() {
            return Ok(Some(earlier));
        }
        Ok(self.tokens.lock().unwrap().clone())
    }

    async fn save(&self, tokens: &Tokens) -> Result<(), Error> {
        if *self.is_down.lock().unwrap() {
            return Err(Error::other("the database is down", "no route"));
        }
        self.put(tokens);
        self.saved.lock().unwrap().push(self.refresh_token());
        Ok(())
    }
}

#[tokio::test]
async fn each_renewal_is_told_and_uses_the_newest_refresh_token() {
    let server = OktaServer::start(rotating).await;
    let clock = TestClock::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let user = {
        let told = Arc::clone(&told);
        DelegatedToken::new(oauth(&server, &clock), tokens(&clock, 0, 1))
            .unwrap()
            .on_rotation(move |tokens| {
                let token = tokens.refresh_token.as_ref().unwrap();
                told.lock().unwrap().push(token.expose().to_owned());
            })
    };
    let pipeline = pipeline(&server, user);
    call(&pipeline).await.unwrap();
    assert!(server.asked(TOKEN).is_empty(), "the first token is good");
    for _ in 0..2 {
        clock.pass_an_hour();
        call(&pipeline).await.unwrap();
    }
    assert_eq!(sent(&server), ["Bearer a-0", "Bearer a-1", "Bearer a-2"]);
    assert_eq!(*told.lock().unwrap(), ["r-1", "r-2"]);
}

#[tokio::test]
async fn a_rotated_refresh_token_outlives_the_call_that_began_it() {
    let server = OktaServer::start(rotating).await;
    let clock = TestClock::new();
    let first = tokens(&clock, 0, 1);
    let row = Row::with(&first);
    let user = DelegatedToken::new(oauth(&server, &clock), first)
        .unwrap()
        .store(row.clone());
    let pipeline = pipeline(&server, user);
    clock.pass_an_hour();
    // Polled once, so that the renewal has begun, and given up.
    let mut cancelled = Box::pin(call(&pipeline));
    assert!(futures::poll!(&mut cancelled).is_pending());
    drop(cancelled);
    call(&pipeline).await.unwrap();
    assert_eq!(server.asked(TOKEN).len(), 1);
    assert_eq!(row.refresh_token(), "r-1");
}

#[tokio::test]
async fn what_another_process_has_renewed_is_taken_over() {
    let server = OktaServer::start(rotating).await;
    let clock = TestClock::new();
    let first = tokens(&clock, 0, 1);
    let row = Row::with(&first);
    let user = DelegatedToken::new(oauth(&server, &clock), first)
        .unwrap()
        .store(row.clone());
    let pipeline = pipeline(&server, user);
    clock.pass_an_hour();
    row.put(&tokens(&clock, 7, 2));
    call(&pipeline).await.unwrap();
    assert_eq!(sent(&server), ["Bearer a-7"]);
    assert!(server.asked(TOKEN).is_empty());
}

#[tokio::test]
async fn a_lost_race_does_not_log_the_user_out() {
    let server = OktaServer::start(|asked| match asked.url.ends_with(TOKEN) {
        true => refusal(400, "invalid_grant"),
        false => answer(200, &json!({})),
    })
    .await;
    let clock = TestClock::new();
    let (first, winners) = (tokens(&clock, 0, 1), tokens(&clock, 1, 2));
    let row = Row::with(&winners);
    // The winner saves its tokens while the loser is being refused, or a moment later.
    row.earlier
        .lock()
        .unwrap()
        .extend([first.clone(), first.clone()]);
    let user = DelegatedToken::new(oauth(&server, &clock), first)
        .unwrap()
        .store(row);
    let pipeline = pipeline(&server, user);
    clock.pass_an_hour();
    call(&pipeline).await.unwrap();
    assert_eq!(sent(&server), ["Bearer a-1"]);
    assert_eq!(server.asked(TOKEN).len(), 1);
}

#[tokio::test]
async fn a_refresh_token_that_has_ended_is_the_calls_error() {
    let server = OktaServer::start(|_| refusal(400, "invalid_grant")).await;
    let clock = TestClock::new();
    let first = tokens(&clock, 0, 1);
    for row in [Row::default(), Row::with(&first)] {
        let user = DelegatedToken::new(oauth(&server, &clock), first.clone());
        let pipeline = pipeline(&server, user.unwrap().store(row));
        clock.pass_an_hour();
        let error = call(&pipeline).await.unwrap_err();
        assert!(error.is_credentials());
        assert_eq!(error.code(), Some("invalid_grant"));
        assert_eq!(error.summary(), Some("this is invalid_grant"));
    }
}

#[tokio::test]
async fn a_refused_refresh_token_is_never_sent_twice() {
    let server = OktaServer::start(|_| refusal(400, "invalid_grant")).await;
    let clock = TestClock::new();
    let user = DelegatedToken::new(oauth(&server, &clock), tokens(&clock, 0, 1));
    let pipeline = pipeline(&server, user.unwrap());
    for _ in 0..200 {
        clock.pass_an_hour();
        let error = call(&pipeline).await.unwrap_err();
        assert!(error.is_credentials());
        assert_eq!(error.code(), Some("invalid_grant"));
        assert_eq!(error.summary(), Some("this is invalid_grant"));
    }
    assert_eq!(server.asked(TOKEN).len(), 1);
}

#[tokio::test]
async fn a_store_that_is_down_loses_nothing() {
    let server = OktaServer::start(rotating).await;
    let clock = TestClock::new();
    let first = tokens(&clock, 0, 1);
    let row = Row::with(&first);
    let user = DelegatedToken::new(oauth(&server, &clock), first)
        .unwrap()
        .store(row.clone());
    let pipeline = pipeline(&server, user);
    *row.is_down.lock().unwrap() = true;
    clock.pass_an_hour();
    call(&pipeline).await.unwrap();
    assert_eq!(row.refresh_token(), "r-0");
    *row.is_down.lock().unwrap() = false;
    clock.pass_an_hour();
    call(&pipeline).await.unwrap();
    assert_eq!(*row.saved.lock().unwrap(), ["r-1", "r-2"]);
    assert_eq!(sent(&server), ["Bearer a-1", "Bearer a-2"]);
}

#[tokio::test]
async fn older_tokens_of_the_store_are_not_taken_over() {
    let server = OktaServer::start(rotating).await;
    let clock = TestClock::new();
    let first = tokens(&clock, 0, 1);
    let row = Row::with(&first);
    let user = DelegatedToken::new(oauth(&server, &clock), first.clone());
    let pipeline = pipeline(&server, user.unwrap().store(row.clone()));
    for _ in 0..2 {
        clock.pass_an_hour();
        call(&pipeline).await.unwrap();
        // A replica that lags behind.
        row.put(&first);
    }
    assert_eq!(sent(&server), ["Bearer a-1", "Bearer a-2"]);
}

#[tokio::test]
async fn a_revoked_token_is_renewed_once() {
    let server = OktaServer::start(|asked| match asked.header("authorization") {
        Some("Bearer a-0") => answer(401, &json!({"errorCode": "E0000011"})),
        _ => rotating(asked),
    })
    .await;
    let clock = TestClock::new();
    let user = DelegatedToken::new(oauth(&server, &clock), tokens(&clock, 0, 1)).unwrap();
    let pipeline = pipeline(&server, user);
    call(&pipeline).await.unwrap();
    assert_eq!(sent(&server), ["Bearer a-0", "Bearer a-1"]);
}

#[tokio::test]
async fn without_a_refresh_token_the_end_is_the_end() {
    let server = OktaServer::start(rotating).await;
    let clock = TestClock::new();
    let mut only_access = tokens(&clock, 0, 1);
    only_access.refresh_token = None;
    let user = DelegatedToken::new(oauth(&server, &clock), only_access).unwrap();
    let pipeline = pipeline(&server, user);
    call(&pipeline).await.unwrap();
    clock.pass_an_hour();
    let error = call(&pipeline).await.unwrap_err();
    assert!(error.is_credentials());
    assert!(error.to_string().contains("`offline_access`"), "{error}");
}

#[tokio::test]
async fn bound_tokens_stay_with_their_key() {
    let server = OktaServer::start(|asked| match asked.url.ends_with(TOKEN) {
        true => tokens_of(asked.number + 1, "DPoP"),
        false => answer(200, &json!({})),
    })
    .await;
    let clock = TestClock::new();
    let dpop = Dpop::new().unwrap().rotate_key_every(Duration::ZERO);
    let oauth = builder(&server, &clock).dpop(dpop).build().unwrap();
    let first = oauth.refresh(&"r-0".into()).send().await.unwrap();
    let key = first.dpop_key.clone().unwrap();
    let user = DelegatedToken::new(oauth, first).unwrap();
    let pipeline = pipeline(&server, user);
    for _ in 0..2 {
        call(&pipeline).await.unwrap();
        clock.pass_an_hour();
    }
    let all = [server.asked(TOKEN), server.asked(USER)].concat();
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|asked| asked.proof().1 == key.thumbprint()));
}

#[tokio::test]
async fn bound_tokens_need_a_client_with_a_key() {
    let server = OktaServer::start(rotating).await;
    let clock = TestClock::new();
    let stored = json!({
        "access_token": "a-0",
        "token_type": "DPoP",
        "expires_at": null,
        "scopes": "",
    });
    let tokens: Tokens = serde_json::from_value(stored).unwrap();
    let error = DelegatedToken::new(oauth(&server, &clock), tokens.clone()).unwrap_err();
    assert!(
        error.is_configuration() && error.to_string().contains("`Dpop`"),
        "{error}"
    );

    let dpop = Dpop::new().unwrap();
    let bound = builder(&server, &clock).dpop(dpop.clone()).build().unwrap();
    let user = DelegatedToken::new(bound, tokens).unwrap();
    call(&pipeline(&server, user)).await.unwrap();
    assert_eq!(server.asked(USER)[0].proof().1, dpop.key().thumbprint());
}

#[test]
fn debug_shows_no_token() {
    let clock = TestClock::new();
    let org = okta_auth::OrgUrl::parse("https://acme.okta.com").unwrap();
    let issuer = Issuer::custom(&org, "default").unwrap();
    let oauth = OAuthClient::builder(issuer, "0oa1").build().unwrap();
    let user = DelegatedToken::new(oauth, tokens(&clock, 0, 1)).unwrap();
    let text = format!("{:?}", user.on_rotation(|_| {}));
    assert!(!text.contains("a-0") && !text.contains("r-0"), "{text}");
}
