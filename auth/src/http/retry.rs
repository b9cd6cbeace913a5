//! Whether to send a request again, and when.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::error::{ConnectFailure, OktaError};
use crate::http::rate_limit;
use crate::http::transport::{Answer, Broken};

/// First wait after a failure that names none; it doubles from one retry to the next.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// Least wait for a rate limit window to end: both clocks count whole seconds, so "now" may be
/// up to a second away.
const LEAST_RESET_WAIT: Duration = Duration::from_secs(1);

/// How long and how often to try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    /// Retries after the first sending; refusals do not count. 0 turns off both.
    pub(crate) max_retries: u32,
    /// Longest single wait.
    pub(crate) max_backoff: Duration,
}

/// Time that a call without a deadline waits for refusals to end, all in all. A wait that has begun
/// is waited for, so that a window of a minute always ends before the call does.
const LONGEST_REFUSED: Duration = Duration::from_secs(60);

/// Okta's code for what is locked by another request: try again.
const LOCKED: &str = "E0000239";

/// What may be done with this request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeatable {
    /// There is a second copy of the request; streamed bodies have none.
    pub(crate) has_copy: bool,
    /// Doing it twice is the same as doing it once.
    pub(crate) idempotent: bool,
    /// The call ends by itself, however long it is refused.
    pub(crate) has_deadline: bool,
}

/// How a sending failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure<'a> {
    Status(&'a Answer),
    Broken(&'a Broken),
}

/// To send again after this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    pub(crate) wait: Duration,
    /// The request was refused unread.
    refused: bool,
}

/// How often a request was sent again, and why.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Repeats {
    /// After failures.
    retries: u32,
    /// After refusals.
    refusals: u32,
    /// The waits for refusals to end.
    refused_for: Duration,
}

impl Repeats {
    pub(crate) fn count(&mut self, repeat: Repeat) {
        if repeat.refused {
            self.refusals = self.refusals.saturating_add(1);
            self.refused_for = self.refused_for.saturating_add(repeat.wait);
        } else {
            self.retries = self.retries.saturating_add(1);
        }
    }

    /// For whatever reason.
    pub(crate) fn all(&self) -> u32 {
        self.retries.saturating_add(self.refusals)
    }
}

impl RetryPolicy {
    /// How long to wait before sending again, or `None` to let the failure stand, after what
    /// happened `so_far`. `jitter` in 0..1 spreads clients that failed at the same moment.
    pub(crate) fn repeat(
        &self,
        failure: Failure<'_>,
        repeatable: Repeatable,
        so_far: &Repeats,
        jitter: f64,
    ) -> Option<Repeat> {
        if self.max_retries == 0 || !repeatable.has_copy {
            return None;
        }
        match failure {
            Failure::Status(answer) if is_refusal(answer) => {
                (repeatable.has_deadline || so_far.refused_for < LONGEST_REFUSED).then(|| Repeat {
                    wait: self.after_refusal(answer, so_far, jitter),
                    refused: true,
                })
            }
            _ if so_far.retries >= self.max_retries => None,
            failure => self
                .after_failure(failure, repeatable.idempotent, so_far, jitter)
                .map(|wait| Repeat {
                    wait,
                    refused: false,
                }),
        }
    }

    fn after_refusal(&self, answer: &Answer, so_far: &Repeats, jitter: f64) -> Duration {
        match reset_wait(&answer.headers) {
            Some(wait) => wait.max(LEAST_RESET_WAIT) + Duration::from_secs(1).mul_f64(jitter),
            None => self.backoff(so_far.refusals, jitter),
        }
    }

