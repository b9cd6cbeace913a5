//! The vault in PostgreSQL.

use futures::future::join_all;
use okta_web::{PostgresVault, TokenVault};

use crate::server::Server;
use crate::vaults::{MINUTE, SHORT, Store, insert};

tests! {
    postgres_has_no_sessions_that_have_ended_and_deletes_them_with_their_indexes,
    postgres_deletes_a_bounded_number_of_rows_at_a_time_until_none_is_left,
    postgres_makes_its_tables_once_however_many_ask,
    postgres_without_tables_is_an_error,
    postgres_that_is_away_is_an_error_until_it_is_back,
    postgres_tells_of_no_id_in_an_error,
}

impl Store for Server {
    type Vault = PostgresVault;

    const NAME: &str = "postgres";

    async fn start() -> Self {
        let server = Self::start().await;
        PostgresVault::new(server.pool())
            .create_tables()
            .await
            .unwrap();
        server
    }

    async fn vault(&self) -> PostgresVault {
        PostgresVault::new(self.pool())
    }
}

async fn count(server: &Server, table: &str) -> i64 {
    let client = server.pool().get().await.unwrap();
    let count = format!("SELECT count(*) FROM okta_web.{table}");
    client.query_one(&count, &[]).await.unwrap().get(0)
}

async fn postgres_has_no_sessions_that_have_ended_and_deletes_them_with_their_indexes() {
    let server = <Server as Store>::start().await;
    let vault = server.vault().await;
    insert(&server, &vault, "a", "joe", SHORT).await;
    insert(&server, &vault, "b", "joe", MINUTE).await;
    vault.claim("x", "one", SHORT).await.unwrap();
    vault.bar("sue", server.now(), SHORT).await.unwrap();
    server.pass().await;
    assert_eq!(vault.load("a").await.unwrap(), None);
    assert_eq!(vault.find("joe").await.unwrap(), ["b"]);
    vault.touch("a", server.now() + MINUTE).await.unwrap();
    assert_eq!(vault.load("a").await.unwrap(), None);

    // The next write of a process that has not deleted anything yet.
    let next = server.vault().await;
    next.claim("y", "one", MINUTE).await.unwrap();
    for (table, rows) in [
        ("sessions", 1),
        ("session_indexes", 2),
        ("bars", 0),
        ("claims", 1),
    ] {
        assert_eq!(count(&server, table).await, rows, "{table}");
    }
}

async fn postgres_deletes_a_bounded_number_of_rows_at_a_time_until_none_is_left() {
    let server = <Server as Store>::start().await;
    let client = server.pool().get().await.unwrap();
    let fill = "INSERT INTO okta_web.claims \
                SELECT number::text, 'one', now() FROM generate_series(1, 1001) AS number";
    client.batch_execute(fill).await.unwrap();
    let vault = server.vault().await;
    vault.claim("x", "one", MINUTE).await.unwrap();
    assert_eq!(count(&server, "claims").await, 2);
    vault.claim("x", "one", MINUTE).await.unwrap();
    assert_eq!(count(&server, "claims").await, 1);
}

async fn postgres_makes_its_tables_once_however_many_ask() {
    let server = Server::start().await;
    let vaults = [server.vault().await, server.vault().await];
    let made = join_all((0..10).map(|n| vaults[n % 2].create_tables())).await;
    assert!(made.iter().all(Result::is_ok), "{made:?}");
    assert!(insert(&server, &vaults[0], "a", "joe", MINUTE).await);
    vaults[0].create_tables().await.unwrap();
    assert!(vaults[1].load("a").await.unwrap().is_some());
}

async fn postgres_without_tables_is_an_error() {
    let server = Server::start().await;
    let error = server.vault().await.load("a").await.unwrap_err();
    assert!(error.to_string().contains("okta_web.sessions"), "{error}");
}

async fn postgres_that_is_away_is_an_error_until_it_is_back() {
    let mut server = <Server as Store>::start().await;
    let vault = server.vault().await;
    insert(&server, &vault, "a", "joe", MINUTE).await;
    server.stop();
    assert!(vault.load("a").await.is_err());
    assert!(vault.claim("x", "one", MINUTE).await.is_err());
    assert!(vault.find("joe").await.is_err());
    server.restart().await;
    assert!(vault.load("a").await.unwrap().is_some());
}

async fn postgres_tells_of_no_id_in_an_error() {
    let server = <Server as Store>::start().await;
    let vault = server.vault().await;
    insert(&server, &vault, "the-id-of-a-session", "joe", MINUTE).await;
    let entry = vault.load("the-id-of-a-session").await.unwrap().unwrap();
    let again = vault.insert("the-id-of-a-session", entry, &[], server.now());
    let error = again.await.unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(told.contains("23505"), "{told}");
    assert!(!told.contains("the-id-of-a-session"), "{told}");
}
