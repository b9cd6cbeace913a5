//! Sessions in a file of SQLite, for the processes of one machine.

mod statements;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use okta_auth::{Clock, Error};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use tokio::sync::Mutex;

use self::statements as sql;
use super::milliseconds::{after_1970, life, since_1970};
use super::pace::{Pace, ROWS};
use super::{TokenVault, VaultEntry};

/// The longest that a step waits for others of this process, and then for other processes.
const LIMIT: Duration = Duration::from_secs(3);

/// Readers do not wait for a writer; what is over is over, even if the machine loses its power.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;";

/// Keeps sessions in a file of SQLite, for all processes of an app on one machine. The file has neither
/// users nor tokens in clear: they are sealed.
///
/// A step waits at most 3 seconds for others, or it has failed. What has expired is deleted by the
/// way, 1000 rows of a table at a time, and at most once a minute unless there is more. SQLite does
/// not work on file systems of a network.
///
/// ```no_run
/// use okta_web::SqliteVault;
///
/// # fn run() -> Result<(), okta_auth::Error> {
/// let vault = SqliteVault::open("/var/lib/app/sessions.db")?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct SqliteVault {
    file: Arc<Mutex<Connection>>,
    clock: Clock,
    pace: Arc<Pace>,
}

impl SqliteVault {
    /// Keeps sessions in the file at `path`, in tables whose names begin with `okta_web_`. File and
    /// tables are made if they are not there. It waits for the disk.
    ///
    /// # Errors
    /// If the file cannot be opened or written, or is none of SQLite's.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let open = || {
            let file = Connection::open(path)?;
            file.busy_timeout(LIMIT)?;
            file.execute_batch(SETTINGS)?;
            file.execute_batch(include_str!("sqlite/tables.sql"))?;
            Ok(file)
        };
        let file = open().map_err(failed)?;
        Ok(Self {
            file: Arc::new(Mutex::new(file)),
            clock: Clock::system(),
            pace: Arc::default(),
        })
    }

    /// The clock that lives of entries are counted by. Default: the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Now, by this vault's clock.
    fn now(&self) -> i64 {
        since_1970(self.clock.now())
    }

    /// Does a step as a whole.
    async fn ask<T: Send + 'static>(
        &self,
        step: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.read(move |file| {
            let all = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = step(&all)?;
            all.commit()?;
            Ok(done)
        })
        .await
    }

    /// Asks the file, where it may wait for the disk. What only reads does not wait for writers of
    /// other processes.
    async fn read<T: Send + 'static>(
        &self,
        step: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = tokio::time::timeout(LIMIT, Arc::clone(&self.file).lock_owned());
        let Ok(mut file) = turn.await else {
            return Err(Error::timeout("SQLite was not free in time"));
        };
        match tokio::task::spawn_blocking(move || step(&mut file)).await {
            Ok(done) => done.map_err(failed),
            Err(error) => Err(Error::other("a step in SQLite did not end", error)),
        }
    }

    /// Clears away what has expired, if it is time. That it fails is no reason to refuse the step
    /// that it goes with.
    async fn clear(&self) {
        if !self.pace.is_due() {
            return;
        }
        let now = self.now();
        let cleared = self.ask(move |all| {
            let mut most = 0;
            for statement in sql::CLEAR {
                most = most.max(all.execute(statement, params![now, ROWS])?);
            }
            Ok(most)
        });
        match cleared.await {
            Ok(rows) if i64::try_from(rows).is_ok_and(|rows| rows < ROWS) => {}
            Ok(_) => self.pace.hurry(),
            Err(error) => tracing::warn!(%error, "what has expired was not deleted"),
        }
    }
}

/// What went wrong. SQLite tells of no values.
fn failed(error: rusqlite::Error) -> Error {
    Error::other(format!("SQLite failed: {error}"), error)
}

