#![allow(clippy::unwrap_used)]
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

/// A vault whose clock shows the seconds that are in the counter.
fn vault(capacity: usize) -> (MemoryVault, Arc<AtomicU64>) {
    let seconds = Arc::new(AtomicU64::new(1_000));
    let shown = Arc::clone(&seconds);
    let clock = Clock::new(move || at(shown.load(Ordering::Relaxed)));
    (MemoryVault::new().capacity(capacity).clock(clock), seconds)
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn entry(expires_at: u64) -> VaultEntry {
    let user = Bytes::from_static(b"user");
    VaultEntry::new(user, Bytes::from_static(b"tokens"), 0, at(expires_at))
}

async fn insert(vault: &MemoryVault, id: &str, index: &str) -> Result<bool, Error> {
    vault
        .insert(id, entry(2_000), &[index.to_owned()], at(1_000))
        .await
}

#[tokio::test]
async fn a_late_save_cannot_revive_a_session() {
    let (vault, _) = vault(10);
    assert!(insert(&vault, "a", "joe").await.unwrap());
    let seen = vault.load("a").await.unwrap().unwrap();
    assert_eq!(vault.remove("a").await.unwrap(), Some(seen.clone()));
    assert_eq!(vault.remove("a").await.unwrap(), None);
    let late = Bytes::from_static(b"late");
    assert!(!vault.replace_tokens("a", seen.version, late).await.unwrap());
    vault.touch("a", at(9_000)).await.unwrap();
    assert_eq!(vault.load("a").await.unwrap(), None);
    assert!(vault.find("joe").await.unwrap().is_empty());
}

#[tokio::test]
async fn of_two_who_replace_one_version_one_succeeds() {
    let (vault, _) = vault(10);
    insert(&vault, "a", "joe").await.unwrap();
    for (text, replaced) in [("first", true), ("second", false)] {
        let done = vault.replace_tokens("a", 0, Bytes::from(text)).await;
        assert_eq!(done.unwrap(), replaced, "{text}");
    }
    let entry = vault.load("a").await.unwrap().unwrap();
    assert_eq!((entry.tokens.as_ref(), entry.version), (&b"first"[..], 1));
}

#[tokio::test]
async fn a_name_has_one_holder_until_it_is_given_back_or_its_time_is_over() {
    let (vault, seconds) = vault(10);
    assert!(vault.claim("x", "one", MINUTE).await.unwrap());
    assert!(!vault.claim("x", "two", MINUTE).await.unwrap());
    vault.release("x", "two").await.unwrap();
    assert!(!vault.claim("x", "two", MINUTE).await.unwrap());
    vault.release("x", "one").await.unwrap();
    assert!(vault.claim("x", "two", MINUTE).await.unwrap());
    seconds.fetch_add(60, Ordering::Relaxed);
    assert!(vault.claim("x", "one", MINUTE).await.unwrap());
}

#[tokio::test]
async fn what_was_issued_before_a_logout_is_barred_and_what_came_after_is_not() {
    let (vault, seconds) = vault(10);
    vault.bar("joe", at(1_000), MINUTE).await.unwrap();
    assert!(!insert(&vault, "a", "joe").await.unwrap());
    assert!(vault.is_empty());
    assert!(insert(&vault, "b", "ann").await.unwrap());
    let joe = ["joe".to_owned()];
    assert!(
        vault
            .insert("c", entry(2_000), &joe, at(1_001))
            .await
            .unwrap()
    );
    seconds.fetch_add(60, Ordering::Relaxed);
    assert!(insert(&vault, "d", "joe").await.unwrap());
}

#[tokio::test]
async fn what_has_expired_is_cleared_away_and_what_is_full_refuses() {
    let (vault, seconds) = vault(2);
    insert(&vault, "a", "joe").await.unwrap();
    insert(&vault, "b", "joe").await.unwrap();
    let error = insert(&vault, "c", "joe").await.unwrap_err();
    assert!(error.to_string().contains("capacity"), "{error}");
    assert_eq!(vault.find("joe").await.unwrap(), ["a", "b"]);
    seconds.store(2_000, Ordering::Relaxed);
    assert!(insert(&vault, "c", "joe").await.unwrap());
    assert_eq!(vault.find("joe").await.unwrap(), ["c"]);
}
