//! What the rate limit headers of a response say.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName};

use crate::clock::server_date;

/// Longest time that a response may ask for. Far above any window of Okta's; it keeps a nonsense
/// number from overflowing a clock.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Longest time until a window ends. Okta's windows last a minute: a reset that is further away was
/// held against a wrong `Date`, or is none.
const LONGEST_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// The state of one of Okta's rate limit buckets, as a response told it.
///
/// Source: <https://developer.okta.com/docs/reference/rl-best-practices/>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in a window; 0 when the limit on concurrent requests was hit.
    pub limit: u64,
    /// Requests left in this window.
    pub remaining: u64,
    /// When the window ends, in seconds since 1970 by the server's clock.
    pub reset: u64,
}

impl RateLimit {
    /// Reads `X-Rate-Limit-Limit`, `-Remaining` and `-Reset`. Where a header is repeated, the
    /// smallest value counts. `None` if one of the three is missing or not a number.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        Some(Self {
            limit: smallest(headers, &LIMIT)?,
            remaining: smallest(headers, &REMAINING)?,
            reset: smallest(headers, &RESET)?,
        })
    }
}

/// What a response tells of the window that it counted in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToldWindow {
    pub(crate) limits: RateLimit,
    /// As [`until_reset`].
    pub(crate) left: Duration,
    /// The `Date` of the response, in seconds since 1970.
    pub(crate) date: Option<u64>,
}

impl ToldWindow {
    /// `None` if the headers do not say it, or something that cannot be.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let limits = RateLimit::from_headers(headers)?;
        let date = server_date(headers).map(epoch_seconds);
        let now = date.unwrap_or_else(|| epoch_seconds(SystemTime::now()));
        Some(Self {
            limits,
            left: between(now, limits.reset)?,
            date,
        })
    }
}

/// Whether a 429 with these headers is about requests at the same time, not requests per window:
/// Okta then sends a limit of 0, and a reset that means nothing.
pub(crate) fn is_concurrency_limit(headers: &HeaderMap) -> bool {
    smallest(headers, &LIMIT) == Some(0)
}

/// How long until the window ends, by the server's own clock. Both times are whole seconds, the
/// server's rounded down, so this is never too short. `None` if the headers do not say it, or
/// something that cannot be.
pub(crate) fn until_reset(headers: &HeaderMap) -> Option<Duration> {
    let reset = smallest(headers, &RESET)?;
    between(epoch_seconds(server_time(headers)), reset)
}

fn between(now: u64, reset: u64) -> Option<Duration> {
    let left = Duration::from_secs(reset.saturating_sub(now));
    Some(left).filter(|left| *left <= LONGEST_WINDOW)
}

/// What `Retry-After` asks for: seconds, or a date held against the server's clock (RFC 9110,
/// section 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let wait = date.duration_since(server_time(headers));
    Some(wait.unwrap_or_default().min(LONGEST))
}

/// The `Date` of the response; the local clock if it has none.
fn server_time(headers: &HeaderMap) -> SystemTime {
    server_date(headers).unwrap_or_else(SystemTime::now)
}

fn epoch_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

/// The smallest number among all lines of a header and all comma-separated parts of a line.
fn smallest(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().parse().ok())
        .min()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::headers;

    #[test]
    fn repeated_headers_count_by_their_smallest_value() {
        let headers = headers(&[
            ("x-rate-limit-limit", "600"),
            ("x-rate-limit-remaining", "7, 3"),
            ("x-rate-limit-reset", "1000000060"),
            ("x-rate-limit-reset", "1000000020"),
            ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
        ]);
        let expected = RateLimit {
            limit: 600,
            remaining: 3,
            reset: 1_000_000_020,
        };
        assert_eq!(RateLimit::from_headers(&headers), Some(expected));
        assert_eq!(until_reset(&headers), Some(Duration::from_secs(20)));
    }

    #[test]
    fn a_missing_or_odd_header_gives_nothing() {
        for pairs in [
            &[][..],
            &[
                ("x-rate-limit-limit", "600"),
                ("x-rate-limit-remaining", "1"),
            ],
            &[
                ("x-rate-limit-limit", "many"),
                ("x-rate-limit-remaining", "1"),
                ("x-rate-limit-reset", "2"),
            ],
        ] {
            assert_eq!(RateLimit::from_headers(&headers(pairs)), None);
        }
    }

    #[test]
    fn a_reset_in_the_past_is_no_wait() {
        let headers = headers(&[
            ("x-rate-limit-reset", "999999999"),
            ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
        ]);
        assert_eq!(until_reset(&headers), Some(Duration::ZERO));
    }

    #[test]
    fn a_reset_that_is_more_than_a_day_away_says_nothing() {
        for (reset, date, seconds) in [
            ("1000086400", "Sun, 09 Sep 2001 01:46:40 GMT", Some(86_400)),
            ("1000086401", "Sun, 09 Sep 2001 01:46:40 GMT", None),
            ("1000000060", "Thu, 01 Jan 1970 00:00:00 GMT", None),
            (
                "18446744073709551615",
                "Sun, 09 Sep 2001 01:46:40 GMT",
                None,
            ),
        ] {
            let headers = headers(&[("x-rate-limit-reset", reset), ("date", date)]);
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(until_reset(&headers), expected, "{reset} {date}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let date = ("date", "Sun, 09 Sep 2001 01:46:40 GMT");
        for (value, seconds) in [
            ("12", Some(12)),
            ("Sun, 09 Sep 2001 01:46:45 GMT", Some(5)),
            ("Sun, 09 Sep 2001 01:46:30 GMT", Some(0)),
            ("18446744073709551615", Some(LONGEST.as_secs())),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(LONGEST.as_secs())),
            ("soon", None),
        ] {
            let headers = headers(&[("retry-after", value), date]);
            assert_eq!(
                retry_after(&headers),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
    }
}
