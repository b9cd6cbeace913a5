//! A rate limit that several processes spend together.
//!
//! [`PipelineBuilder::rate_budget`](crate::PipelineBuilder::rate_budget) takes one.

mod memory;

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;

pub use self::memory::MemoryRateBudget;
use crate::{Error, OrgUrl};

/// What a client holds is forgotten this long after its last report.
pub(crate) const LIFE: Duration = Duration::from_secs(10);

/// How long nothing is granted of a bucket of which the first report says that it is in use: what
/// others hold has to be reported first.
pub(crate) const SETTLING: Duration = Duration::from_millis(500);

/// A reset this many seconds before the one that is known is of the window before; one that is
/// further away is of another clock.
pub(crate) const MAX_STRAGGLING: u64 = 60 * 60;

/// A window that is over for one client is over for all, whose clocks differ by less than this.
pub(crate) const PRECISION: Duration = Duration::from_secs(1);

/// Whether an answer tells of a window that ends before the one that is known, at `known`, and still
/// runs. It ends at `reset`, `left` from now. One bucket has no two: its next window ends later by a
/// whole length, which is at least what is left of the one before.
pub(crate) fn runs_beside(known: u64, reset: u64, left: Duration) -> bool {
    let behind = known.checked_sub(reset);
    behind.is_some_and(|behind| behind > 0 && behind < left.as_secs())
}

/// Keeps the count of what several processes have in flight in each of an org's rate limit buckets,
/// so that together they stay within its limit.
///
/// A client asks for permits before it sends ([`PipelineBuilder::rate_budget`]), several at a time
/// where several calls wait. With each question it reports what it holds and what Okta last told it
/// of the window. While the budget cannot be reached, clients pace themselves, each by its part of
/// the limit.
///
/// [`MemoryRateBudget`] is one for the clients of a process, and `RedisRateBudget` of the feature
/// `redis` one for all machines that reach a Redis server.
///
/// [`PipelineBuilder::rate_budget`]: crate::PipelineBuilder::rate_budget
pub trait RateBudget: Debug + Send + Sync + 'static {
    /// Takes note of what `request` reports, and grants what it asks for, all or nothing. Both are
    /// one step: of two clients that ask for the last permit, one obtains it.
    ///
    /// What a client holds must be forgotten some time after its last report, for it may have died.
    ///
    /// # Errors
    /// If the budget cannot be reached.
    fn lease(&self, request: LeaseRequest<'_>)
    -> impl Future<Output = Result<Lease, Error>> + Send;
}

/// What a client reports of a bucket, and how many permits it asks for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LeaseRequest<'a> {
    /// The org.
    pub org: &'a OrgUrl,
    /// The bucket: what Okta publishes it as, or a method and a path template.
    pub bucket: &'a str,
    /// Names the client; no other has this name.
    pub holder: &'a str,
    /// Permits that the client holds: those of calls on their way, and those that it has not used.
    pub held: u64,
    /// What the latest answer told of the window; `None` if there was none, or it is over.
    pub window: Option<BudgetWindow>,
    /// How many more permits it wants; 0 only to report.
    pub wanted: u64,
}

impl<'a> LeaseRequest<'a> {
    /// A report of the client `holder` that it holds nothing of `bucket`, and wants nothing.
    #[must_use]
    pub fn new(org: &'a OrgUrl, bucket: &'a str, holder: &'a str) -> Self {
        Self {
            org,
            bucket,
            holder,
            held: 0,
            window: None,
            wanted: 0,
        }
    }

    /// Sets [`LeaseRequest::held`].
    #[must_use]
    pub fn held(mut self, held: u64) -> Self {
        self.held = held;
        self
    }

    /// Sets [`LeaseRequest::window`].
    #[must_use]
    pub fn window(mut self, window: impl Into<Option<BudgetWindow>>) -> Self {
        self.window = window.into();
        self
    }

    /// Sets [`LeaseRequest::wanted`].
    #[must_use]
    pub fn wanted(mut self, wanted: u64) -> Self {
        self.wanted = wanted;
        self
    }
}

/// A window of a rate limit, as an answer of Okta's told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BudgetWindow {
    /// Requests allowed in it.
    pub limit: u64,
    /// Requests left, by the server's count.
    pub remaining: u64,
    /// Its end in seconds since 1970 by Okta's clock, which names it.
    pub reset: u64,
    /// How long until it ends; never too short.
    pub left: Duration,
}

impl BudgetWindow {
    /// A window of `limit` requests of which `remaining` are left, which ends at `reset`, in seconds
    /// since 1970, in `left`.
    #[must_use]
    pub const fn new(limit: u64, remaining: u64, reset: u64, left: Duration) -> Self {
        Self {
            limit,
            remaining,
            reset,
            left,
        }
    }
}

/// What a [`RateBudget`] answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// Permits granted: as many as were wanted, or none. Before anything is known of a bucket, one.
    pub granted: u64,
    /// Permits that are available now, if none were granted.
    pub available: u64,
    /// How long to wait before there may be more; `None` if that is not known.
    pub wait: Option<Duration>,
    /// Clients that take part, this one included.
    pub holders: u64,
}

impl Lease {
    /// That many permits, with `holders` clients taking part.
    #[must_use]
    pub fn granted(permits: u64, holders: u64) -> Self {
        Self {
            granted: permits,
            available: 0,
            wait: None,
            holders: holders.max(1),
        }
    }

    /// No permits, although `available` are left; more may come after `wait`.
    #[must_use]
    pub fn none(available: u64, wait: impl Into<Option<Duration>>, holders: u64) -> Self {
        Self {
            granted: 0,
            available,
            wait: wait.into(),
            holders: holders.max(1),
        }
    }
}

/// Any [`RateBudget`], shared. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SharedBudget(Arc<dyn Dynamic>);

impl SharedBudget {
    pub(crate) async fn lease(&self, request: LeaseRequest<'_>) -> Result<Lease, Error> {
        self.0.lease(request).await
    }
}

impl<T: RateBudget> From<T> for SharedBudget {
    fn from(budget: T) -> Self {
        Self(Arc::new(budget))
    }
}

/// The twin of [`RateBudget`] that can be a trait object.
trait Dynamic: Debug + Send + Sync {
    fn lease<'a>(&'a self, request: LeaseRequest<'a>) -> BoxFuture<'a, Result<Lease, Error>>;
}

impl<T: RateBudget> Dynamic for T {
    fn lease<'a>(&'a self, request: LeaseRequest<'a>) -> BoxFuture<'a, Result<Lease, Error>> {
        RateBudget::lease(self, request).boxed()
    }
}
