//! How many calls Okta takes at the same time, learned from its refusals.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// At the number next to one that was refused, this many rounds of answers pass before that
/// number is tried again.
const ROUNDS_BEFORE_PROBE: u64 = 16;

/// A limit on calls in flight: none until Okta refuses one for being one too many. It then starts
/// at one, grows by one with each round of answers, and shrinks by a quarter when refused again.
#[derive(Debug, Default)]
pub(super) struct Concurrency {
    state: Mutex<State>,
    /// Tells waiting calls that a place is free.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    in_flight: u64,
    learned: Option<Learned>,
    /// Counts the refusals that changed the limit. A call that was sent before the latest one
    /// says nothing about the limit of now.
    epoch: u64,
}

#[derive(Debug)]
struct Learned {
    allowed: u64,
    /// The number at which the latest refusal came, if it is still to be avoided.
    refused_at: Option<u64>,
    /// Calls that were answered since `allowed` changed, while all of it was in use.
    answered: u64,
}

/// A call in flight. Dropping it makes room for another.
#[derive(Debug)]
pub(super) struct Place {
    concurrency: Arc<Concurrency>,
    epoch: u64,
}

impl Concurrency {
    /// Waits until one more call may be in flight.
    pub(super) async fn enter(self: &Arc<Self>) -> Place {
        loop {
            // Made before looking, so that a change in between is not missed.
            let changed = self.changed.notified();
            if let Some(epoch) = self.lock().take_place() {
                let concurrency = Arc::clone(self);
                return Place { concurrency, epoch };
            }
            tracing::trace!("waiting for the limit on concurrent calls");
            changed.await;
        }
    }

    /// No code panics while it holds this lock, so a poisoned one is still sound.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Okta took the call.
    pub(super) fn accepted(&self) {
        self.concurrency.lock().accepted(self.epoch);
    }

    /// Okta refused the call because too many were in flight.
    pub(super) fn refused(&self) {
        self.concurrency.lock().refused(self.epoch);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.concurrency.lock().in_flight -= 1;
        self.concurrency.changed.notify_waiters();
    }
}

impl State {
    fn take_place(&mut self) -> Option<u64> {
        let free = (self.learned.as_ref()).is_none_or(|known| self.in_flight < known.allowed);
        free.then(|| {
            self.in_flight += 1;
            self.epoch
        })
    }

    fn accepted(&mut self, epoch: u64) {
        if let Some(known) = &mut self.learned
            && epoch == self.epoch
            && self.in_flight >= known.allowed
        {
            known.grow();
        }
    }

    fn refused(&mut self, epoch: u64) {
        if epoch != self.epoch {
            return;
        }
        self.epoch += 1;
        self.learned = Some(match &self.learned {
            None => Learned::new(1, None),
            Some(known) => Learned::new((known.allowed * 3 / 4).max(1), Some(known.allowed)),
        });
    }
}

impl Learned {
    fn new(allowed: u64, refused_at: Option<u64>) -> Self {
        Self {
            allowed,
            refused_at,
            answered: 0,
        }
    }

    fn grow(&mut self) {
        self.answered += 1;
        let next = self.allowed.saturating_add(1);
        let probes = self.refused_at.is_some_and(|refused| next >= refused);
        let rounds = if probes { ROUNDS_BEFORE_PROBE } else { 1 };
        if self.answered >= self.allowed.saturating_mul(rounds) {
            let refused_at = self.refused_at.filter(|_| !probes);
            *self = Self::new(next, refused_at);
        }
    }
}
