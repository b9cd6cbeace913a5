//! What a job has met: retries, refusals by the rate limit, and how much of each limit it used.
//!
//! The job writes it line by line, as it happens, since it may be killed at any moment.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::Write as _;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use okta_auth::Call;
use okta_sdk::transport::{Answer, SendError, Transport};
use okta_sdk::{AddedHeaders, Attempt, HeaderMap, Observer};
use reqwest::Request;

/// A window counts if the job had work for it all the time: it made the same change within so many
/// seconds of its beginning, and within so many of its end.
const IDLE: u64 = 2;

/// Something that a job has met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met {
    /// An attempt after the first.
    Retry,
    /// A refusal by the rate limit, before the job had an answer from which to know of it.
    Early,
    /// A refusal by the rate limit of which the job could have known.
    Refused,
    /// A window of a rate limit in which the job was up and had work all the time.
    Window { used: u64, limit: u64 },
    /// Milliseconds of processor time of the planning.
    Planned(u64),
    /// The most memory, in KiB.
    Peak(u64),
}

impl fmt::Display for Met {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retry => f.write_str("retry"),
            Self::Early => f.write_str("early"),
            Self::Refused => f.write_str("refused"),
            Self::Window { used, limit } => write!(f, "window {used} {limit}"),
            Self::Planned(time) => write!(f, "planned {time}"),
            Self::Peak(memory) => write!(f, "peak {memory}"),
        }
    }
}

impl FromStr for Met {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        let mut words = line.split(' ');
        let name = words.next();
        let mut number = || words.next().and_then(|it| it.parse().ok()).ok_or(());
        match name {
            Some("retry") => Ok(Self::Retry),
            Some("early") => Ok(Self::Early),
            Some("refused") => Ok(Self::Refused),
            Some("window") => Ok(Self::Window {
                used: number()?,
                limit: number()?,
            }),
            Some("planned") => number().map(Self::Planned),
            Some("peak") => number().map(Self::Peak),
            _ => Err(()),
        }
    }
}

/// Writes what was met, for the process that watches the job.
pub fn tell(met: &Met) {
    // Nobody may watch.
    let _ = writeln!(std::io::stdout().lock(), "{met}");
}

/// Watches what a job sends and is answered.
#[derive(Clone, Debug)]
pub struct Meter {
    client: reqwest::Client,
    length: u64,
    start: u64,
    windows: Arc<Mutex<HashMap<&'static str, Window>>>,
    /// Buckets that have answered.
    seen: Arc<Mutex<HashSet<&'static str>>>,
}

/// The latest window of a bucket.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// Seconds since 1970.
    reset: u64,
    limit: u64,
    remaining: u64,
    /// The first change in it.
    operation: &'static str,
    /// Whether that came right after its beginning.
    is_whole: bool,
}

impl Meter {
    /// For windows of this length, in seconds.
    pub fn new(client: reqwest::Client, length: u64) -> Self {
        Self {
            client,
            length,
            start: now(),
            windows: Arc::default(),
            seen: Arc::default(),
        }
    }

    /// Buckets of which the job knows something.
    fn seen(&self) -> MutexGuard<'_, HashSet<&'static str>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of the answer to a change. What is read is read at once, and says nothing of how much
    /// work there is.
    fn changed(&self, bucket: &'static str, operation: &'static str, headers: &HeaderMap) {
        let number = |name| headers.get(name)?.to_str().ok()?.parse::<u64>().ok();
        let (Some(limit), Some(remaining), Some(reset)) = (
            number("x-rate-limit-limit"),
            number("x-rate-limit-remaining"),
            number("x-rate-limit-reset"),
        ) else {
            return;
        };
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = reset.saturating_sub(self.length);
        let is_early = now() <= begun + IDLE;
        let known = windows.get_mut(bucket);
        match known {
            Some(known) if known.reset == reset => {
                known.remaining = known.remaining.min(remaining);
            }
            // An answer that was overtaken.
            Some(known) if known.reset > reset => {}
            known => {
                let had_work = |ended: &&mut Window| {
                    ended.is_whole
                        && ended.operation == operation
                        && is_early
                        && begun <= ended.reset + IDLE
                };
                if let Some(ended) = known.filter(had_work) {
                    tell(&Met::Window {
                        used: ended.limit - ended.remaining,
                        limit: ended.limit,
                    });
                }
                let window = Window {
                    reset,
                    limit,
                    remaining,
                    operation,
                    is_whole: is_early && begun >= self.start,
                };
                windows.insert(bucket, window);
            }
        }
    }
}

impl Transport for Meter {
    async fn send(&self, request: Request, call: &Call) -> Result<Answer, SendError> {
        let bucket = bucket(request.method().as_str(), request.url().path());
        let is_change = request.method() != "GET";
        let was_known = self.seen().contains(bucket);
        let response = self.client.execute(request).await?;
        if response.status().as_u16() == 429 {
            tell(if was_known {
                &Met::Refused
            } else {
                &Met::Early
            });
        }
        self.seen().insert(bucket);
        if is_change {
            self.changed(bucket, call.operation, response.headers());
        }
        Answer::read(response, call).await
    }
}

impl Observer for Meter {
    fn on_request(&self, attempt: &Attempt<'_>, _: &mut AddedHeaders<'_>) {
        if attempt.number > 1 {
            tell(&Met::Retry);
        }
    }
}

/// Which requests count together, as far as the job sends them.
/// Source: <https://developer.okta.com/docs/reference/rl-global-mgmt/>.
fn bucket(method: &str, path: &str) -> &'static str {
    let parts: Vec<&str> = path.trim_start_matches("/api/v1/").split('/').collect();
    match (method, parts.as_slice()) {
        (_, ["groups", _]) => "a group",
        (_, ["groups", ..]) => "groups",
        (_, ["users"]) => "users",
        ("GET", ["users", _]) => "a user",
        (_, ["users", _]) => "a change of a user",
        _ => "others",
    }
}

fn now() -> u64 {
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    time.map_or(0, |time| time.as_secs())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_was_met_is_read_as_it_was_written() {
        let window = Met::Window { used: 7, limit: 9 };
        for met in [
            Met::Retry,
            Met::Early,
            Met::Refused,
            window,
            Met::Planned(5),
            Met::Peak(1),
        ] {
            assert_eq!(met.to_string().parse(), Ok(met));
        }
        assert_eq!("window 7".parse::<Met>(), Err(()));
    }

    #[test]
    fn requests_count_as_okta_publishes() {
        for (method, path, expected) in [
            ("PUT", "/api/v1/groups/00g1/users/00u1", "groups"),
            ("GET", "/api/v1/groups", "groups"),
            ("GET", "/api/v1/groups/00g1", "a group"),
            ("POST", "/api/v1/users", "users"),
            ("GET", "/api/v1/users/00u1", "a user"),
            ("POST", "/api/v1/users/00u1", "a change of a user"),
            ("POST", "/api/v1/users/00u1/lifecycle/deactivate", "others"),
        ] {
            assert_eq!(bucket(method, path), expected, "{method} {path}");
        }
    }
}
