//! A rate budget of all processes that share a Redis.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::{Script, ScriptInvocation};

use super::connection::{RedisConnection, milliseconds};
use crate::Error;
use crate::budget::{Lease, LeaseRequest, RateBudget};
use crate::http::budget::{LIFE, MAX_STRAGGLING, PRECISION, SETTLING};

/// The largest whole number that Redis's scripts count with.
const MOST: u64 = 1 << 53;

/// Lets all processes and machines that share a Redis spend an org's rate limits together: they use
/// each limit to its end, and meet no 429.
///
/// Give it to each client ([`PipelineBuilder::rate_budget`]). A client asks Redis for up to 16
/// permits at a time, and four times a second tells what it holds: one script, by Redis's own clock.
/// What a process holds that dies is free again after ten seconds. While Redis is away, which a
/// warning says, each client keeps to its part of the limit, by the number of clients that there
/// were.
///
/// Each bucket takes three keys, which Redis forgets ten minutes after their last use.
///
/// [`PipelineBuilder::rate_budget`]: crate::PipelineBuilder::rate_budget
///
/// ```no_run
/// use okta_auth::redis::{RedisConnection, RedisRateBudget};
/// use okta_auth::{ApiToken, Error, OrgUrl, Pipeline};
///
/// # fn run(redis: RedisConnection, org: OrgUrl, token: ApiToken) -> Result<(), Error> {
/// let pipeline = Pipeline::builder(org, token)
///     .rate_budget(RedisRateBudget::new(&redis))
///     .build()?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct RedisRateBudget {
    redis: RedisConnection,
    script: Arc<Script>,
}

impl RedisRateBudget {
    /// Counts over `redis`.
    #[must_use]
    pub fn new(redis: &RedisConnection) -> Self {
        Self {
            redis: redis.clone(),
            script: Arc::new(Script::new(include_str!("rate_budget.lua"))),
        }
    }

    /// The keys of a bucket; the braces keep them on one node of a cluster.
    fn invocation(&self, request: &LeaseRequest<'_>) -> ScriptInvocation<'_> {
        let mut script = self.script.prepare_invoke();
        for part in ["window", "held", "reported"] {
            let name = format!("{{{} {}}}:{part}", request.org, request.bucket);
            script.key(self.redis.key("rate", &name));
        }
        script
    }
}

impl RateBudget for RedisRateBudget {
    async fn lease(&self, request: LeaseRequest<'_>) -> Result<Lease, Error> {
        let mut script = self.invocation(&request);
        script.arg(request.holder);
        script.arg(request.held).arg(request.wanted);
        for time in [LIFE, SETTLING, PRECISION] {
            script.arg(milliseconds(time));
        }
        script.arg(MAX_STRAGGLING);
        if let Some(window) = request.window {
            for number in [window.limit, window.remaining, window.reset] {
                script.arg(number.min(MOST));
            }
            script.arg(milliseconds(window.left));
        }
        let (granted, available, wait, holders) = self.redis.evaluate(&script).await?;
        let wait: i64 = wait;
        let wait = u64::try_from(wait).ok().map(Duration::from_millis);
        Ok(match granted {
            0 if request.wanted > 0 => Lease::none(available, wait, holders),
            granted => Lease::granted(granted, holders),
        })
    }
}

impl fmt::Debug for RedisRateBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RedisRateBudget").field(&self.redis).finish()
    }
}