    fn after_failure(
        &self,
        failure: Failure<'_>,
        idempotent: bool,
        so_far: &Repeats,
        jitter: f64,
    ) -> Option<Duration> {
        let backoff = self.backoff(so_far.retries, jitter);
        match failure {
            Failure::Status(answer) if idempotent && is_transient(answer.status) => {
                Some(rate_limit::retry_after(&answer.headers).unwrap_or(backoff))
            }
            Failure::Broken(broken) if idempotent || broken.unsent => {
                let connect = broken.connect_failure();
                (!connect.is_some_and(ConnectFailure::is_final)).then_some(backoff)
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

/// Whether the request was refused unread, so that even a `POST` may be sent again: 429, and 423
/// where another request holds what this one is for.
fn is_refusal(answer: &Answer) -> bool {
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::LOCKED => OktaError::read(&answer.headers, &answer.body).names(LOCKED),
        _ => false,
    }
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
    use proptest::prelude::*;

    use super::*;
    use crate::testing;

    const POLICY: RetryPolicy = RetryPolicy {
        max_retries: 3,
        max_backoff: Duration::from_secs(90),
    };
    const SAFE: Repeatable = Repeatable {
        has_copy: true,
        idempotent: true,
        has_deadline: false,
    };
    const UNSAFE: Repeatable = Repeatable {
        has_copy: true,
        idempotent: false,
        has_deadline: false,
    };
    const STREAMED: Repeatable = Repeatable {
        has_copy: false,
        idempotent: true,
        has_deadline: false,
    };

    fn repeat(answer: &Answer, repeatable: Repeatable, so_far: &Repeats) -> Option<f64> {
        let repeat = POLICY.repeat(Failure::Status(answer), repeatable, so_far, 0.0);
        repeat.map(|repeat| repeat.wait.as_secs_f64())
    }

    fn after_status(status: u16, pairs: &[(&str, &str)], repeatable: Repeatable) -> Option<f64> {
        repeat(
            &testing::answer(status, pairs, ""),
            repeatable,
            &Repeats::default(),
        )
    }

    fn after(retries: u32, refusals: u32, refused_for: u64) -> Repeats {
        Repeats {
            retries,
            refusals,
            refused_for: Duration::from_secs(refused_for),
        }
    }

    #[test]
    fn refusals_use_up_time_and_no_retries() {
        let limited = testing::answer(429, &[("retry-after", "7")], "");
        let failed = testing::answer(503, &[("retry-after", "7")], "");
        let patient = Repeatable {
            has_deadline: true,
            ..UNSAFE
        };
        for (so_far, refused, in_time, retried) in [
            (after(0, 9, 59), Some(7.0), Some(7.0), Some(7.0)),
            (after(0, 9, 60), None, Some(7.0), Some(7.0)),
            (after(3, 9, 0), Some(7.0), Some(7.0), None),
        ] {
            assert_eq!(repeat(&limited, UNSAFE, &so_far), refused, "{so_far:?}");
            assert_eq!(repeat(&limited, patient, &so_far), in_time, "{so_far:?}");
            assert_eq!(repeat(&failed, SAFE, &so_far), retried, "{so_far:?}");
        }
        let off = RetryPolicy {
            max_retries: 0,
            ..POLICY
        };
        let never = off.repeat(Failure::Status(&limited), patient, &Repeats::default(), 0.0);
        assert_eq!(never, None);
    }

    #[test]
    fn each_repeat_is_counted_as_what_it_is() {
        let mut so_far = Repeats::default();
        for (refused, seconds) in [(true, 20), (false, 5), (true, 30)] {
            let wait = Duration::from_secs(seconds);
            so_far.count(Repeat { wait, refused });
        }
        assert_eq!((so_far.retries, so_far.refusals, so_far.all()), (1, 2, 3));
        assert_eq!(so_far.refused_for, Duration::from_secs(50));
    }

    #[test]
    fn a_refusal_that_asks_for_no_time_is_not_answered_at_once() {
        for pairs in [&[("retry-after", "0")][..], &[("retry-after", "-1")], &[]] {
            assert!(after_status(429, pairs, UNSAFE) >= Some(0.25), "{pairs:?}");
        }
    }

    #[test]
    fn what_is_locked_by_another_request_is_asked_for_again() {
        let busy = r#"{"errorCode":"E0000239","errorSummary":"try again"}"#;
        let other = r#"{"errorCode":"E0000001"}"#;
        for (body, pairs, seconds) in [
            (busy, &[][..], Some(0.25)),
            (busy, &[("retry-after", "3")], Some(3.0)),
            (other, &[("retry-after", "3")], None),
            ("", &[], None),
        ] {
            let answer = testing::answer(423, pairs, body);
            for repeatable in [SAFE, UNSAFE] {
                assert_eq!(repeat(&answer, repeatable, &Repeats::default()), seconds);
            }
            assert_eq!(repeat(&answer, STREAMED, &Repeats::default()), None);
        }
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
            (
                &[
                    ("date", "Thu, 01 Jan 1970 00:00:00 GMT"),
                    full,
                    ("x-rate-limit-reset", "1000000030"),
                ],
                0.25,
            ),
            (
                &[
                    ("date", "Thu, 01 Jan 1970 00:00:00 GMT"),
                    ("retry-after", "7"),
                    ("x-rate-limit-reset", "1000000030"),
                ],
                7.0,
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
        let wait = |pairs, refusals| {
            let answer = testing::answer(429, pairs, "");
            let so_far = after(0, refusals, 0);
            let repeat = POLICY.repeat(Failure::Status(&answer), SAFE, &so_far, 0.5);
            repeat.map(|repeat| repeat.wait)
        };
        let asked = [("retry-after", "7")];
        assert_eq!(wait(&asked, 0), Some(Duration::from_millis(7_500)));
        assert_eq!(wait(&[], 0), Some(Duration::from_millis(375)));
        assert_eq!(wait(&[], 2), Some(Duration::from_millis(1_500)));
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
            let none = Repeats::default();
            let repeat = POLICY.repeat(Failure::Broken(&broken), repeatable, &none, 0.0);
            assert_eq!(repeat.is_some(), again, "{unsent} {repeatable:?}");
        }
    }

    #[test]
    fn retries_end_and_backoff_is_capped() {
        let broken = Broken {
            unsent: true,
            timed_out: false,
            source: "refused".into(),
        };
        let last = after(3, 0, 0);
        assert_eq!(
            POLICY.repeat(Failure::Broken(&broken), SAFE, &last, 0.0),
            None
        );
        assert_eq!(POLICY.backoff(40, 1.0), Duration::from_secs(90));
    }

    proptest! {
        /// Whatever the headers say, a wait is no shorter than a quarter of a second and can be
        /// added to a clock.
        #[test]
        fn waits_are_bounded(
            retry_after in prop::option::of("[0-9]{1,25}|[A-Z][a-z]{2}, 31 Dec 9999 23:59:59 GMT|.*"),
            reset in prop::option::of("[0-9]{1,25}|.*"),
            limit in prop::option::of("[0-9]{1,3}"),
            jitter in 0.0..1.0_f64,
            refusals in any::<u32>(),
        ) {
            let pairs: Vec<_> = [
                ("retry-after", &retry_after),
                ("x-rate-limit-reset", &reset),
                ("x-rate-limit-limit", &limit),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
            .collect();
            let answer = testing::answer(429, &pairs, "");
            let so_far = after(0, refusals, 0);
            let repeat = POLICY.repeat(Failure::Status(&answer), UNSAFE, &so_far, jitter);
            let wait = repeat.map(|repeat| repeat.wait).unwrap_or_default();
            prop_assert!(wait >= Duration::from_millis(250));
            prop_assert!(std::time::Instant::now().checked_add(wait).is_some());
        }
    }
}
