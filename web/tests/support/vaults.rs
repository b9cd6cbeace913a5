//! What every vault has to do, whatever it keeps sessions in.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::future::{join, join_all};
use http::StatusCode;
use okta_auth::Clock;
use okta_emulator::Emulator;
use okta_web::{TokenVault, VaultEntry};
use tower_sessions::MemoryStore;

use crate::app::{Settings, log_in, log_out, serve, token, token_requests};
use crate::harness::Test;

pub const MINUTE: Duration = Duration::from_secs(60);

/// A life that ends in the time of a test.
pub const SHORT: Duration = Duration::from_millis(20);

/// A store of the test's own, with nothing in it.
pub trait Store: Send + Sync + 'static {
    type Vault: TokenVault;

    /// What the names of its tests begin with.
    const NAME: &str;

    fn start() -> impl Future<Output = Self> + Send;

    /// A vault over it, as another process has it.
    fn vault(&self) -> impl Future<Output = Self::Vault> + Send;

    /// To the millisecond, as stores keep it.
    fn now(&self) -> SystemTime {
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
        SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(since).unwrap())
    }

    /// Lets what has a [`SHORT`] life end.
    fn pass(&self) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(3 * SHORT)
    }
}

macro_rules! of_every_vault {
    ($($name:ident,)*) => {
        /// The tests, for one store.
        pub fn tests<S: Store>() -> Vec<Test> {
            vec![$((named::<S>(stringify!($name)), || Box::pin($name::<S>()))),*]
        }
    };
}

of_every_vault! {
    keeps_a_session_until_it_is_removed_and_no_late_save_revives_it,
    lets_one_of_two_replace_a_version,
    gives_a_session_that_is_removed_to_one_of_many,
    gives_a_name_to_one_of_a_hundred,
    bars_what_was_issued_before_a_logout,
    lets_no_login_slip_past_a_logout,
    finds_sessions_under_each_index,
    serves_an_app_of_two_servers_with_one_refresh_and_one_logout,
}

fn named<S: Store>(test: &str) -> &'static str {
    format!("{}_{test}", S::NAME).leak()
}

pub fn entry(expires_at: SystemTime) -> VaultEntry {
    // Bytes that are no text, too.
    let user = Bytes::from_static(b"\x00user\xff");
    VaultEntry::new(user, Bytes::from_static(b"\xfftokens"), 0, expires_at)
}

/// Adds a session under `index` and another name.
pub async fn insert<S: Store>(
    store: &S,
    vault: &S::Vault,
    id: &str,
    index: &str,
    life: Duration,
) -> bool {
    let indexes = [index.to_owned(), format!("{index}-session")];
    let (entry, now) = (entry(store.now() + life), store.now());
    vault.insert(id, entry, &indexes, now).await.unwrap()
}

async fn keeps_a_session_until_it_is_removed_and_no_late_save_revives_it<S: Store>() {
    let store = S::start().await;
    let (one, two) = (store.vault().await, store.vault().await);
    let indexes = ["joe".to_owned()];
    let put = entry(store.now() + MINUTE);
    let added = one.insert("a", put.clone(), &indexes, store.now()).await;
    assert!(added.unwrap());
    assert_eq!(two.load("a").await.unwrap(), Some(put.clone()));
    assert_eq!(two.find("joe").await.unwrap(), ["a"]);
    let later = store.now() + 2 * MINUTE;
    two.touch("a", later).await.unwrap();
    assert_eq!(one.load("a").await.unwrap().unwrap().expires_at, later);

    assert_eq!(two.remove("a").await.unwrap().unwrap().tokens, put.tokens);
    assert_eq!(one.remove("a").await.unwrap(), None);
    let late = Bytes::from_static(b"late");
    assert!(!one.replace_tokens("a", 0, late).await.unwrap());
    one.touch("a", later).await.unwrap();
    assert_eq!(one.load("a").await.unwrap(), None);
    assert!(two.find("joe").await.unwrap().is_empty());
}

async fn lets_one_of_two_replace_a_version<S: Store>() {
    let store = S::start().await;
    let vaults = [store.vault().await, store.vault().await];
    insert(&store, &vaults[0], "a", "joe", MINUTE).await;
    let replaced = join_all(vaults.iter().map(|vault| async move {
        let tokens = Bytes::from_static(b"new");
        vault.replace_tokens("a", 0, tokens).await.unwrap()
    }));
    let replaced = replaced.await;
    assert!(replaced[0] != replaced[1], "{replaced:?}");
    let entry = vaults[0].load("a").await.unwrap().unwrap();
    assert_eq!((entry.version, entry.tokens.as_ref()), (1, &b"new"[..]));
    let never = vaults[0].replace_tokens("a", u64::MAX, Bytes::new()).await;
    assert!(!never.unwrap());
}

async fn gives_a_session_that_is_removed_to_one_of_many<S: Store>() {
    let store = S::start().await;
    let vaults = [store.vault().await, store.vault().await];
    insert(&store, &vaults[0], "a", "joe", MINUTE).await;
    let removed = (0..20).map(|n| vaults[n % 2].remove("a"));
    let removed = join_all(removed).await.into_iter();
    assert_eq!(
        removed.filter(|it| it.as_ref().unwrap().is_some()).count(),
        1
    );
}

