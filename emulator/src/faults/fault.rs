//! The kinds of failure.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::chance::Chance;
use super::error_code::ErrorCode;

/// The longest latency: an hour.
const LONGEST: Duration = Duration::from_secs(3600);

/// One kind of failure.
///
/// In JSON and YAML it is its name in camel case, with what it needs: `"connectionReset"`,
/// `{"latency": 50}`, `{"uniformLatency": {"from": 10, "to": 90}}`,
/// `{"serverError": {"status": 503, "body": "html"}}`, `{"oktaError": "E0000011"}`,
/// `{"rateLimited": "concurrency"}`. Latencies are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// The answer comes this much later.
    Latency(#[serde(with = "millis")] Duration),
    /// The answer comes later by anything between these two.
    UniformLatency {
        /// The shortest latency.
        #[serde(with = "millis")]
        from: Duration,
        /// The longest latency.
        #[serde(with = "millis")]
        to: Duration,
    },
    /// The answer comes a little later as a rule and much later at times: latencies are exponentially
    /// distributed.
    ExponentialLatency {
        /// The mean of the distribution.
        #[serde(with = "millis")]
        mean: Duration,
        /// The longest latency; longer ones are this long.
        #[serde(with = "millis")]
        max: Duration,
    },
    /// The connection is reset (TCP RST) before the org has seen the request.
    ConnectionReset,
    /// The org does what was asked, then the connection is reset: the caller cannot tell this
    /// from [`Fault::ConnectionReset`].
    ResponseLost,
    /// The request is answered as usual. The connection then looks as if it could be used again, and
    /// is reset when it is.
    StaleConnection,
    /// The org does what was asked; the answer breaks off in the middle of its body.
    TruncatedBody,
    /// The org does what was asked; in place of JSON the answer has a page for people, as some proxies
    /// write it, with its status and content type as they were.
    NotJson,
    /// The org does what was asked; the first text of the JSON answer ends in half a surrogate pair,
    /// `\ud83d`, which no Unicode string can hold.
    LoneSurrogate,
    /// The org does nothing and answers with this status (500 to 599).
    ServerError {
        /// The HTTP status.
        #[serde(deserialize_with = "server_status")]
        status: u16,
        /// What the body is.
        #[serde(default)]
        body: ErrorBody,
    },
    /// The org does nothing and answers with this error of Okta's, under its status.
    OktaError(ErrorCode),
    /// The org does nothing and answers 429.
    RateLimited(RateLimitShape),
    /// The org's clock is ahead by these seconds, or behind if they are negative: so say `Date` and
    /// `X-Rate-Limit-Reset` of the answer.
    ClockSkew(i32),
    /// The access token of the request expires before it is looked at. A request with the API token is
    /// refused once with `E0000011`.
    TokenExpired,
    /// The authorization servers sign with new keys from this request on, and no longer publish the
    /// old ones.
    KeysRotated,
}

impl Fault {
    pub(super) fn is_latency(&self) -> bool {
        matches!(
            self,
            Self::Latency(_) | Self::UniformLatency { .. } | Self::ExponentialLatency { .. }
        )
    }

    /// How long a latency is.
    pub(super) fn delay(&self, chance: Chance) -> Option<Duration> {
        let share = chance.another().share();
        let delay = match *self {
            Self::Latency(latency) => latency,
            Self::UniformLatency { from, to } => {
                from.saturating_add(times(to.saturating_sub(from), share))
            }
            Self::ExponentialLatency { mean, max } => times(mean, -(1.0 - share).ln()).min(max),
            _ => return None,
        };
        Some(delay.min(LONGEST))
    }
}

fn times(duration: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(duration.as_secs_f64() * factor).unwrap_or(LONGEST)
}

/// The body of an error answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ErrorBody {
    /// Okta's error envelope.
    #[default]
    Json,
    /// A page for people, as proxies in front of an org give it.
    Html,
}

/// The forms in which Okta says that there were too many requests,
/// <https://developer.okta.com/docs/reference/rl2-monitor/>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum RateLimitShape {
    /// An exhausted bucket: `X-Rate-Limit-Remaining: 0`, and the second of its reset.
    Bucket,
    /// An exhausted bucket whose window ends in a second.
    Brief,
    /// Too many requests at a time: `X-Rate-Limit-Limit: 0`; the reset is only a suggestion.
    Concurrency,
    /// No rate-limit header at all.
    NoHeaders,
    /// Two `X-Rate-Limit-Reset` lines; the earlier one holds.
    TwoResets,
    /// Each of the three headers twice, with the same values.
    Repeated,
}

fn server_status<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    match status {
        500..=599 => Ok(status),
        _ => Err(serde::de::Error::custom(format!(
            "status {status} is no server error; choose 500 to 599"
        ))),
    }
}

mod millis {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(latency: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(latency.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}
