//! The buckets that are known, and the paths that spend from them.

mod learning;
mod room;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::Instant;

pub(super) use self::room::Room;
use super::lane::Lane;
use super::seconds::Seconds;
use super::tie::Tie;
use super::window::Budget;
use crate::RateLimit;
use crate::http::rate_limit::ToldWindow;

/// Paths that are remembered at most, and so buckets.
const MOST: usize = 1024;

/// Buckets that an answer is compared to: those with the newest answers.
const RECENT: usize = 32;

/// Answers that are remembered of a bucket.
const ANSWERS: usize = 32;

/// Names a path or a bucket.
type Id = u64;

/// What is known of all buckets.
#[derive(Debug, Default)]
pub(super) struct Books {
    ids: HashMap<Lane, Id>,
    paths: HashMap<Id, Path>,
    buckets: HashMap<Id, Bucket>,
    /// Buckets that Okta publishes, by name.
    published: HashMap<&'static str, Id>,
    /// Pairs of buckets, and pairs of paths of one bucket; the smaller id comes first.
    ties: HashMap<(Id, Id), Tie>,
    /// Buckets by their newest answers, which come last.
    recent: VecDeque<Id>,
    last_id: Id,
    seconds: Seconds,
    /// How many answers there were. It tells what was sent after which answer.
    answers: u64,
}

/// A path that has been called.
#[derive(Debug)]
struct Path {
    lane: Lane,
    bucket: Id,
    in_flight: u64,
    /// The number of answers when it was last called.
    called: u64,
}

#[derive(Debug, Default)]
struct Bucket {
    paths: Vec<Id>,
    budget: Budget,
    /// When the call went out that finds out what the bucket is.
    first_sent: Option<Instant>,
    answers: VecDeque<Answered>,
    /// Whether calls wait for room.
    is_awaited: bool,
    /// Tells them that there may be some.
    changed: Arc<Notify>,
}

/// What an answer told.
#[derive(Clone, Copy, Debug)]
struct Answered {
    number: u64,
    path: Id,
    limits: RateLimit,
    /// When its window ends, by our clock.
    ends: Instant,
}

/// A call on its way: where it counts, and how many answers there were when it went out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    path: Id,
    after: u64,
}

impl Books {
    /// How many paths and buckets are known.
    #[cfg(test)]
    pub(super) fn size(&self) -> (usize, usize) {
        (self.paths.len(), self.buckets.len())
    }

    /// The call is no longer on its way.
    pub(super) fn arrived(&mut self, sent: Sent) {
        let Some(path) = self.paths.get_mut(&sent.path) else {
            return;
        };
        path.in_flight -= 1;
        let id = path.bucket;
        if let Some(bucket) = self.buckets.get_mut(&id) {
            bucket.budget.in_flight -= 1;
        }
    }

    /// What is known of the bucket that a call spends from.
    pub(super) fn budget(&mut self, sent: Sent) -> Budget {
        let Some(bucket) = self.bucket_of(sent.path) else {
            return Budget::default();
        };
        bucket.budget.roll_over(Instant::now());
        bucket.budget.clone()
    }

    /// The name of that bucket for all clients: as it is published, unless the path turned out not
    /// to be in it.
    pub(super) fn name(&self, sent: Sent) -> String {
        let Some(path) = self.paths.get(&sent.path) else {
            return String::new();
        };
        let mut published = self.published.iter();
        let name = published.find(|(_, bucket)| **bucket == path.bucket);
        name.map_or_else(|| path.lane.to_string(), |(name, _)| (*name).to_owned())
    }

    /// Takes note of an answer that names no limit.
    pub(super) fn no_limit(&mut self, sent: Sent) {
        if let Some(bucket) = self.bucket_of(sent.path) {
            bucket.budget.learn_nothing();
        }
    }

