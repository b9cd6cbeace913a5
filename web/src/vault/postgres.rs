//! Sessions in PostgreSQL, for all processes of an app.

mod statements;

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use deadpool_postgres::{Pool, PoolError};
use okta_auth::{Clock, Error};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use self::statements as sql;
use super::milliseconds::{after_1970, life, since_1970};
use super::pace::{Pace, ROWS};
use super::{TokenVault, VaultEntry};

/// The longest that a step may take, with the wait for a connection.
const LIMIT: Duration = Duration::from_secs(3);

/// The key of the lock under which the tables are made: two processes may be started at once.
const MIGRATION: i64 = 0x6f6b_7461_5f77;

/// The class of the locks on names of indexes.
const INDEX: i32 = 0x6f6b_7477;

/// Keeps sessions in PostgreSQL, for all processes of an app, in a schema `okta_web`. PostgreSQL sees
/// neither users nor tokens: they are sealed.
///
/// The pool is yours, with its size, user and TLS; its types are those of the crate
/// [`deadpool_postgres`]. A step takes one connection and at most 3 seconds, or it has failed. How
/// long something is kept is counted by the server's clock. What has expired is deleted by the way,
/// 1000 rows of a table at a time, and at most once a minute unless there is more.
///
/// ```no_run
/// use okta_web::PostgresVault;
/// use okta_web::deadpool_postgres::tokio_postgres::NoTls;
/// use okta_web::deadpool_postgres::{Config, Runtime};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let mut config = Config::new();
/// config.url = Some("postgresql:///app?host=/run/postgresql".to_owned());
/// let vault = PostgresVault::new(config.create_pool(Some(Runtime::Tokio1), NoTls)?);
/// vault.create_tables().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct PostgresVault {
    pool: Pool,
    clock: Clock,
    pace: Arc<Pace>,
}

impl PostgresVault {
    /// The statements of [`create_tables`](Self::create_tables), for migrations of your own.
    pub const TABLES: &str = include_str!("postgres/tables.sql");

    /// Keeps sessions in the database of `pool`. Nothing is sent yet.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        Self {
            pool,
            clock: Clock::system(),
            pace: Arc::default(),
        }
    }

    /// The clock that tells how long a session still lasts. Default: the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Makes the schema and the tables that are not there. Several processes may do so at once.
    ///
    /// # Errors
    /// If the database cannot be asked, or its user may not make them.
    pub async fn create_tables(&self) -> Result<(), Error> {
        in_time(async {
            let mut client = self.pool.get().await?;
            let all = client.transaction().await?;
            all.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION])
                .await?;
            all.batch_execute(Self::TABLES).await?;
            Ok(all.commit().await?)
        })
        .await
    }

    /// Asks one statement. How many rows it has changed.
    async fn change(&self, statement: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
        in_time(async {
            let client = self.pool.get().await?;
            let statement = client.prepare_cached(statement).await?;
            Ok(client.execute(&statement, values).await?)
        })
        .await
    }

    /// The rows that a statement gives.
    async fn rows(
        &self,
        statement: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        in_time(async {
            let client = self.pool.get().await?;
            let statement = client.prepare_cached(statement).await?;
            Ok(client.query(&statement, values).await?)
        })
        .await
    }

    /// Clears away what has expired, if it is time. That it fails is no reason to refuse the step
    /// that it goes with.
    async fn clear(&self) {
        if !self.pace.is_due() {
            return;
        }
        for statement in sql::CLEAR {
            match self.change(statement, &[&ROWS]).await {
                Ok(rows) if rows >= ROWS.unsigned_abs() => self.pace.hurry(),
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "what has expired was not deleted");
                    return;
                }
            }
        }
    }

    /// Milliseconds from now, at least one.
    fn left(&self, until: SystemTime) -> i64 {
        life(until.duration_since(self.clock.now()).unwrap_or_default())
    }
}

/// Waits for a step, and not too long.
async fn in_time<T>(step: impl Future<Output = Result<T, PoolError>> + Send) -> Result<T, Error> {
    match tokio::time::timeout(LIMIT, step).await {
        Ok(done) => done.map_err(failed),
        Err(_) => Err(Error::timeout("PostgreSQL did not answer in time")),
    }
}

