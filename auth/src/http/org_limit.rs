//! A limit of the caller's own on all requests of a client.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

const MINUTE: Duration = Duration::from_secs(60);

/// Lets no more than so many requests go out in any sixty seconds, in the order in which they ask.
///
/// It keeps the time of each of the latest ones. A bucket of tokens that refills would take less
/// memory, and let twice the limit go out in its first minute.
#[derive(Debug)]
pub(crate) struct OrgLimit {
    per_minute: usize,
    /// When the latest requests go out, some of them in the future.
    times: Mutex<VecDeque<Instant>>,
}

impl OrgLimit {
    pub(crate) fn new(per_minute: NonZeroU32) -> Self {
        Self {
            per_minute: usize::try_from(per_minute.get()).unwrap_or(usize::MAX),
            times: Mutex::default(),
        }
    }

    /// The same limit, of which nothing is used.
    pub(crate) fn afresh(&self) -> Self {
        Self {
            per_minute: self.per_minute,
            times: Mutex::default(),
        }
    }

    /// Waits until the next request may go out. `Err` with the time left, at once, if that is after
    /// the deadline.
    pub(crate) async fn admit(&self, deadline: Option<Instant>) -> Result<(), Duration> {
        sleep_until(self.reserve(deadline)?).await;
        Ok(())
    }

    /// When the next request may go out; its place is taken.
    fn reserve(&self, deadline: Option<Instant>) -> Result<Instant, Duration> {
        let now = Instant::now();
        // No code panics while it holds this lock, so a poisoned one is still sound.
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = times.len() >= self.per_minute;
        let oldest = if is_full { times.front() } else { None };
        let at = oldest.map_or(now, |oldest| now.max(*oldest + MINUTE));
        if deadline.is_some_and(|deadline| at > deadline) {
            return Err(at - now);
        }
        if is_full {
            times.pop_front();
        }
        times.push_back(at);
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_sixty_seconds_see_more_than_the_limit() {
        let limit = OrgLimit::new(NonZeroU32::new(10).unwrap());
        let mut times = Vec::new();
        for request in 0..100u64 {
            // Bursts, and pauses between them.
            if request % 7 == 0 {
                tokio::time::advance(Duration::from_secs(request % 40)).await;
            }
            times.push(limit.reserve(None).unwrap());
        }
        for window in times.windows(11) {
            assert!(window[10] - window[0] >= MINUTE, "{window:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_after_the_deadline_is_not_taken() {
        let limit = OrgLimit::new(NonZeroU32::MIN);
        let start = limit.reserve(None).unwrap();
        let early = Some(start + Duration::from_secs(59));
        assert_eq!(limit.reserve(early), Err(MINUTE));
        assert_eq!(limit.reserve(None), Ok(start + MINUTE));
    }
}
