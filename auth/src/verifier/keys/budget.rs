//! How often keys that nobody knows may be asked for.

use std::time::{Duration, SystemTime};

/// Most requests at once: for five made-up ids, and a key that is really new.
const MOST: u32 = 6;

/// One more comes back after this time. Under a flood of made-up ids, this is how long a new key
/// may stay unknown.
const REFILL: Duration = Duration::from_secs(8);

/// A number of requests that may be made: a token bucket.
#[derive(Debug)]
pub(super) struct Budget {
    left: u32,
    /// When the last one came back; `None` while all are there.
    counted_from: Option<SystemTime>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: MOST,
            counted_from: None,
        }
    }
}

impl Budget {
    /// Takes one request off, if there is one.
    pub(super) fn spend(&mut self, now: SystemTime) -> bool {
        self.refill(now);
        let is_left = self.left > 0;
        if is_left {
            self.left -= 1;
            self.counted_from.get_or_insert(now);
        }
        is_left
    }

    fn refill(&mut self, now: SystemTime) {
        let Some(from) = self.counted_from else {
            return;
        };
        // A clock that was set back begins to count again.
        let Ok(passed) = now.duration_since(from) else {
            self.counted_from = Some(now);
            return;
        };
        let back = passed.as_secs() / REFILL.as_secs();
        self.left = self
            .left
            .saturating_add(u32::try_from(back).unwrap_or(MOST))
            .min(MOST);
        self.counted_from = match self.left {
            MOST => None,
            _ => from.checked_add(Duration::from_secs(back * REFILL.as_secs())),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// How many requests `wanted` of them get at `seconds`.
    fn spent(budget: &mut Budget, seconds: u64, wanted: usize) -> usize {
        (0..wanted).filter(|_| budget.spend(at(seconds))).count()
    }

    #[test]
    fn five_a_minute_leave_room_for_one_more_for_ever() {
        let mut budget = Budget::default();
        for minute in 0..1000 {
            assert_eq!(spent(&mut budget, 60 * minute, 6), 6, "{minute}");
        }
    }

    #[test]
    fn a_flood_gets_one_every_eight_seconds() {
        let mut budget = Budget::default();
        assert_eq!(spent(&mut budget, 0, 1000), 6);
        let granted: usize = (1..=80).map(|time| spent(&mut budget, time, 1000)).sum();
        assert_eq!(granted, 10);
        assert_eq!(spent(&mut budget, 1_000_000_000_000, 1000), 6);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let mut budget = Budget::default();
        assert_eq!(spent(&mut budget, 1_000_000, 1000), 6);
        assert_eq!(spent(&mut budget, 1000, 10), 0);
        assert_eq!(spent(&mut budget, 1008, 10), 1);
    }
}
