//! Time as the emulated org sees it.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Months, SecondsFormat, TimeDelta, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The clock of an emulated org. It never runs backwards, and [`Clock::advance`] moves it forward
/// at once, so that a test can pass a rate-limit window without waiting for it.
///
/// Clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Hands>);

/// Who has to know that a clock was moved forward.
pub(crate) trait Moved: Send + Sync {
    fn moved(&self);
}

#[derive(Debug)]
struct Hands {
    /// Milliseconds since the epoch, or the machine's own clock where there is none.
    fixed: Option<i64>,
    /// How far the clock is off from the start, in milliseconds.
    skew: i64,
    advanced: AtomicI64,
    latest: AtomicI64,
    watchers: Mutex<Vec<Weak<dyn Moved>>>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::with(None)
    }

    /// A clock that stands at `at` until [`Clock::advance`] moves it.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::with(Some(at.timestamp_millis()))
    }

    /// The machine's clock, ahead of it by these seconds, or behind it if they are negative.
    pub fn skewed(seconds: i32) -> Self {
        Self::off_by(None, i64::from(seconds) * 1000)
    }

    fn with(fixed: Option<i64>) -> Self {
        Self::off_by(fixed, 0)
    }

    fn off_by(fixed: Option<i64>, skew: i64) -> Self {
        Self(Arc::new(Hands {
            fixed,
            skew,
            advanced: AtomicI64::new(0),
            latest: AtomicI64::new(i64::MIN),
            watchers: Mutex::default(),
        }))
    }

    /// Moves the clock forward by `by`; parts of a millisecond are left out.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.advanced.fetch_add(millis, Ordering::SeqCst);
        for watcher in self.watchers() {
            watcher.moved();
        }
    }

    /// Those who have to know, without those that are gone.
    fn watchers(&self) -> Vec<Arc<dyn Moved>> {
        let watchers = self.0.watchers.lock();
        let mut watchers = watchers.unwrap_or_else(PoisonError::into_inner);
        watchers.retain(|watcher| watcher.strong_count() > 0);
        watchers.iter().filter_map(Weak::upgrade).collect()
    }

    /// Tells `watcher` from now on when the clock was moved forward.
    #[cfg(feature = "data")]
    pub(crate) fn watch(&self, watcher: Weak<dyn Moved>) {
        let watchers = self.0.watchers.lock();
        let mut watchers = watchers.unwrap_or_else(PoisonError::into_inner);
        watchers.push(watcher);
    }

    /// What the clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        self.stamp().0
    }

    /// How far it was moved forward, in milliseconds.
    #[cfg(feature = "data")]
    pub(crate) fn advanced(&self) -> i64 {
        self.0.advanced.load(Ordering::SeqCst)
    }

    /// Goes on as a clock that was moved forward this far, and showed `latest`.
    #[cfg(feature = "data")]
    pub(crate) fn resume(&self, advanced: i64, latest: Option<Timestamp>) {
        self.0.advanced.fetch_max(advanced, Ordering::SeqCst);
        if let Some(latest) = latest {
            let millis = latest.0.timestamp_millis();
            self.0.latest.fetch_max(millis, Ordering::SeqCst);
        }
    }

    pub(crate) fn stamp(&self) -> Timestamp {
        let base = self.0.fixed.unwrap_or_else(|| {
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        });
        let advanced = self.0.advanced.load(Ordering::SeqCst);
        let millis = base.saturating_add(self.0.skew).saturating_add(advanced);
        let latest = self
            .0
            .latest
            .fetch_max(millis, Ordering::SeqCst)
            .max(millis);
        Timestamp(DateTime::from_timestamp_millis(latest).unwrap_or(DateTime::<Utc>::MAX_UTC))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

/// A moment as Okta writes it: UTC with milliseconds, `2026-01-01T00:00:00.000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp(pub(crate) DateTime<Utc>);

impl Timestamp {
    /// Reads an RFC 3339 date-time.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|at| Self(at.with_timezone(&Utc)))
    }

    /// So many seconds after the epoch; none where that is beyond what a date can say.
    pub(crate) fn at_epoch_seconds(seconds: i64) -> Option<Self> {
        DateTime::from_timestamp(seconds, 0).map(Self)
    }

    /// Seconds since the epoch, rounded down: the resolution of `Date` and `X-Rate-Limit-Reset`.
    pub(crate) fn epoch_seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// So many seconds later.
    pub(crate) fn later(self, seconds: i64) -> Self {
        let later = TimeDelta::try_seconds(seconds).and_then(|by| self.0.checked_add_signed(by));
        Self(later.unwrap_or(self.0))
    }

    /// So many years later; none where that is beyond what a date can say.
    pub(crate) fn years_later(self, years: i32) -> Option<Self> {
        let months = Months::new(u32::try_from(years).ok()?.checked_mul(12)?);
        self.0.checked_add_months(months).map(Self)
    }

    /// The form of the `Date` header, RFC 9110 section 5.6.7.
    pub(crate) fn http_date(self) -> String {
        self.0.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i64(self.0.timestamp_millis())
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            return Self::parse(&text).ok_or_else(|| D::Error::custom("this is no date-time"));
        }
        let at = DateTime::from_timestamp_millis(i64::deserialize(deserializer)?);
        at.map(Self)
            .ok_or_else(|| D::Error::custom("this is no moment"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn writes_time_as_okta_and_http_do() {
        let clock = Clock::fixed(DateTime::from_timestamp_millis(1_767_225_600_006).unwrap());
        assert_eq!(clock.stamp().to_string(), "2026-01-01T00:00:00.006Z");
        assert_eq!(clock.stamp().http_date(), "Thu, 01 Jan 2026 00:00:00 GMT");
        assert_eq!(clock.stamp().epoch_seconds(), 1_767_225_600);
    }

    #[test]
    fn advances_for_every_clone_at_once() {
        let clock = Clock::fixed(DateTime::from_timestamp_millis(0).unwrap());
        let other = clock.clone();
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(other.stamp().to_string(), "1970-01-01T00:00:01.500Z");
    }

    #[test]
    fn a_skewed_clock_is_off_and_goes_on() {
        let (behind, exact) = (Clock::skewed(-600), Clock::system());
        let difference = exact.now() - behind.now();
        assert!(
            (599..=660).contains(&difference.num_seconds()),
            "{difference}"
        );
        behind.advance(Duration::from_secs(1200));
        assert!(behind.now() > exact.now());
    }

    #[test]
    fn reads_dates_with_any_offset() {
        let read = |text| Timestamp::parse(text).map(|at| at.to_string());
        assert_eq!(
            read("2026-01-01T02:00:00+02:00").unwrap(),
            "2026-01-01T00:00:00.000Z"
        );
        assert_eq!(read("yesterday"), None);
    }
}
