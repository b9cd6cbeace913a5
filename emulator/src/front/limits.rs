//! The rate limit headers of an answer.

use crate::clock::Timestamp;
use crate::faults::{Fault, RateLimitShape};
use crate::rate_limits::Standing;

pub(super) type LimitHeaders = Vec<(&'static str, i64)>;

const LIMIT: &str = "x-rate-limit-limit";
const REMAINING: &str = "x-rate-limit-remaining";
const RESET: &str = "x-rate-limit-reset";

/// How long a concurrency limit suggests to wait, in seconds; a bucket's reset is the end of its
/// window.
const PAUSE: i64 = 1;

/// What the headers say, with the fault of the request if there is one. `now` is the time that the
/// answer tells.
pub(super) fn headers(fault: Option<&Fault>, standing: Standing, now: Timestamp) -> LimitHeaders {
    match fault {
        Some(Fault::RateLimited(shape)) => shaped(*shape, standing, now),
        Some(Fault::ClockSkew(seconds)) => of(Standing {
            reset: standing.reset + i64::from(*seconds),
            ..standing
        }),
        _ => of(standing),
    }
}

fn of(standing: Standing) -> LimitHeaders {
    vec![
        (LIMIT, standing.limit.into()),
        (REMAINING, standing.remaining.into()),
        (RESET, standing.reset),
    ]
}

fn shaped(shape: RateLimitShape, standing: Standing, now: Timestamp) -> LimitHeaders {
    let exhausted = Standing {
        remaining: 0,
        ..standing
    };
    let soon = Standing {
        reset: now.epoch_seconds() + PAUSE,
        ..exhausted
    };
    match shape {
        RateLimitShape::Bucket => of(exhausted),
        RateLimitShape::Brief => of(soon),
        RateLimitShape::Concurrency => of(Standing { limit: 0, ..soon }),
        RateLimitShape::NoHeaders => Vec::new(),
        RateLimitShape::TwoResets => {
            let mut headers = of(exhausted);
            headers.insert(2, (RESET, standing.reset + 60));
            headers
        }
        RateLimitShape::Repeated => [of(exhausted), of(exhausted)].concat(),
    }
}
