#![allow(clippy::unwrap_used)]
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::*;
use crate::SealingKey;
use crate::tokens::SharedTokenStore;
use crate::{Clock, Issuer};

const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);

/// A store in memory. Its clock is tokio's.
#[derive(Clone, Debug, Default)]
struct Memory(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    entries: HashMap<String, (Vec<u8>, Instant)>,
    locks: HashMap<String, (String, Instant)>,
    state: State,
    /// How long it takes until a lock is looked at.
    lock_takes: Duration,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Good,
    Down,
    Hanging,
}

impl Memory {
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap()
    }

    /// Puts a copy of the only entry under another name.
    fn copy_entry_to(&self, name: String) {
        let mut contents = self.contents();
        let entry = contents.entries.values().next().unwrap().clone();
        contents.entries.insert(name, entry);
    }

    fn state(&self) -> State {
        self.contents().state
    }

    async fn reach(&self) -> Result<MutexGuard<'_, Contents>, Error> {
        let state = self.state();
        match state {
            State::Good => Ok(self.contents()),
            State::Down => Err(Error::other("down", "down")),
            State::Hanging => std::future::pending().await,
        }
    }
}

impl SharedTokenStore for Memory {
    async fn load(&self, name: &str) -> Result<Option<SharedEntry>, Error> {
        let contents = self.reach().await?;
        let entry = contents.entries.get(name).cloned();
        Ok(entry
            .map(|(sealed, end)| SharedEntry::new(sealed, end - Instant::now()))
            .filter(|entry| !entry.left.is_zero()))
    }

    async fn save(&self, name: &str, entry: SharedEntry) -> Result<(), Error> {
        let end = Instant::now() + entry.left;
        let mut contents = self.reach().await?;
        contents
            .entries
            .insert(name.to_owned(), (entry.sealed, end));
        Ok(())
    }

    async fn lock(&self, name: &str, holder: &str, life: Duration) -> Result<bool, Error> {
        let takes = self.contents().lock_takes;
        sleep(takes).await;
        let now = Instant::now();
        let mut contents = self.reach().await?;
        contents.locks.retain(|_, (_, end)| now < *end);
        if contents.locks.contains_key(name) {
            return Ok(false);
        }
        let lock = (holder.to_owned(), now + life);
        contents.locks.insert(name.to_owned(), lock);
        Ok(true)
    }

    async fn unlock(&self, name: &str, holder: &str) -> Result<(), Error> {
        let mut contents = self.reach().await?;
        contents
            .locks
            .retain(|at, (by, _)| at != name || by != holder);
        Ok(())
    }
}

/// The processes of an app, and the server that they ask.
#[derive(Clone)]
struct App {
    store: Memory,
    client: OAuthClient,
    asked: Arc<AtomicU32>,
    takes: Duration,
}

impl App {
    fn new() -> Self {
        let start = Instant::now();
        let clock = Clock::new(move || UNIX_EPOCH + HOUR * 24 + start.elapsed());
        let issuer = Issuer::parse("https://acme.okta.com").unwrap();
        Self {
            store: Memory::default(),
            client: OAuthClient::builder(issuer, "0oa1")
                .clock(clock)
                .build()
                .unwrap(),
            asked: Arc::default(),
            takes: Duration::ZERO,
        }
    }

    /// A server that takes its time for each token.
    fn taking(takes: Duration) -> Self {
        Self {
            takes,
            ..Self::new()
        }
    }

    fn process(&self) -> Sharing {
        let key = SealingKey::new([7; 32]).unwrap();
        Sharing::new(SharedTokens::new(self.store.clone(), key))
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    async fn answer(&self) -> Result<Tokens, Error> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        sleep(self.takes).await;
        let end: SystemTime = self.client.clock().now() + HOUR;
        let tokens = json!({
            "access_token": format!("token-{number}"), "token_type": "Bearer", "expires_at": end,
            "scopes": "a b",
        });
        Ok(serde_json::from_value(tokens).unwrap())
    }

    async fn token(&self, process: &Sharing) -> Result<AccessToken, Error> {
        let scopes = Scopes::new(["a", "b"]).unwrap();
        process.token(&self.client, &scopes, self.answer()).await
    }

    /// The text of the token that a process gets.
    async fn text(&self, process: &Sharing) -> String {
        let token = self.token(process).await.unwrap();
        token.text().expose().to_owned()
    }

