//! Keeps concurrent calls within Okta's rate limits, so that they wait instead of failing.

mod concurrency;

use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderMap, Method};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use self::concurrency::{Concurrency, Place};
use crate::http::rate_limit;
use crate::{Call, RateLimit};

/// A reset this many seconds before the one that is known is no straggler of the window before: one
/// of the two was told by a broken clock, and the newer answer counts.
const MAX_STRAGGLING: u64 = 60 * 60;

/// Paces calls by what response headers tell of each rate limit bucket.
///
/// A bucket is taken to be one method on one path template. Calls go out at once while the
/// window has budget for them and for those on their way; the rest wait for the window to end.
/// So the whole budget is used, and none is spent on being refused.
#[derive(Debug)]
pub(crate) struct Governor {
    /// Part of each limit that may be used, above 0 and up to 1.
    share: f64,
    /// Windows that last longer than this are not waited for.
    longest: Duration,
    concurrency: Arc<Concurrency>,
    buckets: Mutex<HashMap<(Method, &'static str), Arc<Bucket>>>,
}

#[derive(Debug, Default)]
struct Bucket {
    state: Mutex<State>,
    /// Tells waiting calls that the state has changed.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    window: Option<Window>,
    in_flight: u64,
    /// Our own calls that the server has counted in this window.
    used: u64,
}

#[derive(Debug)]
struct Window {
    limit: u64,
    /// Budget left by the server's count; calls on their way may or may not be in it.
    remaining: u64,
    /// Its end by the server's clock, which names the window.
    reset: u64,
    /// Its end by ours; `None` for a window that no response has told of yet.
    ends: Option<Instant>,
}

/// A call on its way that counts against its bucket, until this is dropped.
#[derive(Debug)]
struct Slot(Arc<Bucket>);

/// Leave to send one request. Give it back through [`Permit::settle`], or by dropping it when
/// no answer came.
#[derive(Debug)]
pub(crate) struct Permit {
    slot: Slot,
    place: Place,
    longest: Duration,
}

impl Governor {
    pub(crate) fn new(share: f64, longest: Duration) -> Self {
        Self {
            share,
            longest,
            concurrency: Arc::default(),
            buckets: Mutex::default(),
        }
    }

    /// One with the same settings that knows of no limit yet.
    pub(crate) fn afresh(&self) -> Self {
        Self::new(self.share, self.longest)
    }

    /// Waits until the bucket of this call has budget. `Err` with the time left, at once, if
    /// that will be after the deadline.
    pub(crate) async fn admit(
        &self,
        method: &Method,
        call: &Call,
        deadline: Option<Instant>,
    ) -> Result<Option<Permit>, Duration> {
        if call.path.is_empty() {
            return Ok(None);
        }
        let slot = self.budget(method, call.path, deadline).await?;
        let place = self.concurrency.enter().await;
        Ok(Some(Permit {
            slot,
            place,
            longest: self.longest,
        }))
    }

    /// Waits for the budget of a bucket.
    async fn budget(
        &self,
        method: &Method,
        path: &'static str,
        deadline: Option<Instant>,
    ) -> Result<Slot, Duration> {
        let bucket = self.bucket(method, path);
        loop {
            // Made before looking, so that a change in between is not missed.
            let changed = bucket.changed.notified();
            let now = Instant::now();
            let ends = {
                let mut state = lock(&bucket.state);
                state.roll_over(now);
                if state.has_budget(self.share) {
                    state.in_flight += 1;
                    drop(state);
                    return Ok(Slot(Arc::clone(&bucket)));
                }
                state.window.as_ref().and_then(|window| window.ends)
            };
            if let (Some(ends), Some(deadline)) = (ends, deadline)
                && ends > deadline
            {
                return Err(ends - now);
            }
            tracing::trace!("waiting for the rate limit");
            tokio::select! {
                () = changed => {}
                () = at(ends) => {}
            }
        }
    }

    fn bucket(&self, method: &Method, path: &'static str) -> Arc<Bucket> {
        Arc::clone(
            lock(&self.buckets)
                .entry((method.clone(), path))
                .or_default(),
        )
    }
}

impl Permit {
    /// Takes note of the rate limit headers of the answer.
    pub(crate) fn settle(self, headers: &HeaderMap) {
        if rate_limit::is_concurrency_limit(headers) {
            self.place.refused();
            return;
        }
        self.place.accepted();
        // An end too far away is a mistake, or more than anyone waits for: the call then goes out,
        // and fails with Okta's words.
        if let (Some(limits), Some(left)) = (
            RateLimit::from_headers(headers),
            rate_limit::until_reset(headers),
        ) && left <= self.longest
        {
            lock(&self.slot.0.state).learn(limits, left, Instant::now());
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        lock(&self.0.state).in_flight -= 1;
        self.0.changed.notify_waiters();
    }
}

impl State {
    /// Once the window has ended, assumes a full one until a response says more.
    fn roll_over(&mut self, now: Instant) {
        if let Some(window) = &mut self.window
            && window.ends.is_some_and(|ends| ends <= now)
        {
            window.remaining = window.limit;
            window.ends = None;
            self.used = 0;
        }
    }

    /// Counts requests on their way as not counted by the server yet. That is cautious, and
    /// true again as soon as they are answered. The share counts our own calls only, since what
    /// is gone from `remaining` may be what others used of their shares.
    fn has_budget(&self, share: f64) -> bool {
        self.window.as_ref().is_none_or(|window| {
            let usable = ((window.limit as f64 * share) as u64).max(1);
            self.used.saturating_add(self.in_flight) < usable && window.remaining > self.in_flight
        })
    }

    /// Takes note of what an answer to one of our calls says of its window.
    fn learn(&mut self, limits: RateLimit, left: Duration, now: Instant) {
        let ends = now + left;
        match &mut self.window {
            Some(window) if window.is_before(limits.reset, left) => return,
            // The server rounds its time down, so each `ends` is late by up to a second: the
            // earliest is the nearest to the truth.
            Some(window) if limits.reset == window.reset && window.ends.is_some() => {
                window.remaining = window.remaining.min(limits.remaining);
                window.ends = window.ends.map(|known| known.min(ends));
            }
            window => {
                self.used = 0;
                *window = Some(Window {
                    limit: limits.limit,
                    remaining: limits.remaining,
                    reset: limits.reset,
                    ends: Some(ends),
                });
            }
        }
        self.used = self.used.saturating_add(1);
    }
}

impl Window {
    /// Whether an answer with this reset, `left` ahead, belongs to a window that is over.
    fn is_before(&self, reset: u64, left: Duration) -> bool {
        // We took this window for ended, and so does the server: a straggler.
        let both_ended = self.ends.is_none() && left.is_zero();
        match self.reset.checked_sub(reset) {
            None => false,
            Some(0) => both_ended,
            Some(behind) => behind <= MAX_STRAGGLING && (self.ends.is_some() || both_ended),
        }
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}

/// No code panics while it holds these locks, so a poisoned one is still sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
