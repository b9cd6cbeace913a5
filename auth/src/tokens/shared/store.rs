//! Where shared tokens are kept.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::timeout;

use crate::Error;

/// The longest that a store is waited for.
const LONGEST: Duration = Duration::from_secs(3);

/// A sealed token in a [`SharedTokenStore`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SharedEntry {
    /// Bytes to keep as they are, of no meaning to the store.
    pub sealed: Vec<u8>,
    /// How long the entry is good from now on. The store forgets it after that.
    pub left: Duration,
}

impl SharedEntry {
    /// An entry that is good for `left` from now on.
    #[must_use]
    pub fn new(sealed: Vec<u8>, left: Duration) -> Self {
        Self { sealed, left }
    }
}

/// A store that several processes reach, with entries that end: Redis
/// (`RedisTokenStore`, feature `redis`), or what you have. Names are of letters, digits, `-` and
/// `_`, some 43 bytes long. A call that takes longer than 3 seconds counts as failed.
pub trait SharedTokenStore: fmt::Debug + Send + Sync + 'static {
    /// The entry that was saved last under `name`, with the time that it has left by the store's
    /// own clock; `None` if there is none or it has ended.
    ///
    /// # Errors
    /// If it cannot be told; see [`Error::other`].
    fn load(&self, name: &str) -> impl Future<Output = Result<Option<SharedEntry>, Error>> + Send;

    /// Keeps `entry` under `name` in place of the one before.
    ///
    /// # Errors
    /// If it cannot be kept.
    fn save(
        &self,
        name: &str,
        entry: SharedEntry,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Takes the lock of `name` for `holder`; false if somebody has it. It ends after `life`, so
    /// that a process that dies holds nobody up for long.
    ///
    /// # Errors
    /// If it cannot be told who has it.
    fn lock(
        &self,
        name: &str,
        holder: &str,
        life: Duration,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Gives the lock of `name` back, if `holder` has it; if somebody else does, nothing happens.
    ///
    /// # Errors
    /// If it cannot be given back. It then ends after its life.
    fn unlock(&self, name: &str, holder: &str) -> impl Future<Output = Result<(), Error>> + Send;
}

/// The twin of [`SharedTokenStore`] that can be a trait object, and whose calls end.
pub(super) trait Store: fmt::Debug + Send + Sync {
    fn load<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<SharedEntry>, Error>>;
    fn save<'a>(&'a self, name: &'a str, entry: SharedEntry) -> BoxFuture<'a, Result<(), Error>>;
    fn lock<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        life: Duration,
    ) -> BoxFuture<'a, Result<bool, Error>>;
    fn unlock<'a>(&'a self, name: &'a str, holder: &'a str) -> BoxFuture<'a, Result<(), Error>>;
}

impl<T: SharedTokenStore> Store for T {
    fn load<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<SharedEntry>, Error>> {
        in_time(SharedTokenStore::load(self, name)).boxed()
    }

    fn save<'a>(&'a self, name: &'a str, entry: SharedEntry) -> BoxFuture<'a, Result<(), Error>> {
        in_time(SharedTokenStore::save(self, name, entry)).boxed()
    }

    fn lock<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        life: Duration,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        in_time(SharedTokenStore::lock(self, name, holder, life)).boxed()
    }

    fn unlock<'a>(&'a self, name: &'a str, holder: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        in_time(SharedTokenStore::unlock(self, name, holder)).boxed()
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let late = |_| Error::timeout("the store of the shared tokens did not answer in time");
    timeout(LONGEST, work).await.map_err(late)?
}
