//! What is remembered of failures, so that a server in trouble is not asked by everyone.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::{Clock, Error};

/// The wait after a first failure, and the longest: each further failure doubles it.
const PASSING: Waits = Waits {
    first: Duration::from_secs(10),
    longest: Duration::from_secs(60),
};

/// The same after OAuth's refusals, which only a change of settings at the server ends.
const FINAL: Waits = Waits {
    first: Duration::from_secs(60),
    longest: Duration::from_secs(5 * 60),
};

/// Maximum wait that a server may ask for.
const LONGEST_ASKED_FOR: Duration = Duration::from_secs(10 * 60);

/// Waits are longer by up to this part, so that processes that failed together ask apart.
const JITTER: f64 = 0.2;

/// OAuth's errors that the same request meets again (RFC 6749, section 5.2; RFC 8707).
const FINAL_CODES: [&str; 9] = [
    "access_denied",
    // Okta's, for a scope that the client was not granted.
    "consent_required",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_target",
    "unauthorized_client",
    "unsupported_grant_type",
];

struct Waits {
    first: Duration,
    longest: Duration,
}

/// The failure that came last, until something succeeds: a circuit breaker. Its time is that of
/// the clock it was given.
#[derive(Debug)]
pub(super) struct FailureMemory {
    clock: Clock,
    last: Mutex<Option<Failure>>,
}

#[derive(Debug)]
struct Failure {
    error: Error,
    /// How many there were since the last success.
    times: u32,
    at: SystemTime,
    wait: Duration,
}

/// Whether a server may be asked.
#[derive(Debug)]
pub(super) enum Standing {
    /// It may: nothing has failed.
    Good,
    /// It may, to find out whether it has recovered from this failure.
    Probing(Error),
    /// It may not yet: it has just failed like this.
    Waiting(Error),
}

impl FailureMemory {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            last: Mutex::default(),
        }
    }

    pub(super) fn standing(&self) -> Standing {
        let now = self.clock.now();
        match &*self.last() {
            None => Standing::Good,
            Some(failure) if failure.is_over(now) => Standing::Probing(failure.error.clone()),
            Some(failure) => Standing::Waiting(failure.error.clone()),
        }
    }

    /// Remembers `error`, or forgets those before if there is none.
    pub(super) fn note(&self, error: Option<&Error>) {
        let now = self.clock.now();
        let mut last = self.last();
        let before = last.take().map_or(0, |failure| failure.times);
        *last = error.map(|error| Failure {
            error: error.clone(),
            times: before.saturating_add(1),
            at: now,
            wait: wait(error, before, fastrand::f64()),
        });
    }

    fn last(&self) -> MutexGuard<'_, Option<Failure>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Failure {
    /// A failure from the future means that the clock was set back: its age is unknown.
    fn is_over(&self, now: SystemTime) -> bool {
        now.duration_since(self.at)
            .map_or(true, |passed| passed >= self.wait)
    }
}

/// How long to wait after `error`, which `before` others went before; `jitter` is in 0..1.
fn wait(error: &Error, before: u32, jitter: f64) -> Duration {
    let is_final = error.code().is_some_and(|code| FINAL_CODES.contains(&code));
    let waits = if is_final { FINAL } else { PASSING };
    let grown = waits
        .first
        .saturating_mul(2_u32.saturating_pow(before))
        .min(waits.longest);
    let asked_for = error.retry_after().unwrap_or_default();
    grown
        .max(asked_for.min(LONGEST_ASKED_FOR))
        .mul_f64(1.0 + JITTER * jitter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::answer;

    fn oauth(code: &str) -> Error {
        Error::oauth("refused", code, None)
    }

    #[test]
    fn waits_grow_up_to_a_minute_and_those_after_a_refusal_up_to_five() {
        let seconds = |error: &Error| {
            let waits = [0, 1, 2, 3, u32::MAX].map(|before| wait(error, before, 0.0));
            waits.map(|wait| wait.as_secs())
        };
        assert_eq!(seconds(&Error::timeout("down")), [10, 20, 40, 60, 60]);
        assert_eq!(seconds(&oauth("slow_down")), [10, 20, 40, 60, 60]);
        for code in FINAL_CODES {
            assert_eq!(seconds(&oauth(code)), [60, 120, 240, 300, 300], "{code}");
        }
        let wrapped = Error::no_credentials(oauth("invalid_client"));
        assert_eq!(seconds(&wrapped), [60, 120, 240, 300, 300]);
    }

    #[test]
    fn waits_are_spread_upwards() {
        let spread = |jitter| wait(&Error::timeout("down"), 0, jitter).as_secs_f64();
        assert!(spread(0.99) > 11.9 && spread(0.99) < 12.0 && spread(0.5) > 10.9);
    }

    #[test]
    fn a_server_may_ask_for_more_but_not_for_ever() {
        let limited = |reset: &str| {
            let headers = [
                ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
                ("x-rate-limit-limit", "600"),
                ("x-rate-limit-reset", reset),
            ];
            Error::from_answer(answer(429, &headers, "{}"))
        };
        assert_eq!(wait(&limited("1000000045"), 0, 0.0).as_secs(), 45);
        assert_eq!(wait(&limited("1000080000"), 0, 0.0).as_secs(), 600);
        assert_eq!(wait(&limited("9000000000"), 0, 0.0).as_secs(), 10);
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nobody_up() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let failure = Failure {
            error: Error::timeout("down"),
            times: 1,
            at: at(1000),
            wait: Duration::from_secs(10),
        };
        assert!(!failure.is_over(at(1000)) && !failure.is_over(at(1009)));
        assert!(failure.is_over(at(1010)) && failure.is_over(at(999)));
    }
}
