//! A clock that tests move.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use okta_auth::Clock;

/// Shows milliseconds since 1970.
#[derive(Clone)]
pub struct Moved(Arc<AtomicU64>);

impl Moved {
    /// It stands at the true time: apps that use the vault have a clock of their own.
    pub fn new() -> Self {
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
        Self(Arc::new(AtomicU64::new(u64::try_from(since).unwrap())))
    }

    pub fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    pub fn advance(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap();
        self.0.fetch_add(time, Ordering::Relaxed);
    }

    pub fn clock(&self) -> Clock {
        let moved = self.clone();
        Clock::new(move || moved.now())
    }
}