/// What went wrong, without the values that a server tells of: an id of a session is a secret.
fn failed(error: PoolError) -> Error {
    let PoolError::Backend(error) = error else {
        let message = format!("there is no connection to PostgreSQL: {error}");
        return Error::other(message, "the pool has none");
    };
    let reason = match error.as_db_error() {
        Some(told) => format!("{} ({})", told.message(), told.code().code()),
        None => error.to_string(),
    };
    let message = format!("PostgreSQL failed: {reason}");
    let cause = error.source().filter(|_| error.as_db_error().is_none());
    Error::other(message, cause.map_or(reason, ToString::to_string))
}

fn entry(row: &Row) -> Option<VaultEntry> {
    let [user, tokens] = [0, 1].map(|at| Bytes::from(row.get::<_, Vec<u8>>(at)));
    let version = u64::try_from(row.get::<_, i64>(2)).ok()?;
    let expires_at = after_1970(row.get(3))?;
    Some(VaultEntry::new(user, tokens, version, expires_at))
}

/// A version as PostgreSQL counts it. One that it cannot count to is that of no session.
fn version(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(-1)
}

impl TokenVault for PostgresVault {
    async fn insert(
        &self,
        id: &str,
        entry: VaultEntry,
        indexes: &[String],
        issued_at: SystemTime,
    ) -> Result<bool, Error> {
        self.clear().await;
        in_time(async {
            let mut client = self.pool.get().await?;
            let all = client.transaction().await?;
            let lock = all.prepare_cached(sql::LOCK).await?;
            all.execute(&lock, &[&INDEX, &indexes]).await?;
            let insert = all.prepare_cached(sql::INSERT).await?;
            let values: [&(dyn ToSql + Sync); 8] = [
                &id,
                &entry.user.as_ref(),
                &entry.tokens.as_ref(),
                &version(entry.version),
                &since_1970(entry.expires_at),
                &self.left(entry.expires_at),
                &indexes,
                &since_1970(issued_at),
            ];
            let is_added = all.execute(&insert, &values).await? > 0;
            if is_added {
                let index = all.prepare_cached(sql::INDEX).await?;
                all.execute(&index, &[&id, &indexes]).await?;
            }
            all.commit().await?;
            Ok(is_added)
        })
        .await
    }

    async fn load(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        let rows = self.rows(sql::LOAD, &[&id]).await?;
        Ok(rows.first().and_then(entry))
    }

    async fn replace_tokens(&self, id: &str, replaced: u64, tokens: Bytes) -> Result<bool, Error> {
        let values: [&(dyn ToSql + Sync); 3] = [&id, &version(replaced), &tokens.as_ref()];
        Ok(self.change(sql::REPLACE, &values).await? > 0)
    }

    async fn touch(&self, id: &str, expires_at: SystemTime) -> Result<(), Error> {
        let (end, left) = (since_1970(expires_at), self.left(expires_at));
        self.change(sql::TOUCH, &[&id, &end, &left]).await?;
        Ok(())
    }

    async fn remove(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        let rows = self.rows(sql::REMOVE, &[&id]).await?;
        Ok(rows.first().and_then(entry))
    }

    async fn find(&self, index: &str) -> Result<Vec<String>, Error> {
        let rows = self.rows(sql::FIND, &[&index]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    async fn bar(
        &self,
        index: &str,
        issued_until: SystemTime,
        duration: Duration,
    ) -> Result<(), Error> {
        self.clear().await;
        in_time(async {
            let mut client = self.pool.get().await?;
            let all = client.transaction().await?;
            let lock = all.prepare_cached(sql::LOCK).await?;
            all.execute(&lock, &[&INDEX, &&[index][..]]).await?;
            let bar = all.prepare_cached(sql::BAR).await?;
            let (until, life) = (since_1970(issued_until), life(duration));
            all.execute(&bar, &[&index, &until, &life]).await?;
            Ok(all.commit().await?)
        })
        .await
    }

    async fn claim(&self, name: &str, holder: &str, duration: Duration) -> Result<bool, Error> {
        self.clear().await;
        let values: [&(dyn ToSql + Sync); 3] = [&name, &holder, &life(duration)];
        Ok(self.change(sql::CLAIM, &values).await? > 0)
    }

    async fn release(&self, name: &str, holder: &str) -> Result<(), Error> {
        self.change(sql::RELEASE, &[&name, &holder]).await?;
        Ok(())
    }
}

impl fmt::Debug for PostgresVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresVault").finish_non_exhaustive()
    }
}