/// An entry; `None` for one that nobody can have written.
fn entry(row: &Row<'_>) -> rusqlite::Result<Option<VaultEntry>> {
    let [user, tokens] = [row.get::<_, Vec<u8>>(0)?, row.get(1)?].map(Bytes::from);
    let version = u64::try_from(row.get::<_, i64>(2)?);
    let expires_at = after_1970(row.get(3)?);
    let read = version.ok().zip(expires_at);
    Ok(read.map(|(version, expires_at)| VaultEntry::new(user, tokens, version, expires_at)))
}

/// A version as SQLite counts it. One that it cannot count to is that of no session.
fn version(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(-1)
}

impl TokenVault for SqliteVault {
    async fn insert(
        &self,
        id: &str,
        entry: VaultEntry,
        indexes: &[String],
        issued_at: SystemTime,
    ) -> Result<bool, Error> {
        self.clear().await;
        let (id, indexes, now) = (id.to_owned(), indexes.to_vec(), self.now());
        let issued_at = since_1970(issued_at);
        self.ask(move |all| {
            for name in &indexes {
                let mut barred = all.prepare(sql::BARRED)?;
                if barred.exists(params![name, issued_at, now])? {
                    return Ok(false);
                }
            }
            let values = params![
                id,
                entry.user.as_ref(),
                entry.tokens.as_ref(),
                version(entry.version),
                since_1970(entry.expires_at),
            ];
            all.execute(sql::INSERT, values)?;
            for name in &indexes {
                all.execute(sql::INDEX, params![name, id])?;
            }
            Ok(true)
        })
        .await
    }

    async fn load(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        let (id, now) = (id.to_owned(), self.now());
        let found = self.read(move |file| {
            let found = file.query_row(sql::LOAD, params![id, now], entry);
            found.optional()
        });
        Ok(found.await?.flatten())
    }

    async fn replace_tokens(&self, id: &str, replaced: u64, tokens: Bytes) -> Result<bool, Error> {
        let (id, now, replaced) = (id.to_owned(), self.now(), version(replaced));
        self.ask(move |all| {
            let values = params![id, replaced, tokens.as_ref(), now];
            Ok(all.execute(sql::REPLACE, values)? > 0)
        })
        .await
    }

    async fn touch(&self, id: &str, expires_at: SystemTime) -> Result<(), Error> {
        let (id, now, end) = (id.to_owned(), self.now(), since_1970(expires_at));
        self.ask(move |all| all.execute(sql::TOUCH, params![id, end, now]).map(drop))
            .await
    }

    async fn remove(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        let id = id.to_owned();
        let removed = self.ask(move |all| {
            let removed = all.query_row(sql::REMOVE, params![id], entry);
            removed.optional()
        });
        Ok(removed.await?.flatten())
    }

    async fn find(&self, index: &str) -> Result<Vec<String>, Error> {
        let (index, now) = (index.to_owned(), self.now());
        self.read(move |file| {
            let mut found = file.prepare(sql::FIND)?;
            let found = found.query_map(params![index, now], |row| row.get(0))?;
            found.collect()
        })
        .await
    }

    async fn bar(
        &self,
        index: &str,
        issued_until: SystemTime,
        duration: Duration,
    ) -> Result<(), Error> {
        self.clear().await;
        let (index, until) = (index.to_owned(), since_1970(issued_until));
        let now = self.now();
        let end = now.saturating_add(life(duration));
        self.ask(move |all| {
            all.execute(sql::BAR, params![index, until, end, now])
                .map(drop)
        })
        .await
    }

    async fn claim(&self, name: &str, holder: &str, duration: Duration) -> Result<bool, Error> {
        self.clear().await;
        let (name, holder, now) = (name.to_owned(), holder.to_owned(), self.now());
        let end = now.saturating_add(life(duration));
        self.ask(move |all| Ok(all.execute(sql::CLAIM, params![name, holder, end, now])? > 0))
            .await
    }

    async fn release(&self, name: &str, holder: &str) -> Result<(), Error> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        self.ask(move |all| all.execute(sql::RELEASE, params![name, holder]).map(drop))
            .await
    }
}

impl fmt::Debug for SqliteVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteVault").finish_non_exhaustive()
    }
}
