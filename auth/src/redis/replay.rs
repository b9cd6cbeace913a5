//! Ids that are good once, over all processes that share a Redis.

use std::time::Duration;

use super::connection::RedisConnection;
use crate::Error;
use crate::jose::base64url;
use crate::verifier::{ReplayCache, SeenId};

/// How much longer an id is remembered than its verifier says: another one, whose clock is behind,
/// takes it for so much longer.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

/// Remembers in Redis which DPoP proofs and logout tokens were taken, so that each is good once
/// for all processes that share the server.
///
/// An id costs one command and some 150 bytes of Redis until it ends. It is remembered a minute
/// longer, since the clocks of the processes differ; Redis's own clock does not matter. When Redis
/// cannot be asked, nothing is taken: the verifier's error is
/// [`VerifyError::ReplayCache`](crate::verifier::VerifyError::ReplayCache), an answer of 503.
///
/// Redis must not forget what it was told: set its `maxmemory-policy` to `noeviction`. Ids that
/// a replica had not yet received when it takes over are good a second time.
///
/// ```no_run
/// use okta_auth::redis::{RedisConnection, RedisReplayCache};
/// use okta_auth::verifier::DpopChecks;
///
/// # fn run(redis: RedisConnection) {
/// let checks = DpopChecks::new().replay_cache(RedisReplayCache::new(&redis));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RedisReplayCache(RedisConnection);

impl RedisReplayCache {
    /// Remembers over `redis`.
    #[must_use]
    pub fn new(redis: &RedisConnection) -> Self {
        Self(redis.clone())
    }
}

impl ReplayCache for RedisReplayCache {
    async fn insert(&self, seen: SeenId) -> Result<bool, Error> {
        let key = self.0.key("once", &base64url::encode(seen.id));
        let life = seen.lifetime().saturating_add(CLOCKS_DIFFER);
        self.0.claim(key, "1", life).await
    }
}
