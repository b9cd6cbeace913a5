//! Answers about tokens that are kept for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use okta_auth::oauth::{IntrospectionCache, TokenKind};
use okta_auth::{Clock, Secret};
use serde_json::{Value, json};

use super::server::*;

/// A cache over a server, with a clock that goes on when it is told to.
struct Cached {
    server: Server,
    passed: Arc<AtomicU64>,
    cache: IntrospectionCache,
}

impl Cached {
    async fn new(lifetime: u64, answer: Value) -> Self {
        let server = Server::start(move |_, _| json_reply(200, &answer)).await;
        let passed = Arc::new(AtomicU64::new(0));
        let seconds = Arc::clone(&passed);
        let time = move || now() + Duration::from_secs(seconds.load(Ordering::SeqCst));
        let oauth = server.builder().clock(Clock::new(time)).build().unwrap();
        let cache = IntrospectionCache::new(oauth, Duration::from_secs(lifetime), 100);
        Self {
            server,
            passed,
            cache,
        }
    }

    fn pass(&self, seconds: u64) {
        self.passed.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Asks about `token` and gives how often the server was asked so far.
    async fn asked(&self, token: &str) -> usize {
        let token = Secret::from(token);
        let said = self.cache.introspect(&token, TokenKind::AccessToken);
        said.await.unwrap();
        self.server.seen("/introspect").len()
    }
}

fn unix(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap().as_secs()
}

#[tokio::test]
async fn an_answer_is_kept_for_its_time() {
    let active = Cached::new(30, json!({"active": true, "sub": "joe"})).await;
    assert_eq!(active.asked("a").await, 1);
    active.pass(29);
    assert_eq!(active.asked("a").await, 1);
    let copy = active.cache.clone();
    let said = copy.introspect(&"a".into(), TokenKind::AccessToken).await;
    assert_eq!(said.unwrap().subject.as_deref(), Some("joe"));
    assert_eq!(active.asked("b").await, 2);
    active.pass(1);
    assert_eq!(active.asked("a").await, 3);
    assert!(!format!("{:?}", active.cache).contains("joe"));
}

#[tokio::test]
async fn no_answer_outlives_its_token_or_ten_minutes() {
    let exp = unix(now()) + 10;
    let short = Cached::new(30, json!({"active": true, "exp": exp})).await;
    assert_eq!(short.asked("a").await, 1);
    short.pass(9);
    assert_eq!(short.asked("a").await, 1);
    short.pass(1);
    assert_eq!(short.asked("a").await, 2);
    let long = Cached::new(u64::MAX, json!({"active": true})).await;
    assert_eq!(long.asked("a").await, 1);
    long.pass(600);
    assert_eq!(long.asked("a").await, 2);
}

#[tokio::test]
async fn made_up_tokens_are_not_kept() {
    let inactive = Cached::new(30, json!({"active": false})).await;
    for asked in 1..=3 {
        assert_eq!(inactive.asked("a").await, asked);
    }
}

#[tokio::test]
async fn what_is_forgotten_is_asked_for_again() {
    let active = Cached::new(30, json!({"active": true})).await;
    active.asked("a").await;
    assert_eq!(active.asked("b").await, 2);
    active.cache.forget(&"a".into());
    assert_eq!(active.asked("b").await, 2);
    assert_eq!(active.asked("a").await, 3);
    active.cache.forget_all();
    active.asked("a").await;
    assert_eq!(active.asked("b").await, 5);
}

#[tokio::test]
async fn an_answer_from_before_a_token_was_forgotten_is_not_kept() {
    let active = Cached::new(30, json!({"active": true})).await;
    let token = Secret::from("a");
    let mut asking = Box::pin(active.cache.introspect(&token, TokenKind::AccessToken));
    // Begun, and not answered yet.
    assert!(futures::poll!(&mut asking).is_pending());
    active.cache.forget(&token);
    asking.await.unwrap();
    assert_eq!(active.asked("a").await, 2);
}
