//! Times as stores keep them: in milliseconds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The longest that anything is kept: a hundred years, which every store can add to its own time.
const LONGEST: i64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// A duration, at most [`LONGEST`].
pub(super) fn whole(duration: Duration) -> i64 {
    let whole = i64::try_from(duration.as_millis()).unwrap_or(LONGEST);
    whole.min(LONGEST)
}

/// A life, which is not over at once.
pub(super) fn life(life: Duration) -> i64 {
    whole(life).max(1)
}

/// The time since 1970.
pub(super) fn since_1970(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The time that is so long after 1970; `None` if the machine has no such time.
pub(super) fn after_1970(milliseconds: i64) -> Option<SystemTime> {
    let since = Duration::from_millis(u64::try_from(milliseconds).ok()?);
    UNIX_EPOCH.checked_add(since)
}
