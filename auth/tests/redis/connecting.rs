//! Servers that are away, come back, hang, or let nobody in.

use std::time::Duration;

use okta_auth::redis::{RedisConnection, RedisTokenStore};
use okta_auth::{Error, SharedTokenStore};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::cmd;

use crate::server::Server;

tests! {
    redis_that_closes_a_connection_in_use_by_nobody_is_connected_to_at_once,
    redis_that_was_away_is_asked_again_when_it_is_back,
    redis_that_hangs_is_waited_for_shortly_and_asked_again_later,
    redis_that_let_nobody_in_is_asked_again_when_it_does,
    redis_password_reaches_no_error,
    redis_keys_have_the_prefix_of_the_connection,
    redis_lock_is_given_back_by_its_holder_alone,
    redis_is_asked_over_a_connection_of_the_callers_own,
    redis_that_hangs_is_not_waited_for_without_end_over_a_connection_of_the_callers_own,
}

/// Whether Redis can be asked over this connection.
async fn ask(connection: &RedisConnection) -> Result<(), Error> {
    let store = RedisTokenStore::new(connection);
    store.unlock("any", "nobody").await
}

async fn redis_that_was_away_is_asked_again_when_it_is_back() {
    let mut server = Server::start();
    let connection = server.connection();
    ask(&connection).await.unwrap();
    server.stop();
    for _ in 0..3 {
        let error = ask(&connection).await.unwrap_err();
        assert!(error.to_string().starts_with("Redis "), "{error}");
    }
    server.restart();
    ask(&connection).await.unwrap();

    // Made before the server was there.
    server.stop();
    let early = server.connection();
    ask(&early).await.unwrap_err();
    server.restart();
    ask(&early).await.unwrap();
}

async fn redis_that_closes_a_connection_in_use_by_nobody_is_connected_to_at_once() {
    let server = Server::start();
    let connection = server.connection();
    ask(&connection).await.unwrap();
    let mut kill = cmd("CLIENT");
    kill.arg("KILL")
        .arg("TYPE")
        .arg("NORMAL")
        .arg("SKIPME")
        .arg("YES");
    let killed: u32 = server.ask(&kill).await;
    assert_eq!(killed, 1);
    // The test's own connection, and the one that was closed.
    for _ in 0..500 {
        if server.connections().await == 2 {
            return ask(&connection).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody has connected");
}

async fn redis_that_hangs_is_waited_for_shortly_and_asked_again_later() {
    let mut server = Server::start();
    let connection = server.connection();
    ask(&connection).await.unwrap();
    server.hang().await;
    let asked = tokio::time::timeout(Duration::from_secs(60), ask(&connection));
    let error = asked.await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    // The limit of answers, and not the one of all commands.
    assert!(error.to_string().contains("timed out"), "{error}");
    server.restart();
    ask(&connection).await.unwrap();
}

async fn redis_that_let_nobody_in_is_asked_again_when_it_does() {
    let server = Server::with(&["--requirepass", "first"]);
    let url = |password: &str| format!("{}?pass={password}", server.url().expose());
    let early = RedisConnection::open(&url("second").into()).unwrap();
    for _ in 0..2 {
        let error = ask(&early).await.unwrap_err();
        assert!(!error.is_timeout(), "{error}");
    }
    let administrator = redis::Client::open(url("first")).unwrap();
    let mut administrator = administrator
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    let mut change = cmd("CONFIG");
    change.arg("SET").arg("requirepass").arg("second");
    let () = change.query_async(&mut administrator).await.unwrap();
    // What was refused before is told once more at most.
    ask(&early).await.ok();
    ask(&early).await.unwrap();
}

async fn redis_password_reaches_no_error() {
    let server = Server::with(&["--requirepass", "the-right-one"]);
    let with = |password: &str| format!("{}?pass={password}", server.url().expose()).into();
    let right = RedisConnection::open(&with("the-right-one")).unwrap();
    ask(&right).await.unwrap();

    let wrong = RedisConnection::open(&with("hunter2")).unwrap();
    let none = RedisConnection::open(&server.url()).unwrap();
    for refused in [&wrong, &none] {
        let error = ask(refused).await.unwrap_err();
        let text = format!("{error} {error:?} {refused:?}");
        assert!(
            !text.contains("hunter2") && !text.contains("right"),
            "{text}"
        );
    }
}

async fn redis_keys_have_the_prefix_of_the_connection() {
    let server = Server::start();
    let life = Duration::from_secs(60);
    for connection in [server.connection(), server.connection().prefix("acme/")] {
        let store = RedisTokenStore::new(&connection);
        assert!(store.lock("a", "me", life).await.unwrap());
    }
    assert_eq!(
        server.keys().await,
        ["acme/token-lock:a", "okta:token-lock:a"]
    );
}

async fn redis_lock_is_given_back_by_its_holder_alone() {
    let server = Server::start();
    let store = RedisTokenStore::new(&server.connection());
    let life = Duration::from_secs(60);
    assert!(store.lock("a", "me", life).await.unwrap());
    store.unlock("a", "somebody else").await.unwrap();
    assert!(!store.lock("a", "somebody else", life).await.unwrap());
    store.unlock("a", "me").await.unwrap();
    assert!(store.lock("a", "somebody else", life).await.unwrap());
}

async fn redis_is_asked_over_a_connection_of_the_callers_own() {
    let mut server = Server::start();
    let client = redis::Client::open(server.url().expose()).unwrap();
    let manager = ConnectionManager::new(client).await.unwrap();
    let connection = RedisConnection::with_manager(manager);
    ask(&connection).await.unwrap();
    let calls: String = server.ask(cmd("INFO").arg("commandstats")).await;
    assert!(calls.contains("cmdstat_evalsha"), "{calls}");
    server.stop();
    ask(&connection).await.unwrap_err();
}

async fn redis_that_hangs_is_not_waited_for_without_end_over_a_connection_of_the_callers_own() {
    let server = Server::start();
    let client = redis::Client::open(server.url().expose()).unwrap();
    let patient = ConnectionManagerConfig::new().set_response_timeout(None);
    let manager = ConnectionManager::new_with_config(client, patient).await;
    let connection = RedisConnection::with_manager(manager.unwrap());
    server.hang().await;
    let asked = tokio::time::timeout(Duration::from_secs(60), ask(&connection));
    let error = asked.await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
}
