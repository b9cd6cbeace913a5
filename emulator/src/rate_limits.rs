//! Rate-limit buckets, <https://developer.okta.com/docs/reference/rate-limits/>.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::clock::Timestamp;

/// How many requests the org takes. Requests count in the bucket of their path: `/api/v1/users`
/// for the collection, `/api/v1/users/{id}` for one user and all below, likewise for groups,
/// apps, logs and iam; `/api/v1` for everything else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RateLimits {
    /// Requests in a window, for every bucket that `buckets` does not name.
    pub limit: u32,
    /// How long a window lasts, in seconds.
    pub window_seconds: u32,
    /// Requests in a window by bucket.
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

    /// Another limit for one bucket, such as `/api/v1/users`.
    #[must_use]
    pub fn bucket(mut self, bucket: &str, limit: u32) -> Self {
        self.buckets.insert(bucket.to_owned(), limit);
        self
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
    windows: HashMap<String, Window>,
}

#[derive(Debug)]
struct Window {
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

    /// Counts a request to `path`.
    pub(crate) fn count(&mut self, path: &str, now: Timestamp) -> Standing {
        let bucket = bucket(path);
        let limit = self
            .limits
            .buckets
            .get(&bucket)
            .copied()
            .unwrap_or(self.limits.limit);
        let (now, length) = (now.epoch_seconds(), i64::from(self.limits.window_seconds));
        let window = self.windows.entry(bucket).or_insert(Window {
            reset: now + length,
            used: 0,
        });
        if now >= window.reset {
            *window = Window {
                reset: now + length,
                used: 0,
            };
        }
        let exceeded = window.used >= limit;
        if !exceeded {
            window.used += 1;
        }
        Standing {
            limit,
            remaining: limit - window.used,
            reset: window.reset,
            exceeded,
        }
    }
}

fn bucket(path: &str) -> String {
    let mut parts = path.strip_prefix("/api/v1/").unwrap_or_default().split('/');
    match parts.next() {
        Some(family @ ("users" | "groups" | "apps" | "logs" | "iam")) => {
            let id = if parts.next().is_some() { "/{id}" } else { "" };
            format!("/api/v1/{family}{id}")
        }
        _ => "/api/v1".to_owned(),
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
    fn paths_share_buckets_by_family() {
        for (path, expected) in [
            ("/api/v1/users", "/api/v1/users"),
            ("/api/v1/users/00u1", "/api/v1/users/{id}"),
            (
                "/api/v1/users/00u1/lifecycle/activate",
                "/api/v1/users/{id}",
            ),
            ("/api/v1/apps/0oa1", "/api/v1/apps/{id}"),
            ("/api/v1/logs", "/api/v1/logs"),
            ("/api/v1/zones", "/api/v1"),
            ("/", "/api/v1"),
        ] {
            assert_eq!(bucket(path), expected, "{path}");
        }
    }

    #[test]
    fn a_bucket_fills_and_the_next_window_empties_it() {
        let clock = Clock::fixed(DateTime::from_timestamp(1_000, 0).unwrap());
        let mut limiter = Limiter::new(RateLimits::new(2, 60));
        let mut count = || {
            let standing = limiter.count("/api/v1/users", clock.stamp());
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
        let mut limiter = Limiter::new(RateLimits::new(2, 60).bucket("/api/v1/users", 9));
        assert_eq!(limiter.count("/api/v1/users", clock.stamp()).limit, 9);
        assert_eq!(limiter.count("/api/v1/users/00u1", clock.stamp()).limit, 2);
    }
}
