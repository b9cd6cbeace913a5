//! How often a process clears a database of what has expired.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many rows of a table are cleared away at a time.
pub(super) const ROWS: i64 = 1000;

/// How long a process waits after it has cleared away all that there was.
const PAUSE: Duration = Duration::from_secs(60);

/// When the database is to be cleared next: at once, if nothing is here.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<Option<Instant>>);

impl Pace {
    /// Whether it is time. To one caller alone it says so.
    pub(super) fn is_due(&self) -> bool {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if next.is_some_and(|next| now < next) {
            return false;
        }
        *next = Some(now + PAUSE);
        true
    }

    /// There was more than could be cleared away.
    pub(super) fn hurry(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
