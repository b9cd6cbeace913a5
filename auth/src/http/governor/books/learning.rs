//! What answers show of which paths spend from one bucket.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::{ANSWERS, Answered, Books, Bucket, Id, Sent};
use crate::http::governor::tie::{Shown, Tie};
use crate::http::governor::waiting::earliest;
use crate::http::governor::window::{Budget, Window};

/// Ties that are remembered at most.
const MOST_TIES: usize = 4096;

/// When a window ends is known to the second only.
const PRECISION: Duration = Duration::from_secs(1);

/// The key of a tie.
pub(super) fn pair(one: Id, other: Id) -> (Id, Id) {
    (one.min(other), one.max(other))
}

impl Books {
    /// Compares an answer to those of other buckets, and of other paths of its own.
    pub(super) fn compare(&mut self, sent: Sent, answer: Answered, now: Instant) {
        let Some(own) = self.paths.get(&sent.path).map(|path| path.bucket) else {
            return;
        };
        for id in self.recent.clone() {
            let others = self.buckets.get(&id).filter(|_| id != own);
            let found = others.and_then(|other| answer.find(&other.answers, sent, now, |_| true));
            if let Some((before, agrees)) = found
                && self.show((own, id), answer, before, agrees) == Shown::Together
            {
                self.join(own, id);
            }
        }
        for path in self.other_paths(own, sent.path) {
            let of_path = |answer: &Answered| answer.path == path;
            let bucket = self.buckets.get(&own);
            let found = bucket.and_then(|own| answer.find(&own.answers, sent, now, of_path));
            if let Some((before, agrees)) = found
                && self.show((answer.path, path), answer, before, agrees) == Shown::Apart
            {
                return self.part(answer);
            }
        }
    }

    /// Paths of a bucket that were answered lately.
    fn other_paths(&self, own: Id, path: Id) -> BTreeSet<Id> {
        let answers = self.buckets.get(&own).map(|bucket| bucket.answers.iter());
        let paths = answers.into_iter().flatten().map(|answer| answer.path);
        paths.filter(|other| *other != path).collect()
    }

    fn show(
        &mut self,
        (this, other): (Id, Id),
        answer: Answered,
        before: u64,
        agrees: Agrees,
    ) -> Shown {
        let key = pair(this, other);
        if self.ties.len() >= MOST_TIES && !self.ties.contains_key(&key) {
            self.ties.clear();
        }
        let tie = self.ties.entry(key).or_default();
        if !tie.compare_to(other == key.1, before) {
            return Shown::Nothing;
        }
        match agrees {
            Agrees::Yes => tie.add(answer.limits.reset, true),
            Agrees::No => tie.add(answer.limits.reset, false),
            Agrees::OtherWindow => tie.contradict(),
            Agrees::Unknown => Shown::Nothing,
        }
    }

    /// Makes two buckets one.
    fn join(&mut self, into: Id, from: Id) {
        for bucket in self.published.values_mut().filter(|id| **id == from) {
            *bucket = into;
        }
        let Some(mut gone) = self.forget_bucket(from) else {
            return;
        };
        for path in &gone.paths {
            if let Some(path) = self.paths.get_mut(path) {
                path.bucket = into;
            }
        }
        gone.notify();
        if let Some(bucket) = self.buckets.get_mut(&into) {
            bucket.absorb(gone);
        }
        tracing::debug!("two paths share a rate limit");
    }

    /// Gives the path of `answer` a bucket of its own.
    fn part(&mut self, answer: Answered) {
        let id = self.add_bucket();
        let Some(path) = self.paths.get_mut(&answer.path) else {
            return;
        };
        let (old, in_flight) = (path.bucket, path.in_flight);
        path.bucket = id;
        if let Some(bucket) = self.buckets.get_mut(&id) {
            bucket.paths.push(answer.path);
            bucket.budget = Budget::of(answer.window(), in_flight);
        }
        if let Some(bucket) = self.buckets.get_mut(&old) {
            bucket.release(answer.path, in_flight);
        }
        self.leave(answer.path, old);
        self.ties.insert(pair(old, id), Tie::apart());
        tracing::debug!("a path has a rate limit of its own");
    }
}

/// Whether two answers may be of one bucket.
#[derive(Clone, Copy)]
enum Agrees {
    Yes,
    No,
    OtherWindow,
    Unknown,
}

impl Answered {
    fn window(&self) -> Window {
        Window {
            limit: self.limits.limit,
            remaining: self.limits.remaining,
            reset: self.limits.reset,
            ends: Some(self.ends),
        }
    }

    /// The one of `answers` that tells most of whether they are of the same bucket, by its number,
    /// and what it tells: one with the same `remaining`, or else the latest before the call went
    /// out.
    fn find(
        self,
        answers: &VecDeque<Self>,
        sent: Sent,
        now: Instant,
        is_asked: impl Fn(&Self) -> bool,
    ) -> Option<(u64, Agrees)> {
        let is_twin = |other: &&Self| is_asked(other) && self.is_told_again(**other);
        if let Some(twin) = answers.iter().rfind(is_twin) {
            return Some((twin.number, Agrees::No));
        }
        let is_before = |other: &&Self| is_asked(other) && other.number <= sent.after;
        let before = answers.iter().rfind(is_before)?;
        Some((before.number, before.agrees(self, now)))
    }

    /// Whether both are told the same, which no two calls of one bucket are unless they are refused.
    fn is_told_again(self, other: Self) -> bool {
        self.limits == other.limits && self.limits.remaining > 0
    }

    /// Whether `later`, whose call was sent after this answer, may be of the same bucket.
    fn agrees(self, later: Self, now: Instant) -> Agrees {
        let (own, theirs) = (self.limits, later.limits);
        let same_limit = own.limit == theirs.limit;
        if same_limit && own.reset == theirs.reset {
            return match (own.remaining, theirs.remaining) {
                (0, 0) => Agrees::Unknown,
                (before, after) if after < before => Agrees::Yes,
                _ => Agrees::No,
            };
        }
        let is_over = self.ends <= now + PRECISION;
        if is_over || (same_limit && own.reset.abs_diff(theirs.reset) <= PRECISION.as_secs()) {
            return Agrees::Unknown;
        }
        Agrees::OtherWindow
    }
}

impl Bucket {
    fn absorb(&mut self, other: Self) {
        self.paths.extend(other.paths);
        self.budget.merge(other.budget);
        self.first_sent = earliest(self.first_sent, other.first_sent);
        self.answers.extend(other.answers);
        self.answers
            .make_contiguous()
            .sort_by_key(|answer| answer.number);
        let surplus = self.answers.len().saturating_sub(ANSWERS);
        self.answers.drain(..surplus);
    }

    /// Forgets what a path brought in, and goes by what the others told.
    fn release(&mut self, path: Id, in_flight: u64) {
        self.answers.retain(|answer| answer.path != path);
        let in_flight = self.budget.in_flight.saturating_sub(in_flight);
        self.budget.in_flight = in_flight;
        if let Some(latest) = self.answers.back() {
            self.budget.correct(latest.window());
        }
        self.notify();
    }
}
