//! Whether a call may go out.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::futures::OwnedNotified;
use tokio::time::Instant;

use super::learning::pair;
use super::{Books, Bucket, Id, Lane, Sent};
use crate::http::governor::tie::Tie;
use crate::http::governor::waiting::earliest;
use crate::http::governor::window::{Told, Window};

/// How long the calls of a bucket wait for the first of them to be answered.
const PATIENCE: Duration = Duration::from_secs(5);

/// Room for a call, or none.
pub(in crate::http::governor) enum Room {
    Free(Sent),
    None {
        /// When the window of the bucket ends, if that is known.
        ends: Option<Instant>,
        /// When to look again, whatever happens.
        again: Option<Instant>,
        /// What tells of changes before.
        changed: OwnedNotified,
    },
}

/// What a call without room waits for, besides the answers of others.
#[derive(Clone, Copy, Debug)]
enum Wait {
    /// The end of the window, if it is known.
    Window(Option<Instant>),
    /// Answers, which show what the bucket has; until then at most.
    Answers(Option<Instant>),
}

/// What is known of the buckets that may be the same as one.
#[derive(Debug, Default)]
struct Others {
    /// The least that one of them has left.
    remaining: Option<u64>,
    in_flight: u64,
    /// One of them is the same, as far as can be told.
    likely: bool,
    /// When the first of their windows ends.
    ends: Option<Instant>,
}

impl Books {
    /// Takes room for a call of `lane`, if there is any.
    pub(in crate::http::governor) fn take(
        &mut self,
        lane: &Lane,
        published: Option<&'static str>,
        share: f64,
    ) -> Room {
        let now = Instant::now();
        let path = self.enter(lane, published);
        let id = self
            .paths
            .get(&path)
            .map(|path| path.bucket)
            .unwrap_or_default();
        self.roll_over(id, now);
        if let Err(wait) = self.room(id, share, now) {
            return self.no_room(id, wait);
        }
        let after = self.answers;
        if let Some(path) = self.paths.get_mut(&path) {
            path.in_flight += 1;
            path.called = after;
        }
        if let Some(bucket) = self.buckets.get_mut(&id) {
            bucket.budget.in_flight += 1;
            bucket.first_sent.get_or_insert(now);
        }
        Room::Free(Sent { path, after })
    }

    /// Wakes the calls that wait where there is room, now that `sent` is no longer on its way.
    pub(in crate::http::governor) fn wake(&mut self, sent: Sent, share: f64) {
        let now = Instant::now();
        let own = self.paths.get(&sent.path).map(|path| path.bucket);
        let awaited = |id: &Id| self.buckets.get(id).is_some_and(|bucket| bucket.is_awaited);
        let others = self.recent.iter().copied().filter(|id| Some(*id) != own);
        let waiting: Vec<Id> = own.into_iter().chain(others).filter(awaited).collect();
        for id in waiting {
            self.roll_over(id, now);
            if self.room(id, share, now).is_ok()
                && let Some(bucket) = self.buckets.get_mut(&id)
            {
                bucket.notify();
            }
        }
    }

    fn roll_over(&mut self, id: Id, now: Instant) {
        for id in self.recent.iter().chain([&id]) {
            if let Some(bucket) = self.buckets.get_mut(id) {
                bucket.budget.roll_over(now);
            }
        }
    }

    fn room(&self, id: Id, share: f64, now: Instant) -> Result<(), Wait> {
        let Some(bucket) = self.buckets.get(&id) else {
            return Err(Wait::Answers(Some(now + PATIENCE)));
        };
        if bucket.budget.has_room(share) {
            return self.others_leave_room(id, bucket);
        }
        match bucket.budget.told {
            Told::Window(_) => Err(Wait::Window(bucket.budget.ends())),
            Told::Nothing | Told::NoLimit => {
                let silent = bucket.first_sent.map(|sent| sent + PATIENCE);
                match silent.is_some_and(|from| from <= now) {
                    true => Ok(()),
                    false => Err(Wait::Answers(silent)),
                }
            }
        }
    }

    /// Buckets that may be the same as this one spend what it has. Where nothing is known of that,
    /// one call at a time finds out.
    fn others_leave_room(&self, id: Id, bucket: &Bucket) -> Result<(), Wait> {
        let Some(window) = bucket.budget.window() else {
            return Ok(());
        };
        let others = self.others(id, window);
        let Some(remaining) = others.remaining else {
            return Ok(());
        };
        let in_flight = bucket.budget.in_flight + others.in_flight;
        if remaining.min(window.remaining) > in_flight {
            return Ok(());
        }
        match (others.likely, in_flight) {
            (true, _) => Err(Wait::Window(window.ends.or(others.ends))),
            (false, 0) => Ok(()),
            (false, _) => Err(Wait::Answers(window.ends.or(others.ends))),
        }
    }

    fn others(&self, id: Id, window: &Window) -> Others {
        let mut others = Others::default();
        for other in self.recent.iter().filter(|other| **other != id) {
            let tie = self.ties.get(&pair(id, *other));
            let Some(bucket) = self.buckets.get(other) else {
                continue;
            };
            if let Some(theirs) = bucket.budget.window()
                && !tie.is_some_and(Tie::is_apart)
                && window.may_be(theirs)
            {
                let least = others.remaining.unwrap_or(u64::MAX);
                others.remaining = Some(least.min(theirs.remaining));
                others.in_flight += bucket.budget.in_flight;
                others.likely |= tie.is_some_and(Tie::is_likely);
                others.ends = earliest(others.ends, theirs.ends);
            }
        }
        others
    }

    fn no_room(&mut self, id: Id, wait: Wait) -> Room {
        let (ends, again) = match wait {
            Wait::Window(ends) => (ends, ends),
            Wait::Answers(again) => (None, again),
        };
        let bucket = self.buckets.entry(id).or_default();
        bucket.is_awaited = true;
        Room::None {
            ends,
            again,
            // Made before the books are closed, so that no change in between is missed.
            changed: Arc::clone(&bucket.changed).notified_owned(),
        }
    }
}

impl Bucket {
    pub(super) fn notify(&mut self) {
        self.is_awaited = false;
        self.changed.notify_waiters();
    }
}
