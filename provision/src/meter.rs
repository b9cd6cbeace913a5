//! How many requests a run sends, how fast, and what Okta allows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use okta_sdk::{AddedHeaders, Attempt, AttemptEnd, Observer};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// A route has at most so many slots. When they are full, each takes twice the time.
const MOST_SLOTS: usize = 240;

/// So many routes are counted one by one, and what is sent to others in the sums only.
const MOST_ROUTES: usize = 64;

/// Counts the requests of a client: an [`Observer`]. It keeps neither URLs nor ids, and its size is
/// bounded however long the run is. Cheap to clone; clones count together.
///
/// ```
/// use okta_provision::{Meter, Report};
///
/// # fn run(mut report: Report) -> Result<(), okta_sdk::Error> {
/// let meter = Meter::new();
/// let okta = okta_sdk::Client::builder()
///     .org_url("https://acme.okta.com")
///     .api_token("00abc")
///     .observer(meter.clone())
///     .build()?;
/// // … and after the run:
/// report.requests = Some(meter.requests());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Counted>>);

#[derive(Debug)]
struct Counted {
    start: Option<Instant>,
    /// Seconds of a slot.
    width: u32,
    sum: Sum,
    routes: BTreeMap<(&'static str, String), RouteNow>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    requests: u64,
    repeated: u64,
    limited: u64,
    failed: u64,
}

#[derive(Debug, Default)]
struct RouteNow {
    requests: u64,
    limited: u64,
    limit: Option<u64>,
    time: Duration,
    longest: Duration,
    slots: Vec<Slot>,
}

impl Default for Counted {
    fn default() -> Self {
        Self {
            start: None,
            width: 1,
            sum: Sum::default(),
            routes: BTreeMap::new(),
        }
    }
}

/// What a client has sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Requests {
    /// All attempts, repetitions among them.
    pub sent: u64,
    /// Attempts after the first one of a call.
    pub repeated: u64,
    /// Answers with status 429: a rate limit was hit.
    pub limited: u64,
    /// Answers with a status of 500 and above, and attempts without an answer.
    pub failed: u64,
    /// Seconds that a slot of a route takes.
    pub slot_seconds: u32,
    /// By method and path, the most used first.
    pub routes: Vec<Route>,
}

/// What a client has sent to one path by one method, which is part of one rate limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Route {
    /// The method.
    pub method: String,
    /// The path, with names of parameters in place of their values.
    pub path: String,
    /// All attempts.
    pub sent: u64,
    /// Answers with status 429.
    pub limited: u64,
    /// Requests that Okta allows in a minute (`X-Rate-Limit-Limit`), if it says so. Other paths may
    /// spend from the same limit.
    pub limit_per_minute: Option<u64>,
    /// The time until an answer on average, in milliseconds.
    pub average_millis: u64,
    /// The longest one.
    pub longest_millis: u64,
    /// The attempts by the time of their end, from the first request of the client on.
    pub slots: Vec<Slot>,
}

/// Attempts within some seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Slot {
    /// All of them.
    pub sent: u64,
    /// Those that were answered with status 429.
    pub limited: u64,
}

impl Meter {
    /// Nothing was sent yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was sent so far.
    #[must_use]
    pub fn requests(&self) -> Requests {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Sum {
            requests,
            repeated,
            limited,
            failed,
        } = counted.sum;
        let routes = counted.routes.iter();
        let mut routes: Vec<_> = routes
            .map(|((path, method), route)| route.told(method, path))
            .collect();
        // Stable: equal ones stay in the order of their paths.
        routes.sort_by_key(|route| std::cmp::Reverse(route.sent));
        Requests {
            sent: requests,
            repeated,
            limited,
            failed,
            slot_seconds: counted.width,
            routes,
        }
    }
}

impl Observer for Meter {
    fn on_request(&self, _: &Attempt<'_>, _: &mut AddedHeaders<'_>) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.start.get_or_insert_with(Instant::now);
    }

    fn on_response(&self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.add(attempt, end);
    }
}

