//! The tokens of a user outlive stores that fail, and are not mixed up with those of another.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Method};
use okta_auth::oauth::{OAuthClient, Tokens};
use okta_auth::{
    Call, Clock, CredentialsProvider, DelegatedToken, Error, Issuer, Pipeline, RequestContext,
    ServerMetadata, TokenStore,
};
use serde_json::{Value, json};

use crate::okta_server::{Answer, Asked, OktaServer, answer, refusal};

const TOKEN: &str = "/oauth2/default/v1/token";
const USER: &str = "/api/v1/users/me";
const NOW: u64 = 1_800_000_000;

/// What stands for the time, in seconds after [`NOW`].
type Passed = Arc<AtomicU64>;

fn client(server: &OktaServer, passed: &Passed) -> OAuthClient {
    let passed = Arc::clone(passed);
    let clock = Clock::new(move || time(passed.load(Ordering::Relaxed)));
    let issuer = Issuer::custom(&server.org(), "default").unwrap();
    OAuthClient::builder(issuer.clone(), "0oa1")
        .metadata(ServerMetadata::okta(&issuer))
        .clock(clock)
        .requests(|requests| requests.max_retries(0))
        .build()
        .unwrap()
}

fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW + seconds)
}

/// `a-N` and `r-N` of a user, good until `end` seconds after [`NOW`].
fn tokens(user: Option<&str>, number: usize, end: u64) -> Tokens {
    let id_token = user.map(|user| {
        let claims = URL_SAFE_NO_PAD.encode(json!({"sub": user}).to_string());
        format!("e30.{claims}.x")
    });
    serde_json::from_value(json!({
        "access_token": format!("a-{number}"),
        "refresh_token": format!("r-{number}"),
        "device_secret": user.map(|user| format!("ds of {user}")),
        "token_type": "Bearer",
        "expires_at": serde_json::to_value(time(end)).unwrap(),
        "scopes": "openid",
        "id_token": id_token,
    }))
    .unwrap()
}

/// `r-N` gets `a-N+1` and `r-N+1`, once.
fn rotating(asked: &Asked) -> Answer {
    if !asked.url.ends_with(TOKEN) {
        return answer(200, &json!({}));
    }
    if asked.form["refresh_token"] != format!("r-{}", asked.number) {
        return refusal(400, "invalid_grant");
    }
    let number = asked.number + 1;
    let body = json!({
        "access_token": format!("a-{number}"),
        "refresh_token": format!("r-{number}"),
        "token_type": "Bearer",
        "expires_in": 3600,
    });
    answer(200, &body)
}

fn refusing(asked: &Asked) -> Answer {
    match asked.url.ends_with(TOKEN) {
        true => refusal(400, "invalid_grant"),
        false => answer(200, &json!({})),
    }
}

/// A user whose tokens can be looked at while calls carry them.
#[derive(Clone, Debug)]
struct User(Arc<DelegatedToken>);

impl CredentialsProvider for User {
    async fn headers(&self, request: RequestContext<'_>) -> Result<HeaderMap, Error> {
        self.0.headers(request).await
    }
}

/// The access token that a call carries now.
async fn token(server: &OktaServer, user: &User) -> Result<String, Error> {
    let pipeline = Pipeline::builder(server.org(), user.clone()).build()?;
    let request = reqwest::Request::new(Method::GET, server.url(USER).parse().unwrap());
    let call = Call::new("getUser", "/api/v1/users/{userId}");
    pipeline.send(request, &call).await?;
    let last = server.asked(USER).pop().unwrap();
    Ok(last.header("authorization").unwrap().to_owned())
}

/// Acts with `tokens`, kept in `store`.
fn user(server: &OktaServer, passed: &Passed, tokens: Tokens, store: impl TokenStore) -> User {
    let user = DelegatedToken::new(client(server, passed), tokens).unwrap();
    User(Arc::new(user.store(store)))
}

fn refresh_token(tokens: &Tokens) -> String {
    tokens.refresh_token.as_ref().unwrap().expose().to_owned()
}

/// A store that fails as often as it is told.
#[derive(Clone, Debug, Default)]
struct Store {
    held: Arc<Mutex<Option<Tokens>>>,
    failures: Arc<AtomicUsize>,
    panics: bool,
    given: Arc<Mutex<Vec<String>>>,
}

impl Store {
    fn put(&self, tokens: Tokens) {
        *self.held.lock().unwrap() = Some(tokens);
    }

