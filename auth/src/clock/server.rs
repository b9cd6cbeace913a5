//! What time it is at the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::DATE;

use super::Clock;

/// Differences below this many seconds are those of rounding and of the way that a response took.
const LEAST_DIFFERENCE: i64 = 2;

/// A clock, set by the `Date` of responses: for what a server holds against its own clock, such
/// as the `iat` of a proof (RFC 9449, section 11.1). Clones are the same clock.
///
/// It is set only where the server said that a time was wrong. The `Date` of any other response
/// may be old, since it may have come late.
#[derive(Clone, Debug)]
pub(crate) struct ServerClock {
    local: Clock,
    /// How many seconds the server's clock is ahead of the local one.
    ahead: Arc<AtomicI64>,
}

impl ServerClock {
    pub(crate) fn new(local: Clock) -> Self {
        Self {
            local,
            ahead: Arc::default(),
        }
    }

    /// The clock of this machine, for what is kept and compared here.
    pub(crate) fn local(&self) -> &Clock {
        &self.local
    }

    /// As [`Clock::unix_seconds`], by the server's clock.
    pub(crate) fn unix_seconds(&self) -> i64 {
        let ahead = self.ahead.load(Ordering::Relaxed);
        self.local.unix_seconds().saturating_add(ahead)
    }

    /// Sets the clock by the `Date` of a response that just came. True if what was dated before
    /// may have been wrong: the clock was, or was until a moment ago, when another call set it.
    pub(crate) fn set_by(&self, headers: &HeaderMap) -> bool {
        self.corrected_by(headers) || self.ahead.load(Ordering::Relaxed) != 0
    }

    fn corrected_by(&self, headers: &HeaderMap) -> bool {
        let Some(date) = server_date(headers) else {
            return false;
        };
        let since = date.duration_since(UNIX_EPOCH).unwrap_or_default();
        let date = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        // Set, not added to: other responses may set it at the same time.
        let ahead = date.saturating_sub(self.local.unix_seconds());
        let before = self.ahead.load(Ordering::Relaxed);
        if ahead.saturating_sub(before).saturating_abs() < LEAST_DIFFERENCE {
            return false;
        }
        self.ahead.store(ahead, Ordering::Relaxed);
        tracing::warn!(
            seconds = ahead,
            "the server's clock differs from this machine's; proofs are dated by the server's"
        );
        true
    }
}

/// The `Date` of the response, in whole seconds.
pub(crate) fn server_date(headers: &HeaderMap) -> Option<SystemTime> {
    let date = headers.get(DATE)?.to_str().ok()?;
    httpdate::parse_http_date(date).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::headers;

    /// 2001-09-09T01:46:40Z.
    const BILLION: u64 = 1_000_000_000;

    fn clock(local: u64) -> ServerClock {
        ServerClock::new(Clock::fixed(UNIX_EPOCH + Duration::from_secs(local)))
    }

    #[test]
    fn it_is_set_by_the_date_both_ways() {
        let date = headers(&[("date", "Sun, 09 Sep 2001 01:46:40 GMT")]);
        for local in [BILLION + 300, BILLION - 300] {
            let clock = clock(local);
            assert!(clock.clone().set_by(&date));
            assert_eq!(clock.unix_seconds(), 1_000_000_000);
            assert!(!clock.corrected_by(&date), "corrected already");
            assert!(clock.set_by(&date), "what was sent before is still wrong");
        }
    }

    /// One response sets the clock while another one is looking at it.
    #[test]
    fn responses_that_come_together_set_it_once() {
        let date = headers(&[("date", "Sun, 09 Sep 2001 01:46:40 GMT")]);
        let other = Arc::new(std::sync::OnceLock::<ServerClock>::new());
        let (inner, its_date) = (Arc::clone(&other), date.clone());
        let is_set = AtomicI64::new(0);
        let local = Clock::new(move || {
            if is_set.fetch_add(1, Ordering::SeqCst) == 0
                && let Some(other) = inner.get()
            {
                other.set_by(&its_date);
            }
            UNIX_EPOCH + Duration::from_secs(BILLION - 300)
        });
        let clock = ServerClock::new(local);
        assert!(other.set(clock.clone()).is_ok());
        assert!(clock.set_by(&date));
        assert_eq!(clock.unix_seconds(), 1_000_000_000);
    }

    #[test]
    fn a_second_is_no_difference_and_nonsense_no_date() {
        let clock = clock(BILLION + 1);
        assert!(!clock.set_by(&headers(&[("date", "Sun, 09 Sep 2001 01:46:40 GMT")])));
        assert!(!clock.set_by(&headers(&[("date", "yesterday")])));
        assert!(!clock.set_by(&headers(&[])));
        assert_eq!(clock.unix_seconds(), 1_000_000_001);
    }
}