impl Counted {
    fn add(&mut self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
        let is_limited = end.status.is_some_and(|it| it.as_u16() == 429);
        let is_failed = end.status.is_none_or(|it| it.is_server_error());
        self.sum.requests += 1;
        self.sum.repeated += u64::from(attempt.number > 1);
        self.sum.limited += u64::from(is_limited);
        self.sum.failed += u64::from(is_failed);
        let at = self.slot();
        let key = (attempt.path, attempt.method.to_string());
        if self.routes.len() >= MOST_ROUTES && !self.routes.contains_key(&key) {
            return;
        }
        let route = self.routes.entry(key).or_default();
        route.requests += 1;
        route.limited += u64::from(is_limited);
        route.time += end.duration;
        route.longest = route.longest.max(end.duration);
        // A limit of 0 is that on requests at the same time.
        let limit = end.rate_limit.map(|it| it.limit).filter(|it| *it > 0);
        route.limit = limit.or(route.limit);
        if route.slots.len() <= at {
            route.slots.resize(at + 1, Slot::default());
        }
        if let Some(slot) = route.slots.get_mut(at) {
            slot.sent += 1;
            slot.limited += u64::from(is_limited);
        }
    }

    /// The slot of now. Makes slots wider if there are too many.
    fn slot(&mut self) -> usize {
        let seconds = self.start.map_or(0, |start| start.elapsed().as_secs());
        loop {
            let at = usize::try_from(seconds / u64::from(self.width)).unwrap_or(usize::MAX);
            if at < MOST_SLOTS {
                return at;
            }
            let Some(width) = self.width.checked_mul(2) else {
                return MOST_SLOTS - 1;
            };
            self.width = width;
            for route in self.routes.values_mut() {
                let pairs = route.slots.chunks(2);
                route.slots = pairs.map(|pair| pair.iter().sum()).collect();
            }
        }
    }
}

impl<'a> std::iter::Sum<&'a Slot> for Slot {
    fn sum<I: Iterator<Item = &'a Self>>(slots: I) -> Self {
        slots.fold(Self::default(), |sum, slot| Self {
            sent: sum.sent + slot.sent,
            limited: sum.limited + slot.limited,
        })
    }
}

impl RouteNow {
    fn told(&self, method: &str, path: &str) -> Route {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Route {
            method: method.to_owned(),
            path: path.to_owned(),
            sent: self.requests,
            limited: self.limited,
            limit_per_minute: self.limit,
            average_millis: millis(self.time) / self.requests.max(1),
            longest_millis: millis(self.longest),
            slots: self.slots.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use okta_sdk::Client;
    use okta_sdk::testing::Script;
    use serde_json::json;

    use super::*;

    /// A client whose requests for a user are counted, and answered with these statuses.
    fn client(meter: &Meter, statuses: &[u16]) -> Client {
        let script = statuses.iter().fold(Script::new(), |script, status| {
            script.answer("getUser", *status, json!({}))
        });
        let okta = Client::builder()
            .org_url("https://acme.okta.com")
            .api_token("00abc")
            .transport(script)
            .observer(meter.clone());
        okta.build().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn requests_are_counted_by_route_and_time() {
        let meter = Meter::new();
        let okta = client(&meter, &[200, 503, 200]);
        drop(okta.users().get("ada").await);
        tokio::time::sleep(Duration::from_secs(2)).await;
        drop(okta.users().get("ada").await);
        let requests = meter.requests();
        assert_eq!((requests.sent, requests.failed), (3, 1));
        assert_eq!((requests.repeated, requests.limited), (1, 0));
        let route = &requests.routes[0];
        assert_eq!(
            (&*route.method, &*route.path),
            ("GET", "/api/v1/users/{id}")
        );
        let slots: u64 = route.slots.iter().map(|slot| slot.sent).sum();
        assert_eq!((slots, route.slots[0].sent, route.slots[1].sent), (3, 1, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_run_has_wider_slots_and_no_more_of_them() {
        let meter = Meter::new();
        let statuses = [200; 50];
        let okta = client(&meter, &statuses);
        for _ in statuses {
            drop(okta.users().get("ada").await);
            tokio::time::sleep(Duration::from_secs(100)).await;
        }
        let requests = meter.requests();
        assert_eq!((requests.sent, requests.slot_seconds), (50, 32));
        let slots = &requests.routes[0].slots;
        assert!(slots.len() <= MOST_SLOTS, "{}", slots.len());
        assert_eq!(slots.iter().map(|slot| slot.sent).sum::<u64>(), 50);
    }
}
