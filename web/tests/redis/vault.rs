//! The vault in Redis.

use okta_web::{RedisVault, TokenVault};
use redis::cmd;

use crate::harness::Test;
use crate::server::Server;
use crate::vaults::{self, MINUTE, SHORT, Store, insert};

tests! {
    redis_finds_no_sessions_that_have_ended,
    redis_forgets_sessions_with_their_indexes,
    redis_that_is_away_is_an_error,
}

/// What every vault does.
pub fn of_every_vault() -> Vec<Test> {
    vaults::tests::<Server>()
}

impl Store for Server {
    type Vault = RedisVault;

    const NAME: &str = "redis";

    async fn start() -> Self {
        Self::start()
    }

    async fn vault(&self) -> RedisVault {
        RedisVault::new(&self.patient_connection())
    }
}

async fn redis_finds_no_sessions_that_have_ended() {
    let server = Server::start();
    let vault = server.vault().await;
    insert(&server, &vault, "a", "joe", MINUTE).await;
    insert(&server, &vault, "b", "joe", SHORT).await;
    server.pass().await;
    assert_eq!(vault.find("joe").await.unwrap(), ["a"]);
    vault.remove("a").await.unwrap();
    let keys = server.keys().await;
    assert!(
        keys.iter().all(|key| key.contains("joe-session")),
        "{keys:?}"
    );
}

async fn redis_forgets_sessions_with_their_indexes() {
    let server = Server::start();
    let vault = server.vault().await;
    insert(&server, &vault, "a", "joe", SHORT).await;
    insert(&server, &vault, "b", "ann", SHORT).await;
    // In use for longer, its indexes last as long.
    vault.touch("b", server.now() + MINUTE).await.unwrap();
    server.pass().await;
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
    insert(&server, &server.vault().await, "a", "joe", MINUTE).await;
    server.stop();
    assert!(vault.load("a").await.is_err());
    assert!(vault.claim("x", "one", MINUTE).await.is_err());
    assert!(vault.find("joe").await.is_err());
}
