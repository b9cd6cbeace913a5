//! Rate-limit buckets, <https://developer.okta.com/docs/reference/rate-limits/>.

mod buckets;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::error::Error;
use buckets::{BUCKETS, Bucket, OTHERS};

/// How many requests the org takes. Requests count in the bucket of their method and path, as Okta
/// publishes them: <https://developer.okta.com/docs/reference/rl-global-mgmt/>. The buckets are
///
/// - `/api/v1/apps/{id}` and `/api/v1/apps*`, where the star is all below;
/// - `/api/v1/groups/{id}` and `/api/v1/groups*`;
/// - `GET|POST /api/v1/users`;
/// - `GET /api/v1/users/{id}` and `POST|PUT|DELETE /api/v1/users/{id}`, without what is below;
/// - `/api/v1/logs`, `/api/v1/org/email/bounces/remove-list`, `/api/v1/devices*` and
///   `/oauth2/v1/clients*`;
/// - `/api/v1` for everything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RateLimits {
    /// Requests in a window, for every bucket that `buckets` does not name.
    pub limit: u32,
    /// How long a window lasts, in seconds, from 1.
    pub window_seconds: u32,
    /// Requests in a window by bucket. A path without methods is all buckets of this path.
    pub buckets: BTreeMap<String, u32>,
}

impl Default for RateLimits {
    /// Ten thousand requests a minute in every bucket: out of the way, unless a test asks.
    fn default() -> Self {
        Self {
            limit: 10_000,
            window_seconds: 60,
            buckets: BTreeMap::new(),
        }
    }
}

impl RateLimits {
    /// `limit` requests in `window_seconds` for every bucket.
    pub fn new(limit: u32, window_seconds: u32) -> Self {
        Self {
            limit,
            window_seconds,
            buckets: BTreeMap::new(),
        }
    }

    /// Another limit for one bucket, such as `GET /api/v1/users/{id}`, or for all of a path, such as
    /// `/api/v1/users/{id}`.
    #[must_use]
    pub fn bucket(mut self, bucket: &str, limit: u32) -> Self {
        self.buckets.insert(bucket.to_owned(), limit);
        self
    }

    /// Finds what no org could keep to.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.window_seconds == 0 {
            return Err(refused("a window lasts a second or more"));
        }
        let unknown = self.buckets.keys().find(|name| !buckets::is_known(name));
        match unknown {
            Some(name) => {
                let names: Vec<String> =
                    BUCKETS.iter().chain([&OTHERS]).map(Bucket::name).collect();
                let names = names.join(", ");
                Err(refused(format!(
                    "there is no bucket {name}; there are {names}"
                )))
            }
            None => Ok(()),
        }
    }

    fn of(&self, bucket: &Bucket) -> u32 {
        let named = self.buckets.get(&bucket.name());
        let limit = named.or_else(|| self.buckets.get(bucket.path));
        limit.copied().unwrap_or(self.limit)
    }
}

fn refused(reason: impl Into<String>) -> Error {
    Error::RateLimits {
        reason: reason.into(),
    }
}

/// What the headers of an answer say about its bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds since the epoch.
    pub(crate) reset: i64,
    /// Whether this request was one too many.
    pub(crate) exceeded: bool,
}

/// The buckets and how full they are.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: RateLimits,
    windows: HashMap<&'static Bucket, Window>,
}

#[derive(Debug)]
struct Window {
    limit: u32,
    reset: i64,
    used: u32,
}

impl Limiter {
    pub(crate) fn new(limits: RateLimits) -> Self {
        Self {
            limits,
            windows: HashMap::new(),
        }
    }

    /// Counts a request.
    pub(crate) fn count(&mut self, method: &str, path: &str, now: Timestamp) -> Standing {
        let bucket = buckets::of(method, path);
        let (now, length) = (now.epoch_seconds(), i64::from(self.limits.window_seconds));
        let Self { limits, windows } = self;
        let window = windows.entry(bucket).or_insert_with(|| Window {
            limit: limits.of(bucket),
            reset: now + length,
            used: 0,
        });
        if now >= window.reset {
            window.reset = now + length;
            window.used = 0;
        }
        let exceeded = window.used >= window.limit;
        if !exceeded {
            window.used += 1;
        }
        Standing {
            limit: window.limit,
            remaining: window.limit - window.used,
            reset: window.reset,
            exceeded,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use chrono::DateTime;

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn a_bucket_fills_and_the_next_window_empties_it() {
        let clock = Clock::fixed(DateTime::from_timestamp(1_000, 0).unwrap());
        let mut limiter = Limiter::new(RateLimits::new(2, 60));
        let mut count = || {
            let standing = limiter.count("GET", "/api/v1/users", clock.stamp());
            assert_eq!(standing.limit, 2);
            (standing.remaining, standing.reset, standing.exceeded)
        };
        assert_eq!(count(), (1, 1_060, false));
        assert_eq!(count(), (0, 1_060, false));
        assert_eq!(count(), (0, 1_060, true));
        clock.advance(Duration::from_secs(60));
        assert_eq!(count(), (1, 1_120, false));
    }

    #[test]
    fn a_bucket_can_have_its_own_limit() {
        let clock = Clock::fixed(DateTime::from_timestamp(1_000, 0).unwrap());
        let limits = RateLimits::new(2, 60)
            .bucket("/api/v1/users", 9)
            .bucket("/api/v1/users/{id}", 8)
            .bucket("GET /api/v1/users/{id}", 7);
        limits.check().unwrap();
        let mut limiter = Limiter::new(limits);
        for (method, path, limit) in [
            ("GET", "/api/v1/users", 9),
            ("GET", "/api/v1/users/00u1", 7),
            ("POST", "/api/v1/users/00u1", 8),
            ("GET", "/api/v1/users/00u1/groups", 2),
        ] {
            assert_eq!(
                limiter.count(method, path, clock.stamp()).limit,
                limit,
                "{path}"
            );
        }
    }

    #[test]
    fn limits_that_cannot_be_kept_are_named() {
        let error = RateLimits::new(2, 0).check().unwrap_err().to_string();
        assert!(error.contains("a second or more"), "{error}");
        let typo = RateLimits::new(2, 1).bucket("/api/v1/user", 1);
        let error = typo.check().unwrap_err().to_string();
        assert!(error.contains("no bucket /api/v1/user;"), "{error}");
        assert!(error.contains("GET|POST /api/v1/users,"), "{error}");
        RateLimits::new(2, 1).bucket("/api/v1", 1).check().unwrap();
    }
}
