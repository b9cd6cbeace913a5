//! The vault in a file of SQLite.

use std::time::SystemTime;

use okta_web::{SqliteVault, TokenVault};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::clock::Moved;
use crate::vaults::{MINUTE, SHORT, Store, entry, insert};

tests! {
    sqlite_has_no_sessions_that_have_ended_and_deletes_them_with_their_indexes,
    sqlite_deletes_a_bounded_number_of_rows_at_a_time_until_none_is_left,
    sqlite_keeps_sessions_when_a_process_starts_again,
    sqlite_that_another_process_holds_is_an_error_and_reads_go_on,
    sqlite_that_is_no_database_is_an_error,
}

/// A file, and what its vaults take for the time.
pub struct File {
    folder: TempDir,
    clock: Moved,
}

impl File {
    fn connection(&self) -> Connection {
        Connection::open(self.folder.path().join("sessions.db")).unwrap()
    }

    fn count(&self, table: &str) -> i64 {
        let count = format!("SELECT count(*) FROM okta_web_{table}");
        self.connection()
            .query_row(&count, [], |row| row.get(0))
            .unwrap()
    }
}

impl Store for File {
    type Vault = SqliteVault;

    const NAME: &str = "sqlite";

    async fn start() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            clock: Moved::new(),
        }
    }

    async fn vault(&self) -> SqliteVault {
        let vault = SqliteVault::open(self.folder.path().join("sessions.db"));
        vault.unwrap().clock(self.clock.clock())
    }

    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    async fn pass(&self) {
        self.clock.advance(SHORT);
    }
}

async fn sqlite_has_no_sessions_that_have_ended_and_deletes_them_with_their_indexes() {
    let file = File::start().await;
    let vault = file.vault().await;
    insert(&file, &vault, "a", "joe", SHORT).await;
    insert(&file, &vault, "b", "joe", MINUTE).await;
    vault.claim("x", "one", SHORT).await.unwrap();
    vault.bar("sue", file.now(), SHORT).await.unwrap();
    file.pass().await;
    assert_eq!(vault.load("a").await.unwrap(), None);
    assert_eq!(vault.find("joe").await.unwrap(), ["b"]);
    vault.touch("a", file.now() + MINUTE).await.unwrap();
    assert_eq!(vault.load("a").await.unwrap(), None);

    // The next write of a process that has not deleted anything yet.
    let next = file.vault().await;
    next.claim("y", "one", MINUTE).await.unwrap();
    let left = ["sessions", "session_indexes", "bars", "claims"].map(|table| file.count(table));
    assert_eq!(left, [1, 2, 0, 1]);
}

async fn sqlite_deletes_a_bounded_number_of_rows_at_a_time_until_none_is_left() {
    let file = File::start().await;
    let vault = file.vault().await;
    for n in 0..1001 {
        vault.claim(&n.to_string(), "one", SHORT).await.unwrap();
    }
    file.pass().await;
    let next = file.vault().await;
    next.claim("x", "one", MINUTE).await.unwrap();
    assert_eq!(file.count("claims"), 2);
    next.claim("x", "one", MINUTE).await.unwrap();
    assert_eq!(file.count("claims"), 1);
}

async fn sqlite_keeps_sessions_when_a_process_starts_again() {
    let file = File::start().await;
    insert(&file, &file.vault().await, "a", "joe", MINUTE).await;
    let found = file.vault().await.load("a").await.unwrap();
    assert_eq!(found, Some(entry(file.now() + MINUTE)));
}

async fn sqlite_that_another_process_holds_is_an_error_and_reads_go_on() {
    let file = File::start().await;
    let vault = file.vault().await;
    insert(&file, &vault, "a", "joe", MINUTE).await;
    let other = file.connection();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(vault.claim("x", "one", MINUTE).await.is_err());
    assert!(vault.load("a").await.unwrap().is_some());
    other.execute_batch("ROLLBACK").unwrap();
    assert!(vault.claim("x", "one", MINUTE).await.unwrap());
}

async fn sqlite_that_is_no_database_is_an_error() {
    let file = File::start().await;
    let path = file.folder.path().join("sessions.db");
    std::fs::write(
        &path,
        "some text that is no database of any kind".repeat(100),
    )
    .unwrap();
    let error = SqliteVault::open(&path).unwrap_err().to_string();
    assert!(error.contains("not a database"), "{error}");
    let nowhere = SqliteVault::open(file.folder.path().join("no/such/folder.db"));
    assert!(nowhere.is_err());
}