async fn gives_a_name_to_one_of_a_hundred<S: Store>() {
    let store = S::start().await;
    let vaults = [store.vault().await, store.vault().await];
    let claims = (0..100).map(|n| {
        let vault = &vaults[n % 2];
        async move { vault.claim("x", &n.to_string(), MINUTE).await.unwrap() }
    });
    let claimed = join_all(claims).await;
    let holder = claimed.iter().position(|claimed| *claimed).unwrap();
    assert_eq!(claimed.iter().filter(|claimed| **claimed).count(), 1);
    // Who has it keeps it, and another one cannot give it back.
    let holder = holder.to_string();
    assert!(vaults[0].claim("x", &holder, MINUTE).await.unwrap());
    vaults[0].release("x", "nobody").await.unwrap();
    assert!(!vaults[0].claim("x", "nobody", MINUTE).await.unwrap());
    vaults[1].release("x", &holder).await.unwrap();
    assert!(vaults[0].claim("x", "nobody", SHORT).await.unwrap());
    store.pass().await;
    assert!(vaults[0].claim("x", "another", MINUTE).await.unwrap());
}

async fn bars_what_was_issued_before_a_logout<S: Store>() {
    let store = S::start().await;
    let (vault, now) = (store.vault().await, store.now());
    vault.bar("joe", now + MINUTE, MINUTE).await.unwrap();
    assert!(!insert(&store, &vault, "a", "joe", MINUTE).await);
    assert_eq!(vault.load("a").await.unwrap(), None);
    assert!(insert(&store, &vault, "b", "ann", MINUTE).await);
    // Of two logouts that are told of out of order, the later one counts, and the longer life.
    vault.bar("joe", now - MINUTE, SHORT).await.unwrap();
    store.pass().await;
    assert!(!insert(&store, &vault, "c", "joe", MINUTE).await);
    let before = store.now() - MINUTE;
    vault.bar("tom", before, MINUTE).await.unwrap();
    assert!(insert(&store, &vault, "c", "tom", MINUTE).await);
    // A bar ends, too.
    vault.bar("sue", now + MINUTE, SHORT).await.unwrap();
    store.pass().await;
    assert!(insert(&store, &vault, "d", "sue", MINUTE).await);
}

/// A logout bars, and then ends what it finds: it finds every login that was not barred.
async fn lets_no_login_slip_past_a_logout<S: Store>() {
    let store = S::start().await;
    let (one, two) = (store.vault().await, store.vault().await);
    for round in 0..40 {
        let (id, user) = (format!("id{round}"), format!("user{round}"));
        let login = insert(&store, &one, &id, &user, MINUTE);
        let logout = async {
            let until = store.now() + MINUTE;
            two.bar(&user, until, MINUTE).await.unwrap();
            for id in two.find(&user).await.unwrap() {
                two.remove(&id).await.unwrap();
            }
        };
        // By turns the one or the other is asked first.
        match round % 2 {
            0 => drop(join(login, logout).await),
            _ => drop(join(logout, login).await),
        }
        assert_eq!(one.load(&id).await.unwrap(), None, "round {round}");
    }
}

async fn finds_sessions_under_each_index<S: Store>() {
    let store = S::start().await;
    let vault = store.vault().await;
    insert(&store, &vault, "a", "joe", MINUTE).await;
    insert(&store, &vault, "b", "joe", MINUTE).await;
    insert(&store, &vault, "c", "ann", MINUTE).await;
    for index in ["joe", "joe-session"] {
        let mut found = vault.find(index).await.unwrap();
        found.sort();
        assert_eq!(found, ["a", "b"], "{index}");
    }
    assert!(vault.find("nobody").await.unwrap().is_empty());
}

async fn serves_an_app_of_two_servers_with_one_refresh_and_one_logout<S: Store>() {
    let store = S::start().await;
    let org = Emulator::start().await.unwrap();
    let ahead = Arc::new(AtomicU64::new(0));
    let shown = Arc::clone(&ahead);
    let clock =
        Clock::new(move || SystemTime::now() + Duration::from_secs(shown.load(Ordering::Relaxed)));
    let (settings, browsers) = (Settings::of(&org), MemoryStore::default());
    let mut servers = Vec::new();
    for name in ["one", "two"] {
        let (vault, browsers) = (store.vault().await, browsers.clone());
        let server = serve(&settings, name.to_owned(), vault, browsers, clock.clone());
        servers.push(server.await);
    }
    let mut client = log_in(&servers[0], &servers[1]).await;
    let first = token(&servers[0], client.clone()).await;
    assert_eq!(token(&servers[1], client.clone()).await, first);
    assert_eq!(token_requests(&org), 1);

    // The token is over, and the refresh token is not.
    let hour = 60 * 60 + 1;
    org.clock().advance(Duration::from_secs(hour));
    ahead.store(hour, Ordering::Relaxed);
    let requests = (0..20).map(|n| token(&servers[n % 2], client.clone()));
    let tokens: BTreeSet<_> = join_all(requests).await.into_iter().collect();
    assert_eq!(tokens.len(), 1);
    assert!(!tokens.contains(&first));
    assert_eq!(token_requests(&org), 2);

    let mut thief = client.clone();
    log_out(&servers[0], &mut client, &org).await;
    for server in &servers {
        assert_eq!(thief.open(server).await.status(), StatusCode::SEE_OTHER);
    }
}
