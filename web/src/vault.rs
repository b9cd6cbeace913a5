//! Where sessions and their tokens are kept, apart from the session that the browser's cookie
//! names.

mod erased;
mod memory;
#[cfg(any(feature = "postgres", feature = "redis", feature = "sqlite"))]
mod milliseconds;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod pace;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use okta_auth::Error;

pub(crate) use self::erased::SharedVault;
pub use self::memory::MemoryVault;
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresVault;
#[cfg(feature = "redis")]
pub use self::redis::RedisVault;
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteVault;

/// A session as a vault keeps it. User and tokens are sealed: the vault can neither read nor change
/// them, nor exchange those of two sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VaultEntry {
    /// Who has logged in.
    pub user: Bytes,
    /// The tokens of the user.
    pub tokens: Bytes,
    /// How many times the tokens were replaced.
    pub version: u64,
    /// When the session ends, unless it is used before.
    pub expires_at: SystemTime,
}

impl VaultEntry {
    /// An entry of these parts.
    #[must_use]
    pub fn new(user: Bytes, tokens: Bytes, version: u64, expires_at: SystemTime) -> Self {
        Self {
            user,
            tokens,
            version,
            expires_at,
        }
    }
}

/// Keeps sessions and their tokens, for all processes of an app: [`MemoryVault`] for one process;
/// and by features for several a `RedisVault` (`redis`), a `PostgresVault` (`postgres`), or, on one
/// machine, a `SqliteVault` (`sqlite`).
///
/// Ids of sessions are random and serve once: `insert` alone makes an entry, and never one that was
/// there before. So the absence of an entry means that its session is over for good, and no save
/// that comes late can bring it back. Names of indexes are hashes of 43 characters; the vault does
/// not learn whose they are.
///
/// When a vault cannot be asked, requests that need it are answered with 503.
pub trait TokenVault: Debug + Send + Sync + 'static {
    /// Adds a session, to be found under each of `indexes`. False, and nothing is added, if one of
    /// them is [barred](TokenVault::bar) for what was issued at `issued_at`.
    ///
    /// # Errors
    /// If the store cannot be asked or is full.
    fn insert(
        &self,
        id: &str,
        entry: VaultEntry,
        indexes: &[String],
        issued_at: SystemTime,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// The session, if it is there. It may have expired.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn load(&self, id: &str) -> impl Future<Output = Result<Option<VaultEntry>, Error>> + Send;

    /// Replaces the tokens, and counts the version up, if the session is there and has `version`;
    /// false if not. In one step, whoever else is at it.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn replace_tokens(
        &self,
        id: &str,
        version: u64,
        tokens: Bytes,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Sets when the session ends, if it is there.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn touch(
        &self,
        id: &str,
        expires_at: SystemTime,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Takes the session out for good, and out of the indexes. To one caller alone it gives what
    /// was there.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn remove(&self, id: &str) -> impl Future<Output = Result<Option<VaultEntry>, Error>> + Send;

    /// The ids of the sessions under an index. Some may be gone.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn find(&self, index: &str) -> impl Future<Output = Result<Vec<String>, Error>> + Send;

    /// For the time `life`, refuses sessions under `index` that were issued up to `issued_until`: a
    /// login may be under way while its user logs out. Of two bars under one index the later one counts,
    /// and the longer life.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn bar(
        &self,
        index: &str,
        issued_until: SystemTime,
        life: Duration,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Gives `name` to `holder` for the time `life`; false if another one has it. In one step,
    /// whoever else is at it.
    ///
    /// # Errors
    /// If the store cannot be asked or is full.
    fn claim(
        &self,
        name: &str,
        holder: &str,
        life: Duration,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Gives `name` back, if it is still `holder`'s.
    ///
    /// # Errors
    /// If the store cannot be asked.
    fn release(&self, name: &str, holder: &str) -> impl Future<Output = Result<(), Error>> + Send;
}

impl<T: TokenVault> TokenVault for Arc<T> {
    async fn insert(
        &self,
        id: &str,
        entry: VaultEntry,
        indexes: &[String],
        issued_at: SystemTime,
    ) -> Result<bool, Error> {
        T::insert(self, id, entry, indexes, issued_at).await
    }

    async fn load(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        T::load(self, id).await
    }

    async fn replace_tokens(&self, id: &str, version: u64, tokens: Bytes) -> Result<bool, Error> {
        T::replace_tokens(self, id, version, tokens).await
    }

    async fn touch(&self, id: &str, expires_at: SystemTime) -> Result<(), Error> {
        T::touch(self, id, expires_at).await
    }

    async fn remove(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        T::remove(self, id).await
    }

    async fn find(&self, index: &str) -> Result<Vec<String>, Error> {
        T::find(self, index).await
    }

    async fn bar(
        &self,
        index: &str,
        issued_until: SystemTime,
        life: Duration,
    ) -> Result<(), Error> {
        T::bar(self, index, issued_until, life).await
    }

    async fn claim(&self, name: &str, holder: &str, life: Duration) -> Result<bool, Error> {
        T::claim(self, name, holder, life).await
    }

    async fn release(&self, name: &str, holder: &str) -> Result<(), Error> {
        T::release(self, name, holder).await
    }
}
