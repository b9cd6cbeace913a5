//! What is known of one bucket of Okta's.

use std::time::Duration;

use tokio::time::Instant;

use super::waiting::earliest;
use crate::RateLimit;
use crate::http::budget::{MAX_STRAGGLING, runs_beside};

/// The budget of a bucket, as its answers tell it.
#[derive(Clone, Debug, Default)]
pub(super) struct Budget {
    pub(super) told: Told,
    pub(super) in_flight: u64,
    /// Our own calls that the server has counted in this window.
    pub(super) used: u64,
}

#[derive(Clone, Debug, Default)]
pub(super) enum Told {
    /// No answer yet.
    #[default]
    Nothing,
    /// There was an answer, and it named no limit.
    NoLimit,
    Window(Window),
}

#[derive(Clone, Debug)]
pub(super) struct Window {
    pub(super) limit: u64,
    /// Budget left by the server's count; calls on their way may or may not be in it.
    pub(super) remaining: u64,
    /// Its end by the server's clock, which names the window.
    pub(super) reset: u64,
    /// Its end by ours; `None` for a window that no response has told of yet.
    pub(super) ends: Option<Instant>,
}

impl Budget {
    pub(super) fn window(&self) -> Option<&Window> {
        match &self.told {
            Told::Window(window) => Some(window),
            Told::Nothing | Told::NoLimit => None,
        }
    }

    pub(super) fn ends(&self) -> Option<Instant> {
        self.window().and_then(|window| window.ends)
    }

    /// Once the window has ended, assumes a full one until a response says more.
    pub(super) fn roll_over(&mut self, now: Instant) {
        if let Told::Window(window) = &mut self.told
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
    ///
    /// Before the first answer, one call goes ahead and finds out.
    pub(super) fn has_room(&self, share: f64) -> bool {
        match &self.told {
            Told::Nothing => self.in_flight == 0,
            Told::NoLimit => true,
            Told::Window(window) => {
                self.used.saturating_add(self.in_flight) < window.usable(share)
                    && window.remaining > self.in_flight
            }
        }
    }

    /// An answer came that names no limit.
    pub(super) fn learn_nothing(&mut self) {
        if matches!(self.told, Told::Nothing) {
            self.told = Told::NoLimit;
        }
    }

    /// Takes note of what an answer to one of our calls says of its window, which is over in
    /// `left`.
    pub(super) fn learn(&mut self, limits: RateLimit, left: Duration, now: Instant) {
        let ends = now + left;
        match &mut self.told {
            // Okta counts two paths apart that are published as one bucket: the less counts.
            Told::Window(window) if window.runs_beside(limits.reset, left) => {
                window.remaining = window.remaining.min(limits.remaining);
            }
            Told::Window(window) if window.is_before(limits.reset, left) => return,
            // The server rounds its time down, so each `ends` is late by up to a second: the
            // earliest is the nearest to the truth.
            Told::Window(window) if limits.reset == window.reset && window.ends.is_some() => {
                window.remaining = window.remaining.min(limits.remaining);
                window.ends = window.ends.map(|known| known.min(ends));
            }
            told => {
                self.used = 0;
                *told = Told::Window(Window {
                    limit: limits.limit,
                    remaining: limits.remaining,
                    reset: limits.reset,
                    ends: Some(ends),
                });
            }
        }
        self.used = self.used.saturating_add(1);
    }

    /// One that an answer told of, with calls on their way.
    pub(super) fn of(window: Window, in_flight: u64) -> Self {
        Self {
            told: Told::Window(window),
            in_flight,
            used: 1,
        }
    }

    /// What was known of the window is not true; this is.
    pub(super) fn correct(&mut self, window: Window) {
        self.told = Told::Window(window);
    }

    /// Two that turned out to be one.
    pub(super) fn merge(&mut self, other: Self) {
        self.in_flight += other.in_flight;
        match (&mut self.told, other.told) {
            (Told::Window(own), Told::Window(theirs)) if own.reset == theirs.reset => {
                own.remaining = own.remaining.min(theirs.remaining);
                own.ends = earliest(own.ends, theirs.ends);
                self.used += other.used;
            }
            (Told::Window(own), Told::Window(theirs)) if own.reset > theirs.reset => {}
            (_, Told::Nothing) => {}
            (told, theirs) => {
                *told = theirs;
                self.used = other.used;
            }
        }
    }
}

impl Window {
    /// What a part of the limit comes to.
    pub(super) fn usable(&self, share: f64) -> u64 {
        ((self.limit as f64 * share) as u64).clamp(1, self.limit.max(1))
    }

    /// Whether two windows may be one: they have the same limit, and the same end as far as it is
    /// known.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        let unknown = self.ends.is_none() || other.ends.is_none();
        self.limit == other.limit && (unknown || self.reset.abs_diff(other.reset) <= 1)
    }

    /// Whether an answer with this reset, `left` ahead, belongs to a window that runs at once with
    /// this one.
    fn runs_beside(&self, reset: u64, left: Duration) -> bool {
        self.ends.is_some() && runs_beside(self.reset, reset, left)
    }

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