    /// A request that fails.
    async fn fail(&self, process: &Sharing) -> Error {
        let scopes = Scopes::new(["a", "b"]).unwrap();
        let failure = async { Err(Error::timeout("down")) };
        let failed = process.token(&self.client, &scopes, failure).await;
        failed.err().unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn what_one_process_has_asked_for_others_take() {
    let app = App::new();
    assert_eq!(app.text(&app.process()).await, "token-0");
    sleep(HOUR / 2).await;
    let token = app.token(&app.process()).await.unwrap();
    assert_eq!(token.text().expose(), "token-0");
    assert_eq!(token.authorization(), "Bearer token-0");
    let left = token
        .expires_at()
        .unwrap()
        .duration_since(app.client.clock().now());
    assert_eq!(left.unwrap(), HOUR / 2, "the life that is left");
    assert_eq!(app.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_would_be_renewed_is_not_taken() {
    let app = App::new();
    app.text(&app.process()).await;
    sleep(HOUR - Duration::from_secs(301)).await;
    assert_eq!(app.text(&app.process()).await, "token-0");
    sleep(SECOND).await;
    assert_eq!(app.text(&app.process()).await, "token-1");
    assert_eq!(app.text(&app.process()).await, "token-1");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_refused_is_not_taken_again() {
    let app = App::new();
    let (first, second) = (app.process(), app.process());
    let token = app.token(&first).await.unwrap();
    app.token(&second).await.unwrap();
    first.refuse(&token);
    assert_eq!(app.text(&first).await, "token-1");
    second.refuse(&token);
    assert_eq!(
        app.text(&second).await,
        "token-1",
        "what the first one has asked for"
    );
    assert_eq!(app.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_crowd_of_processes_waits_for_the_one_that_asks() {
    let app = App::taking(SECOND);
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { app.text(&app.process()).await })
        })
        .collect();
    for text in futures::future::join_all(tasks).await {
        assert_eq!(text.unwrap(), "token-0");
    }
    assert_eq!(app.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_process_waits_three_seconds_for_another_one_and_no_longer() {
    let app = App::taking(Duration::from_secs(60));
    let other = app.clone();
    tokio::spawn(async move { other.text(&other.process()).await });
    sleep(SECOND).await;
    let hasty = App {
        takes: Duration::ZERO,
        ..app.clone()
    };
    let before = Instant::now();
    assert_eq!(hasty.text(&hasty.process()).await, "token-1");
    assert_eq!(before.elapsed(), Duration::from_secs(3));
    // What it got is shared, and the lock of the other one is left to it.
    assert_eq!(app.store.contents().locks.len(), 1);
    assert_eq!(app.text(&app.process()).await, "token-1");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_came_while_a_process_took_the_lock_is_taken() {
    let app = App::taking(SECOND);
    app.store.contents().lock_takes = Duration::from_millis(100);
    let first = app.clone();
    tokio::spawn(async move { first.text(&first.process()).await });
    // It has looked when the first one gets its token, 1.1 seconds after its beginning.
    sleep(Duration::from_millis(1050)).await;
    assert_eq!(app.text(&app.process()).await, "token-0");
    assert!(app.store.contents().locks.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_the_process_own_and_the_next_one_asks() {
    let app = App::new();
    let error = app.fail(&app.process()).await;
    assert!(error.is_timeout(), "{error}");
    let before = Instant::now();
    assert_eq!(app.text(&app.process()).await, "token-0");
    assert!(before.elapsed().is_zero(), "the lock was given back");
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_while_it_asks_holds_nobody_up_for_long() {
    let app = App::taking(HOUR);
    let dying = app.clone();
    let task = tokio::spawn(async move { dying.text(&dying.process()).await });
    sleep(SECOND).await;
    task.abort();
    let next = App {
        takes: Duration::ZERO,
        ..app
    };
    sleep(LOCK_LIFE).await;
    let before = Instant::now();
    assert_eq!(next.text(&next.process()).await, "token-1");
    assert!(before.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_or_hangs_holds_nobody_up_for_long() {
    let app = App::new();
    app.store.contents().state = State::Down;
    assert_eq!(app.text(&app.process()).await, "token-0");
    app.store.contents().state = State::Hanging;
    let before = Instant::now();
    assert_eq!(app.text(&app.process()).await, "token-1");
    assert_eq!(before.elapsed(), Duration::from_secs(3));
    *app.store.contents() = Contents::default();
    assert_eq!(app.text(&app.process()).await, "token-2");
    assert_eq!(app.text(&app.process()).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_store_cannot_make_a_token_last_longer() {
    let app = App::new();
    app.text(&app.process()).await;
    let year = Instant::now() + HOUR * 24 * 365;
    for (_, end) in app.store.contents().entries.values_mut() {
        *end = year;
    }
    let token = app.token(&app.process()).await.unwrap();
    let left = token
        .expires_at()
        .unwrap()
        .duration_since(app.client.clock().now());
    assert_eq!(left.unwrap(), HOUR);
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_was_moved_here_is_replaced() {
    let app = App::new();
    app.text(&app.process()).await;
    let globex = Issuer::parse("https://globex.okta.com").unwrap();
    let client = OAuthClient::builder(globex, "0oa1").clock(app.client.clock().clone());
    let other = App {
        client: client.build().unwrap(),
        ..app.clone()
    };
    let scopes = Scopes::new(["a", "b"]).unwrap();
    let place = Place::of(&other.client, &scopes).unwrap().name;
    app.store.copy_entry_to(place);
    assert_eq!(other.text(&other.process()).await, "token-1");
    assert_eq!(other.text(&other.process()).await, "token-1");
}