    fn fails(&self) -> bool {
        let left = self.failures.load(Ordering::Relaxed);
        self.failures
            .store(left.saturating_sub(1), Ordering::Relaxed);
        assert!(!(left > 0 && self.panics), "the store panics");
        left > 0
    }
}

impl TokenStore for Store {
    async fn load(&self) -> Result<Option<Tokens>, Error> {
        Ok(self.held.lock().unwrap().clone())
    }

    async fn save(&self, tokens: &Tokens) -> Result<(), Error> {
        self.given.lock().unwrap().push(refresh_token(tokens));
        if self.fails() {
            return Err(Error::other("the database is down", "no route"));
        }
        self.put(tokens.clone());
        Ok(())
    }
}

#[tokio::test]
async fn a_store_that_fails_or_panics_is_given_the_tokens_again() {
    for panics in [false, true] {
        let server = OktaServer::start(rotating).await;
        let passed = Passed::default();
        let store = Store {
            failures: Arc::new(AtomicUsize::new(2)),
            panics,
            ..Store::default()
        };
        let user = user(&server, &passed, tokens(None, 0, 3600), store.clone());
        passed.store(3600, Ordering::Relaxed);
        assert_eq!(
            token(&server, &user).await.unwrap(),
            "Bearer a-1",
            "panics: {panics}"
        );
        assert_eq!(refresh_token(&user.0.tokens()), "r-1", "they are not lost");
        // A while later, or before the next renewal.
        passed.store(7200, Ordering::Relaxed);
        assert_eq!(token(&server, &user).await.unwrap(), "Bearer a-2");
        let given = store.given.lock().unwrap().clone();
        assert!(given.iter().filter(|token| *token == "r-1").count() >= 2);
        assert_eq!(given.last().unwrap(), "r-2");
        let held = store.held.lock().unwrap().clone();
        assert_eq!(refresh_token(&held.unwrap()), "r-2");
    }
}

#[tokio::test]
async fn a_panic_in_on_rotation_loses_nothing() {
    let server = OktaServer::start(rotating).await;
    let passed = Passed::default();
    let saved = Arc::new(Mutex::new(Vec::new()));
    let user = DelegatedToken::new(client(&server, &passed), tokens(None, 0, 3600)).unwrap();
    let user = {
        let (saved, calls) = (Arc::clone(&saved), AtomicUsize::new(0));
        user.on_rotation(move |tokens| {
            assert!(
                calls.fetch_add(1, Ordering::Relaxed) > 0,
                "the first call panics"
            );
            saved.lock().unwrap().push(refresh_token(tokens));
        })
    };
    let user = User(Arc::new(user));
    passed.store(3600, Ordering::Relaxed);
    assert_eq!(token(&server, &user).await.unwrap(), "Bearer a-1");
    passed.store(7200, Ordering::Relaxed);
    assert_eq!(token(&server, &user).await.unwrap(), "Bearer a-2");
    assert_eq!(*saved.lock().unwrap(), ["r-1", "r-2"]);
}

#[tokio::test]
async fn a_store_that_panics_while_it_loads_is_a_store_without_tokens() {
    #[derive(Debug)]
    struct Broken;
    impl TokenStore for Broken {
        async fn load(&self) -> Result<Option<Tokens>, Error> {
            panic!("the store panics")
        }
        async fn save(&self, _: &Tokens) -> Result<(), Error> {
            Ok(())
        }
    }
    let server = OktaServer::start(rotating).await;
    let passed = Passed::default();
    let user = user(&server, &passed, tokens(None, 0, 3600), Broken);
    passed.store(3600, Ordering::Relaxed);
    assert_eq!(token(&server, &user).await.unwrap(), "Bearer a-1");
}

#[tokio::test]
async fn a_refused_refresh_token_is_never_sent_twice() {
    let server = OktaServer::start(refusing).await;
    let passed = Passed::default();
    let store = Store::default();
    let user = user(&server, &passed, tokens(None, 0, 3600), store.clone());
    let sent = || {
        let asked = server.asked(TOKEN);
        let token = |asked: &Asked| asked.form["refresh_token"].clone();
        asked.iter().map(token).collect::<Vec<_>>()
    };
    for day in 1..20 {
        passed.store(day * 86_400, Ordering::Relaxed);
        let error = token(&server, &user).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"));
        assert_eq!(error.summary(), Some("this is invalid_grant"));
    }
    assert_eq!(sent(), ["r-0"]);
    // Another process logs the user in again, but that one is refused too; nor does the first
    // become good by coming back.
    for (number, expected) in [(7, &["r-0", "r-7"][..]), (0, &["r-0", "r-7"])] {
        store.put(tokens(None, number, 0));
        for day in 20..25 {
            passed.store(day * 86_400 + number as u64, Ordering::Relaxed);
            assert!(token(&server, &user).await.is_err());
        }
        assert_eq!(sent(), expected);
    }
}

