//! A budget of the clients of one process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::{
    BudgetWindow, LIFE, Lease, LeaseRequest, MAX_STRAGGLING, PRECISION, RateBudget, SETTLING,
    runs_beside,
};
use crate::Error;

/// Buckets that are remembered. Beyond them, those that nobody uses are forgotten.
const MOST: usize = 1024;

/// A [`RateBudget`] for several clients of one process, such as one for each of an org's service
/// apps. Cheap to clone; clones are the same budget.
#[derive(Clone, Debug, Default)]
pub struct MemoryRateBudget(Arc<Mutex<HashMap<(String, String), Bucket>>>);

#[derive(Debug)]
struct Bucket {
    /// Nothing is granted before.
    settled: Option<Instant>,
    window: Option<Window>,
    /// What each client holds, and when it said so.
    held: HashMap<String, (u64, Instant)>,
}

#[derive(Debug)]
struct Window {
    told: BudgetWindow,
    /// `None` once it is over, when a full one is assumed.
    ends: Option<Instant>,
}

impl MemoryRateBudget {
    /// A budget of which nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl RateBudget for MemoryRateBudget {
    async fn lease(&self, request: LeaseRequest<'_>) -> Result<Lease, Error> {
        let now = Instant::now();
        let key = (request.org.to_string(), request.bucket.to_owned());
        // No code panics while it holds this lock, so a poisoned one is still sound.
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| bucket.is_used(now));
        }
        let bucket = buckets
            .entry(key)
            .or_insert_with(|| Bucket::new(&request, now));
        Ok(bucket.lease(&request, now))
    }
}

impl Bucket {
    fn new(first: &LeaseRequest<'_>, now: Instant) -> Self {
        let is_in_use = first.window.is_some() || first.held > 0;
        Self {
            settled: is_in_use.then(|| now + SETTLING),
            window: None,
            held: HashMap::new(),
        }
    }

    fn is_used(&self, now: Instant) -> bool {
        self.held.values().any(|(_, at)| now - *at < LIFE)
    }

    fn lease(&mut self, request: &LeaseRequest<'_>, now: Instant) -> Lease {
        self.held.retain(|_, (_, at)| now - *at < LIFE);
        self.held
            .insert(request.holder.to_owned(), (request.held, now));
        if let Some(told) = request.window {
            self.learn(told, now);
        }
        self.roll_over(now);
        let lease = self.decide(request.wanted, now);
        if let Some((held, _)) = self.held.get_mut(request.holder) {
            *held += lease.granted;
        }
        lease
    }

    fn decide(&self, wanted: u64, now: Instant) -> Lease {
        let holders = self.held.len() as u64;
        let held: u64 = self.held.values().map(|(held, _)| held).sum();
        if let Some(settled) = self.settled.filter(|settled| *settled > now) {
            return Lease::none(0, settled - now, holders);
        }
        let Some(window) = &self.window else {
            // One call finds out what there is.
            return match held {
                0 => Lease::granted(wanted.min(1), holders),
                _ => Lease::none(0, None, holders),
            };
        };
        let available = window.told.remaining.saturating_sub(held);
        if wanted <= available {
            return Lease::granted(wanted, holders);
        }
        let is_spent = window.told.remaining == 0;
        let wait = window.ends.filter(|_| is_spent).map(|ends| ends - now);
        Lease::none(available, wait, holders)
    }

    fn learn(&mut self, told: BudgetWindow, now: Instant) {
        let ends = now + told.left;
        match &mut self.window {
            // Okta counts two paths apart that are published as one bucket: the less counts.
            Some(window) if window.runs_beside(&told) => {
                window.told.remaining = window.told.remaining.min(told.remaining);
            }
            Some(window) if window.is_before(&told) => {}
            Some(window) if window.told.reset == told.reset && window.ends.is_some() => {
                window.told.remaining = window.told.remaining.min(told.remaining);
                window.ends = window.ends.map(|known| known.min(ends));
            }
            window => {
                let ends = Some(ends);
                *window = Some(Window { told, ends });
            }
        }
    }

    fn roll_over(&mut self, now: Instant) {
        if let Some(window) = &mut self.window
            && window.ends.is_some_and(|ends| ends <= now)
        {
            window.told.remaining = window.told.limit;
            window.ends = None;
        }
    }
}

impl Window {
    /// Whether this tells of a window that runs at once with this one.
    fn runs_beside(&self, told: &BudgetWindow) -> bool {
        self.ends.is_some() && runs_beside(self.told.reset, told.reset, told.left)
    }

    /// Whether a client that tells this has not seen yet that it is over.
    fn is_before(&self, told: &BudgetWindow) -> bool {
        match self.told.reset.checked_sub(told.reset) {
            None => false,
            Some(0) => self.ends.is_none() && told.left <= PRECISION,
            Some(behind) => behind <= MAX_STRAGGLING,
        }
    }
}
