//! Tokens that are good once.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use futures::FutureExt;
use futures::future::BoxFuture;

use crate::{Clock, Error};

/// Remembers what was used, so that nothing is used twice. Processes that share the work share
/// it.
pub trait ReplayCache: Debug + Send + Sync + 'static {
    /// Whether `key` is used for the first time; it is remembered until `until` at least. Of two
    /// calls at the same time with one key, one gets `true`.
    ///
    /// # Errors
    /// If that cannot be told. What was to be used is then refused.
    fn first_use(&self, key: &str, until: SystemTime) -> BoxFuture<'_, Result<bool, Error>>;
}

/// Keys in the memory of this process, up to a maximum number.
#[derive(Debug)]
pub struct MemoryReplayCache {
    used: Mutex<HashMap<String, SystemTime>>,
    maximum: usize,
    clock: Clock,
}

impl MemoryReplayCache {
    /// Up to `maximum` keys whose time is not over by `clock`.
    #[must_use]
    pub fn new(maximum: usize, clock: Clock) -> Self {
        Self {
            used: Mutex::default(),
            maximum,
            clock,
        }
    }

    fn insert(&self, key: &str, until: SystemTime) -> Result<bool, Error> {
        let now = self.clock.now();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.get(key).is_some_and(|end| now < *end) {
            return Ok(false);
        }
        if used.len() >= self.maximum {
            used.retain(|_, end| now < *end);
        }
        if used.len() >= self.maximum {
            // To forget one would be to take it twice.
            return Err(Error::credentials(format!(
                "the replay cache is full: it has {} keys",
                self.maximum
            )));
        }
        used.insert(key.to_owned(), until);
        Ok(true)
    }
}

impl ReplayCache for MemoryReplayCache {
    fn first_use(&self, key: &str, until: SystemTime) -> BoxFuture<'_, Result<bool, Error>> {
        let is_first = self.insert(key, until);
        async move { is_first }.boxed()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_key_is_used_once_until_its_time_is_over() {
        let seconds = Arc::new(AtomicU64::new(0));
        let now = {
            let seconds = Arc::clone(&seconds);
            Clock::new(move || UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::Relaxed)))
        };
        let cache = MemoryReplayCache::new(2, now);
        let end = UNIX_EPOCH + Duration::from_secs(10);
        assert!(cache.insert("a", end).unwrap());
        assert!(!cache.insert("a", end).unwrap());
        assert!(cache.insert("b", end).unwrap());
        assert!(cache.insert("c", end).is_err(), "full, and nothing is over");
        assert!(!cache.insert("a", end).unwrap(), "nothing was forgotten");
        seconds.store(10, Ordering::Relaxed);
        let end = UNIX_EPOCH + Duration::from_secs(20);
        assert!(cache.insert("c", end).unwrap(), "a and b are over");
        assert!(cache.insert("a", end).unwrap());
    }
}
