//! Whether to send a request again, and when.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::http::rate_limit;
use crate::http::transport::Broken;

/// First wait after a failure that names none; it doubles from one retry to the next.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// Least wait for a rate limit window to end: both clocks count whole seconds, so "now" may be
/// up to a second away.
const LEAST_RESET_WAIT: Duration = Duration::from_secs(1);

/// How long and how often to try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    /// Retries after the first sending.
    pub(crate) max_retries: u32,
    /// Longest single wait.
    pub(crate) max_backoff: Duration,
}

/// What may be done with this request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeatable {
    /// There is a second copy of the request; streamed bodies have none.
    pub(crate) has_copy: bool,
    /// Doing it twice is the same as doing it once.
    pub(crate) idempotent: bool,
}

/// How a sending failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure<'a> {
    Status(StatusCode, &'a HeaderMap),
    Broken(&'a Broken),
}

impl RetryPolicy {
    /// How long to wait before sending again, or `None` to let the failure stand. `retries` have
    /// been made so far; `jitter` in 0..1 spreads clients that failed at the same moment.
    pub(crate) fn wait(
        &self,
        failure: Failure<'_>,
        repeatable: Repeatable,
        retries: u32,
        jitter: f64,
    ) -> Option<Duration> {
        if retries >= self.max_retries || !repeatable.has_copy {
            return None;
        }
        match failure {
            // A 429 was refused unread, so even a POST may be sent again.
            Failure::Status(StatusCode::TOO_MANY_REQUESTS, headers) => {
                Some(match reset_wait(headers) {
                    Some(wait) => wait + Duration::from_secs(1).mul_f64(jitter),
                    None => self.backoff(retries, jitter),
                })
            }
            Failure::Status(status, headers) if repeatable.idempotent && is_transient(status) => {
                rate_limit::retry_after(headers).or_else(|| Some(self.backoff(retries, jitter)))
            }
            Failure::Broken(broken) if repeatable.idempotent || broken.unsent => {
                Some(self.backoff(retries, jitter))
            }
            _ => None,
        }
    }

    /// Doubles with each retry up to the maximum wait; between half and the whole of it.
    fn backoff(&self, retries: u32, jitter: f64) -> Duration {
        let doubled = FIRST_BACKOFF.saturating_mul(2u32.saturating_pow(retries));
        doubled.min(self.max_backoff).mul_f64(0.5 + jitter / 2.0)
    }
}

/// How long a 429 asks to wait: `Retry-After` if a proxy sent one, else until the window ends.
/// `None` if it does not say, which a concurrency limit never does.
pub(crate) fn reset_wait(headers: &HeaderMap) -> Option<Duration> {
    rate_limit::retry_after(headers).or_else(|| {
        let wait = rate_limit::until_reset(headers)?;
        (!rate_limit::is_concurrency_limit(headers)).then_some(wait.max(LEAST_RESET_WAIT))
    })
}

fn is_transient(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::headers;

    const POLICY: RetryPolicy = RetryPolicy {
        max_retries: 3,
        max_backoff: Duration::from_secs(90),
    };
    const SAFE: Repeatable = Repeatable {
        has_copy: true,
        idempotent: true,
    };
    const UNSAFE: Repeatable = Repeatable {
        has_copy: true,
        idempotent: false,
    };
    const STREAMED: Repeatable = Repeatable {
        has_copy: false,
        idempotent: true,
    };

    fn after_status(status: u16, pairs: &[(&str, &str)], repeatable: Repeatable) -> Option<f64> {
        let headers = headers(pairs);
        let status = StatusCode::from_u16(status).unwrap_or_default();
        let wait = POLICY.wait(Failure::Status(status, &headers), repeatable, 0, 0.0);
        wait.map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn a_429_waits_for_the_end_of_its_window_whatever_the_method() {
        let date = ("date", "Sun, 09 Sep 2001 01:46:40 GMT");
        let full = ("x-rate-limit-limit", "600");
        for (pairs, seconds) in [
            (
                &[date, full, ("x-rate-limit-reset", "1000000030")][..],
                30.0,
            ),
            (&[date, full, ("x-rate-limit-reset", "1000000000")], 1.0),
            (&[date, full, ("x-rate-limit-reset", "999999000")], 1.0),
            (
                &[
                    date,
                    ("retry-after", "7"),
                    ("x-rate-limit-reset", "1000000030"),
                ],
                7.0,
            ),
            (
                &[
                    date,
                    ("x-rate-limit-limit", "0"),
                    ("x-rate-limit-reset", "1000000060"),
                ],
                0.25,
            ),
            (&[], 0.25),
        ] {
            assert_eq!(after_status(429, pairs, SAFE), Some(seconds));
            assert_eq!(after_status(429, pairs, UNSAFE), Some(seconds));
            assert_eq!(after_status(429, pairs, STREAMED), None);
        }
    }

    #[test]
    fn jitter_adds_to_a_reset_and_stretches_a_backoff() {
        let asked = headers(&[("retry-after", "7")]);
        let wait = |headers, retries| {
            POLICY.wait(
                Failure::Status(StatusCode::TOO_MANY_REQUESTS, headers),
                SAFE,
                retries,
                0.5,
            )
        };
        assert_eq!(wait(&asked, 0), Some(Duration::from_millis(7_500)));
        let silent = HeaderMap::new();
        assert_eq!(wait(&silent, 0), Some(Duration::from_millis(375)));
        assert_eq!(wait(&silent, 2), Some(Duration::from_millis(1_500)));
    }

    #[test]
    fn server_errors_are_repeated_only_where_that_is_safe() {
        for status in [500, 502, 503, 504] {
            assert_eq!(after_status(status, &[], SAFE), Some(0.25), "{status}");
            assert_eq!(after_status(status, &[], UNSAFE), None, "{status}");
            assert_eq!(after_status(status, &[], STREAMED), None, "{status}");
        }
        assert_eq!(after_status(503, &[("retry-after", "3")], SAFE), Some(3.0));
        for status in [301, 400, 401, 403, 404, 409, 501] {
            assert_eq!(after_status(status, &[], SAFE), None, "{status}");
        }
    }

    #[test]
    fn a_broken_exchange_is_repeated_if_unsent_or_safe() {
        for (unsent, repeatable, again) in [
            (true, SAFE, true),
            (true, UNSAFE, true),
            (true, STREAMED, false),
            (false, SAFE, true),
            (false, UNSAFE, false),
        ] {
            let broken = Broken {
                unsent,
                timed_out: false,
                source: "reset".into(),
            };
            let wait = POLICY.wait(Failure::Broken(&broken), repeatable, 0, 0.0);
            assert_eq!(wait.is_some(), again, "{unsent} {repeatable:?}");
        }
    }

    #[test]
    fn retries_end_and_backoff_is_capped() {
        let broken = Broken {
            unsent: true,
            timed_out: false,
            source: "refused".into(),
        };
        assert_eq!(POLICY.wait(Failure::Broken(&broken), SAFE, 3, 0.0), None);
        assert_eq!(POLICY.backoff(40, 1.0), Duration::from_secs(90));
    }
}
