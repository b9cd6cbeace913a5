//! What is good once: DPoP proofs and logout tokens.

use std::collections::{BTreeSet, HashSet};
use std::fmt::{self, Debug};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use futures::FutureExt;
use futures::future::BoxFuture;

use crate::Error;

/// How many are remembered in memory.
const CAPACITY: usize = 1_000_000;

/// A proof or a logout token that is about to be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeenId {
    /// SHA-256 of what identifies it: for a proof its key's thumbprint and its `jti`, for a logout
    /// token its issuer, client and `jti`.
    pub id: [u8; 32],
    /// The time now.
    pub now: SystemTime,
    /// When it is refused for its age, so that it need not be remembered longer.
    pub until: SystemTime,
}

impl SeenId {
    pub(super) fn new(id: [u8; 32], now: SystemTime, until: SystemTime) -> Self {
        Self { id, now, until }
    }

    /// How long it has to be remembered.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.until.duration_since(self.now).unwrap_or_default()
    }
}

/// Remembers what was taken, so that each is good once: DPoP proofs (RFC 9449, section 11.1) and
/// logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6). [`MemoryReplayCache`] is the
/// default; processes that share the work need a shared one, such as over Redis:
/// `SET id 1 NX EX lifetime`.
pub trait ReplayCache: Debug + Send + Sync + 'static {
    /// Remembers `seen` until its end; true if it was not known. Both must be one step: of two calls
    /// for one id, only one may be told true.
    ///
    /// # Errors
    /// If it cannot be told, or not be remembered. What was to be taken is then refused with
    /// [`VerifyError::ReplayCache`](crate::verifier::VerifyError::ReplayCache), an answer of 503.
    fn insert(&self, seen: SeenId) -> impl Future<Output = Result<bool, Error>> + Send;
}

/// Remembers in this process, up to a number of ids. When it is full of those that are still good,
/// further ones are refused: to forget one would let it be used again.
pub struct MemoryReplayCache {
    capacity: usize,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    ids: HashSet<[u8; 32]>,
    by_end: BTreeSet<(SystemTime, [u8; 32])>,
}

impl MemoryReplayCache {
    /// Remembers up to `capacity` ids at a time; each takes some 150 bytes. Proofs are remembered
    /// for about twice the window of [`DpopChecks`](super::DpopChecks), logout tokens for some
    /// minutes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            seen: Mutex::default(),
        }
    }

    fn remember(&self, id: SeenId) -> Result<bool, Error> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.forget_before(id.now);
        if seen.ids.contains(&id.id) {
            return Ok(false);
        }
        if seen.ids.len() >= self.capacity {
            return Err(Error::credentials(format!(
                "{} ids are remembered, as many as may be; set a larger `replay_cache`",
                self.capacity
            )));
        }
        seen.ids.insert(id.id);
        seen.by_end.insert((id.until, id.id));
        Ok(true)
    }
}

impl Seen {
    fn forget_before(&mut self, now: SystemTime) {
        while let Some((_, id)) = self.by_end.first().filter(|(end, _)| *end < now) {
            self.ids.remove(id);
            self.by_end.pop_first();
        }
    }
}

impl Default for MemoryReplayCache {
    /// Up to a million ids.
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

impl ReplayCache for MemoryReplayCache {
    async fn insert(&self, seen: SeenId) -> Result<bool, Error> {
        self.remember(seen)
    }
}

impl Debug for MemoryReplayCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryReplayCache")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

/// Any [`ReplayCache`], shared.
#[derive(Clone, Debug)]
pub(super) struct SharedCache(Arc<dyn Erased>);

impl SharedCache {
    pub(super) fn new(cache: impl ReplayCache) -> Self {
        Self(Arc::new(cache))
    }

    pub(super) fn in_memory() -> Self {
        Self::new(MemoryReplayCache::default())
    }

    pub(super) async fn insert(&self, seen: SeenId) -> Result<bool, Error> {
        self.0.insert(seen).await
    }
}

/// The twin of [`ReplayCache`] that can be a trait object.
trait Erased: Debug + Send + Sync {
    fn insert(&self, seen: SeenId) -> BoxFuture<'_, Result<bool, Error>>;
}

impl<T: ReplayCache> Erased for T {
    fn insert(&self, seen: SeenId) -> BoxFuture<'_, Result<bool, Error>> {
        ReplayCache::insert(self, seen).boxed()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn proof(id: u8, now: u64, until: u64) -> SeenId {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        SeenId::new([id; 32], at(now), at(until))
    }

    #[test]
    fn each_is_good_once_and_forgotten_after_its_end() {
        let cache = MemoryReplayCache::default();
        assert!(cache.remember(proof(1, 100, 160)).unwrap());
        assert!(!cache.remember(proof(1, 100, 160)).unwrap());
        assert!(!cache.remember(proof(1, 160, 160)).unwrap());
        assert!(cache.remember(proof(2, 161, 300)).unwrap());
        let seen = cache.seen.lock().unwrap();
        assert_eq!((seen.ids.len(), seen.by_end.len()), (1, 1));
    }

    #[test]
    fn a_full_cache_refuses_rather_than_forgets() {
        let cache = MemoryReplayCache::new(2);
        assert!(cache.remember(proof(1, 100, 160)).unwrap());
        assert!(cache.remember(proof(2, 100, 170)).unwrap());
        let error = cache.remember(proof(3, 100, 160)).unwrap_err();
        assert!(error.to_string().contains("replay_cache"), "{error}");
        assert!(!cache.remember(proof(1, 100, 160)).unwrap());
        assert!(cache.remember(proof(3, 161, 200)).unwrap());
    }
}
