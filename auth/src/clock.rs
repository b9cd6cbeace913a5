//! What time it is.

mod server;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) use self::server::{ServerClock, server_date};

/// The clock that lifetimes of tokens and proofs are measured by: the machine's, unless a test
/// brings its own. Cheap to clone.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use okta_auth::Clock;
///
/// let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
/// assert_eq!(Clock::fixed(noon).unix_seconds(), 1_800_000_000);
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::new(SystemTime::now)
    }

    /// A clock that stands still at `time`.
    #[must_use]
    pub fn fixed(time: SystemTime) -> Self {
        Self::new(move || time)
    }

    /// A clock that asks `now` each time.
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        (self.0)()
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, as JWTs count (`NumericDate`, RFC 7519 section
    /// 2); 0 before that.
    #[must_use]
    pub fn unix_seconds(&self) -> i64 {
        let since = self.now().duration_since(UNIX_EPOCH);
        i64::try_from(since.unwrap_or(Duration::ZERO).as_secs()).unwrap_or(i64::MAX)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