    /// Takes note of what an answer tells of its window.
    pub(super) fn answered(&mut self, sent: Sent, told: ToldWindow) {
        let now = Instant::now();
        let ToldWindow { limits, left, date } = told;
        let left = match date {
            Some(date) => self.seconds.refine(date, left, now),
            None => left,
        };
        self.answers += 1;
        let answer = Answered {
            number: self.answers,
            path: sent.path,
            limits,
            ends: now + left,
        };
        let Some(bucket) = self.bucket_of(sent.path) else {
            return;
        };
        bucket.budget.learn(limits, left, now);
        self.compare(sent, answer, now);
        self.remember(answer);
    }

    fn bucket_of(&mut self, path: Id) -> Option<&mut Bucket> {
        let path = self.paths.get(&path)?;
        self.buckets.get_mut(&path.bucket)
    }

    fn remember(&mut self, answer: Answered) {
        let Some(id) = self.paths.get(&answer.path).map(|path| path.bucket) else {
            return;
        };
        self.recent.retain(|recent| *recent != id);
        self.recent.push_back(id);
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        if let Some(bucket) = self.buckets.get_mut(&id) {
            if bucket.answers.len() >= ANSWERS {
                bucket.answers.pop_front();
            }
            bucket.answers.push_back(answer);
        }
    }

    /// The path of `lane`, in the bucket that is published for it or in one of its own.
    fn enter(&mut self, lane: &Lane, published: Option<&'static str>) -> Id {
        if let Some(id) = self.ids.get(lane) {
            return *id;
        }
        if self.ids.len() >= MOST && !self.forget_one() {
            // More than a thousand paths are being called at this moment.
            return match self.ids.get(&Lane::OVERFLOW) {
                Some(id) => *id,
                None => self.add(Lane::OVERFLOW, None),
            };
        }
        self.add(lane.clone(), published)
    }

    fn add(&mut self, lane: Lane, published: Option<&'static str>) -> Id {
        let known = published.and_then(|name| self.published.get(name).copied());
        let bucket = known.unwrap_or_else(|| self.add_bucket());
        if let Some(name) = published {
            self.published.insert(name, bucket);
        }
        let id = self.next_id();
        self.buckets.entry(bucket).or_default().paths.push(id);
        self.ids.insert(lane.clone(), id);
        let called = self.answers;
        self.paths.insert(
            id,
            Path {
                lane,
                bucket,
                in_flight: 0,
                called,
            },
        );
        id
    }

    fn add_bucket(&mut self) -> Id {
        let id = self.next_id();
        self.buckets.insert(id, Bucket::default());
        id
    }

    fn next_id(&mut self) -> Id {
        self.last_id += 1;
        self.last_id
    }

    /// Forgets the path that was not called for longest; false if all are being called.
    fn forget_one(&mut self) -> bool {
        let idle = self.paths.iter().filter(|(_, path)| path.in_flight == 0);
        let oldest = idle.min_by_key(|(id, path)| (path.called, **id));
        let Some(id) = oldest.map(|(id, _)| *id) else {
            return false;
        };
        if let Some(path) = self.paths.remove(&id) {
            self.ids.remove(&path.lane);
            self.leave(id, path.bucket);
        }
        self.ties
            .retain(|(one, other), _| *one != id && *other != id);
        true
    }

    /// Takes a path out of its bucket, which is forgotten with its last path.
    fn leave(&mut self, path: Id, id: Id) {
        let Some(bucket) = self.buckets.get_mut(&id) else {
            return;
        };
        bucket.paths.retain(|one| *one != path);
        if bucket.paths.is_empty() {
            self.forget_bucket(id);
        }
    }

    fn forget_bucket(&mut self, id: Id) -> Option<Bucket> {
        self.recent.retain(|recent| *recent != id);
        self.published.retain(|_, bucket| *bucket != id);
        self.ties
            .retain(|(one, other), _| *one != id && *other != id);
        self.buckets.remove(&id)
    }
}