#[tokio::test]
async fn tokens_of_another_process_revive_a_refused_user() {
    let server = OktaServer::start(refusing).await;
    let passed = Passed::default();
    let store = Store::default();
    let user = user(&server, &passed, tokens(None, 0, 3600), store.clone());
    passed.store(3600, Ordering::Relaxed);
    assert!(token(&server, &user).await.is_err());
    store.put(tokens(None, 7, 7200));
    passed.store(3700, Ordering::Relaxed);
    assert_eq!(token(&server, &user).await.unwrap(), "Bearer a-7");
    assert_eq!(server.asked(TOKEN).len(), 1);
}

#[tokio::test]
async fn the_store_cannot_bring_another_users_tokens() {
    let server = OktaServer::start(rotating).await;
    // Found before the renewal, and found after a lost race.
    for (number, end, requests) in [(0, 99_999, 0), (99, 0, 1)] {
        let first = tokens(Some("joe"), number, 3600);
        let passed = Passed::default();
        let store = Store::default();
        let user = user(&server, &passed, first, store.clone());
        store.put(tokens(Some("mallory"), 7, end));
        passed.store(3600, Ordering::Relaxed);
        let error = token(&server, &user).await.unwrap_err();
        assert!(error.is_credentials(), "{error}");
        let stays = serde_json::to_value(user.0.tokens()).unwrap();
        assert_eq!(stays["device_secret"], "ds of joe");
        assert_eq!(server.asked(TOKEN).len(), requests);
    }
}

#[tokio::test]
async fn what_the_store_lacks_is_kept() {
    let server = OktaServer::start(rotating).await;
    let passed = Passed::default();
    let store = Store::default();
    let user = user(
        &server,
        &passed,
        tokens(Some("joe"), 0, 3600),
        store.clone(),
    );
    store.put(tokens(None, 7, 7200));
    passed.store(3600, Ordering::Relaxed);
    assert_eq!(token(&server, &user).await.unwrap(), "Bearer a-7");
    let kept: Value = serde_json::to_value(user.0.tokens()).unwrap();
    assert_eq!(kept["device_secret"], "ds of joe");
    assert!(kept["id_token"].is_string());
    // So another user is still told from this one.
    store.put(tokens(Some("mallory"), 8, 99_999));
    passed.store(7200, Ordering::Relaxed);
    assert!(token(&server, &user).await.unwrap_err().is_credentials());
}

/// A server whose keys cannot be obtained, and whose ID tokens are about `user`.
async fn server_without_keys(user: &'static str) -> OktaServer {
    OktaServer::start(move |asked| {
        if !asked.url.ends_with(TOKEN) {
            return answer(
                if asked.url.ends_with(USER) { 200 } else { 500 },
                &json!({}),
            );
        }
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","kid":"k"}"#);
        let claims = URL_SAFE_NO_PAD.encode(json!({"sub": user}).to_string());
        let body = json!({
            "access_token": "a-1", "refresh_token": "r-1", "token_type": "Bearer",
            "expires_in": 3600, "id_token": format!("{header}.{claims}.AAAA"),
        });
        answer(200, &body)
    })
    .await
}

#[tokio::test]
async fn a_rotated_refresh_token_is_not_lost_while_the_keys_cannot_be_obtained() {
    let passed = Passed::default();
    let server = server_without_keys("joe").await;
    let joe = user(
        &server,
        &passed,
        tokens(Some("joe"), 0, 3600),
        Store::default(),
    );
    passed.store(3600, Ordering::Relaxed);
    assert_eq!(token(&server, &joe).await.unwrap(), "Bearer a-1");
    let kept = joe.0.tokens();
    assert_eq!(refresh_token(&kept), "r-1");
    // What could not be verified says nothing.
    assert!(kept.id_token.unwrap().claims().is_err());

    let server = server_without_keys("mallory").await;
    let passed = Passed::default();
    let joe = user(
        &server,
        &passed,
        tokens(Some("joe"), 0, 3600),
        Store::default(),
    );
    passed.store(3600, Ordering::Relaxed);
    assert!(token(&server, &joe).await.unwrap_err().is_credentials());
    assert_eq!(refresh_token(&joe.0.tokens()), "r-0");
}
