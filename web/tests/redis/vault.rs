//! What two processes see of one vault.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::future::join_all;
use okta_web::{RedisVault, TokenVault, VaultEntry};
use redis::cmd;

use crate::server::Server;

tests! {
    redis_keeps_a_session_until_it_is_removed_and_no_late_save_revives_it,
    redis_lets_one_of_two_replace_a_version,
    redis_gives_a_name_to_one_of_a_hundred,
    redis_bars_what_was_issued_before_a_logout,
    redis_finds_the_sessions_of_a_user_that_are_there,
    redis_forgets_sessions_with_their_indexes,
    redis_that_is_away_is_an_error,
}

const MINUTE: Duration = Duration::from_secs(60);

fn vault(server: &Server) -> RedisVault {
    RedisVault::new(&server.patient_connection())
}

/// To the millisecond, as Redis keeps it.
fn now() -> SystemTime {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(since).unwrap())
}

fn entry(life: Duration) -> VaultEntry {
    // Bytes that are no text, too.
    let user = Bytes::from_static(b"\x00user\xff");
    VaultEntry::new(user, Bytes::from_static(b"\xfftokens"), 0, now() + life)
}

async fn insert(vault: &RedisVault, id: &str, index: &str, life: Duration) -> bool {
    let indexes = [index.to_owned(), format!("{index}-session")];
    vault
        .insert(id, entry(life), &indexes, now())
        .await
        .unwrap()
}

async fn redis_keeps_a_session_until_it_is_removed_and_no_late_save_revives_it() {
    let server = Server::start();
    let (one, two) = (vault(&server), vault(&server));
    let indexes = ["joe".to_owned()];
    let put = entry(MINUTE);
    assert!(one.insert("a", put.clone(), &indexes, now()).await.unwrap());
    assert_eq!(two.load("a").await.unwrap(), Some(put.clone()));
    assert_eq!(two.find("joe").await.unwrap(), ["a"]);
    let later = now() + 2 * MINUTE;
    two.touch("a", later).await.unwrap();
    assert_eq!(one.load("a").await.unwrap().unwrap().expires_at, later);

    assert_eq!(two.remove("a").await.unwrap().unwrap().tokens, put.tokens);
    assert_eq!(one.remove("a").await.unwrap(), None);
    let late = Bytes::from_static(b"late");
    assert!(!one.replace_tokens("a", 0, late).await.unwrap());
    one.touch("a", later).await.unwrap();
    assert_eq!(one.load("a").await.unwrap(), None);
    assert!(server.keys().await.is_empty(), "{:?}", server.keys().await);
}

async fn redis_lets_one_of_two_replace_a_version() {
    let server = Server::start();
    let vaults = [vault(&server), vault(&server)];
    insert(&vaults[0], "a", "joe", MINUTE).await;
    let replaced = join_all(vaults.iter().map(|vault| async move {
        let tokens = Bytes::from_static(b"new");
        vault.replace_tokens("a", 0, tokens).await.unwrap()
    }));
    let replaced = replaced.await;
    assert!(replaced[0] != replaced[1], "{replaced:?}");
    let entry = vaults[0].load("a").await.unwrap().unwrap();
    assert_eq!((entry.version, entry.tokens.as_ref()), (1, &b"new"[..]));
}

async fn redis_gives_a_name_to_one_of_a_hundred() {
    let server = Server::start();
    let vaults = [vault(&server), vault(&server)];
    let claims = (0..100).map(|n| {
        let vault = &vaults[n % 2];
        async move { vault.claim("x", &n.to_string(), MINUTE).await.unwrap() }
    });
    let claimed = join_all(claims).await;
    let holder = claimed.iter().position(|claimed| *claimed).unwrap();
    assert_eq!(claimed.iter().filter(|claimed| **claimed).count(), 1);
    // Another one cannot give it back.
    vaults[0].release("x", "nobody").await.unwrap();
    assert!(!vaults[0].claim("x", "nobody", MINUTE).await.unwrap());
    vaults[1].release("x", &holder.to_string()).await.unwrap();
    assert!(
        vaults[0]
            .claim("x", "nobody", Duration::from_millis(20))
            .await
            .unwrap()
    );
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert!(vaults[0].claim("x", "another", MINUTE).await.unwrap());
}

async fn redis_bars_what_was_issued_before_a_logout() {
    let server = Server::start();
    let vault = vault(&server);
    vault.bar("joe", now() + MINUTE, MINUTE).await.unwrap();
    assert!(!insert(&vault, "a", "joe", MINUTE).await);
    assert_eq!(vault.load("a").await.unwrap(), None);
    assert!(insert(&vault, "b", "ann", MINUTE).await);
    vault.bar("joe", now() - MINUTE, MINUTE).await.unwrap();
    assert!(insert(&vault, "c", "joe", MINUTE).await);
}

async fn redis_finds_the_sessions_of_a_user_that_are_there() {
    let server = Server::start();
    let vault = vault(&server);
    insert(&vault, "a", "joe", MINUTE).await;
    insert(&vault, "b", "joe", Duration::from_millis(20)).await;
    insert(&vault, "c", "ann", MINUTE).await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(vault.find("joe").await.unwrap(), ["a"]);
    assert_eq!(vault.find("joe-session").await.unwrap(), ["a"]);
    assert!(vault.find("nobody").await.unwrap().is_empty());
}

async fn redis_forgets_sessions_with_their_indexes() {
    let server = Server::start();
    let vault = vault(&server);
    insert(&vault, "a", "joe", Duration::from_millis(20)).await;
    insert(&vault, "b", "ann", Duration::from_millis(20)).await;
    // In use for longer, its indexes last as long.
    vault.touch("b", now() + MINUTE).await.unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(vault.load("a").await.unwrap(), None);
    assert_eq!(vault.find("ann").await.unwrap(), ["b"]);
    let keys = server.keys().await;
    assert_eq!(keys.len(), 3, "{keys:?}");
    for key in keys {
        let left: i64 = server.ask(cmd("PTTL").arg(&key)).await;
        assert!((1..=60_000).contains(&left), "{key}: {left}");
    }
}

async fn redis_that_is_away_is_an_error() {
    let mut server = Server::start();
    let vault = RedisVault::new(&server.connection());
    insert(&vault, "a", "joe", MINUTE).await;
    server.stop();
    assert!(vault.load("a").await.is_err());
    assert!(vault.claim("x", "one", MINUTE).await.is_err());
    assert!(vault.find("joe").await.is_err());
}
