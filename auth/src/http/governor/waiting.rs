//! Locks, and times that may not be known.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Whether what happens at `time`, if that is known, is before the deadline; `Err` with the time
/// left if not.
pub(super) fn within(deadline: Option<Instant>, time: Option<Instant>) -> Result<(), Duration> {
    match (deadline, time) {
        (Some(deadline), Some(time)) if time > deadline => Err(time - Instant::now()),
        _ => Ok(()),
    }
}

/// Waits for a change, or until `time`, if there is one.
pub(super) async fn change_or(change: impl Future<Output = ()>, time: Option<Instant>) {
    match time {
        None => change.await,
        Some(time) => tokio::select! {
            () = change => {}
            () = sleep_until(time) => {}
        },
    }
}

/// The earlier of two times, of those that are known.
pub(super) fn earliest(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    [one, other].into_iter().flatten().min()
}

/// No code panics while it holds these locks, so a poisoned one is still sound.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
