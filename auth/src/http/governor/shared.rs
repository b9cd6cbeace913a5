//! Permits of a budget that several processes share.

mod key;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::Instrument;

use self::key::{Key, Step};
use super::books::{Books, Sent};
use super::waiting::{change_or, lock, within};
use super::window::Told;
use crate::http::budget::{BudgetWindow, Lease, LeaseRequest, SharedBudget};
use crate::{Error, OrgUrl};

/// How often a client reports what it holds, and gives back what it does not use.
const REPORT: Duration = Duration::from_millis(250);

/// The permits of one client.
#[derive(Debug)]
pub(super) struct Shared {
    budget: SharedBudget,
    org: OrgUrl,
    /// Names this client.
    holder: String,
    books: Arc<Mutex<Books>>,
    /// Part of each limit that all together may use.
    share: f64,
    /// Buckets by name, with a path that spends from it.
    keys: Mutex<HashMap<String, (Arc<Key>, Sent)>>,
    reporting: Mutex<bool>,
}

/// A permit in use, until this is dropped.
#[derive(Debug)]
pub(super) struct Leased(Arc<Key>);

impl Drop for Leased {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// A call that waits for a permit, until this is dropped.
struct Waiting<'a>(&'a Key);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.stop_waiting();
    }
}

/// A call that asks for permits, until this is dropped.
struct Asking<'a>(&'a Key);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.asked();
    }
}

impl Shared {
    pub(super) fn new(
        budget: SharedBudget,
        org: OrgUrl,
        books: Arc<Mutex<Books>>,
        share: f64,
    ) -> Self {
        Self {
            budget,
            org,
            holder: format!("{:032x}", fastrand::u128(..)),
            books,
            share,
            keys: Mutex::default(),
            reporting: Mutex::default(),
        }
    }

    /// The budget, for a client of another org.
    pub(super) fn budget(&self) -> &SharedBudget {
        &self.budget
    }

    /// Waits for a permit for a call that has room in its own client; `None` if its bucket has no
    /// limit. `Err` with the time left, at once, if there will be none before the deadline.
    pub(super) async fn permit(
        self: &Arc<Self>,
        sent: Sent,
        deadline: Option<Instant>,
    ) -> Result<Option<Leased>, Duration> {
        let key = self.key(sent);
        if !self.wait(&key, sent, deadline).await? {
            return Ok(None);
        }
        let leased = Leased(key);
        self.report_later();
        Ok(Some(leased))
    }

    /// Waits until the call has a permit, or needs none, which gives false.
    async fn wait(
        &self,
        key: &Key,
        sent: Sent,
        deadline: Option<Instant>,
    ) -> Result<bool, Duration> {
        key.wait();
        let _waiting = Waiting(key);
        loop {
            // Made before looking, so that a change in between is not missed.
            let changed = key.changed.notified();
            let budget = lock(&self.books).budget(sent);
            if matches!(budget.told, Told::NoLimit) {
                return Ok(false);
            }
            match key.step(&budget) {
                Step::Go => return Ok(true),
                Step::Ask { wanted, held } => {
                    let _asking = Asking(key);
                    self.ask(key, sent, wanted, held).await;
                }
                Step::Wait(until) => {
                    within(deadline, until)?;
                    change_or(changed, until).await;
                }
            }
        }
    }

    async fn ask(&self, key: &Key, sent: Sent, wanted: u64, held: u64) {
        match self.lease(&key.name, sent, wanted, held).await {
            Ok(lease) => {
                if key.answered(lease, held) {
                    tracing::info!(bucket = key.name, "the shared rate budget is back");
                }
            }
            Err(error) => self.lost(key, &error),
        }
    }

    fn lost(&self, key: &Key, error: &Error) {
        if key.lose_budget() {
            tracing::warn!(
                bucket = key.name,
                %error,
                "the shared rate budget cannot be reached; pacing without it"
            );
        }
    }

    async fn lease(&self, name: &str, sent: Sent, wanted: u64, held: u64) -> Result<Lease, Error> {
        let request = LeaseRequest::new(&self.org, name, &self.holder)
            .held(held)
            .window(self.window(sent))
            .wanted(wanted);
        self.budget.lease(request).await
    }

    fn window(&self, sent: Sent) -> Option<BudgetWindow> {
        let budget = lock(&self.books).budget(sent);
        let window = budget.window()?;
        let usable = window.usable(self.share);
        Some(BudgetWindow {
            limit: usable,
            remaining: window
                .remaining
                .saturating_sub(window.limit.saturating_sub(usable)),
            reset: window.reset,
            left: window.ends?.checked_duration_since(Instant::now())?,
        })
    }

    fn key(&self, sent: Sent) -> Arc<Key> {
        let name = lock(&self.books).name(sent);
        let mut keys = lock(&self.keys);
        if let Some((key, path)) = keys.get_mut(&name) {
            *path = sent;
            return Arc::clone(key);
        }
        let key = Arc::new(Key::new(&name));
        keys.insert(name, (Arc::clone(&key), sent));
        key
    }

    /// Lets a task report until there is nothing left to report.
    fn report_later(self: &Arc<Self>) {
        if std::mem::replace(&mut *lock(&self.reporting), true) {
            return;
        }
        let shared = Arc::downgrade(self);
        let task = async move {
            loop {
                sleep(REPORT).await;
                let Some(shared) = shared.upgrade() else {
                    return;
                };
                if !shared.report().await {
                    return;
                }
            }
        };
        tokio::spawn(task.in_current_span());
    }

    /// Reports once; false if nothing is used any more.
    async fn report(&self) -> bool {
        let keys: Vec<_> = lock(&self.keys).values().cloned().collect();
        for (key, sent) in keys {
            let Some(held) = key.report() else {
                continue;
            };
            match self.lease(&key.name, sent, 0, held).await {
                Ok(lease) => key.noted(lease, held),
                Err(error) => self.lost(&key, &error),
            }
        }
        let mut keys = lock(&self.keys);
        // Nobody has a key that only the table has.
        keys.retain(|_, (key, _)| key.is_used() || Arc::strong_count(key) > 1);
        let is_used = keys.values().any(|(key, _)| key.is_used());
        *lock(&self.reporting) = is_used;
        is_used
    }
}
