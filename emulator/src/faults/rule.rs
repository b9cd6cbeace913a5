//! Which requests a fault hits.

use serde::{Deserialize, Serialize};

use super::chance::Chance;
use super::fault::Fault;
use crate::error::Error;

/// A certain event, in millionths.
const CERTAIN: u32 = 1_000_000;

/// A [`Fault`] and the requests that it applies to: by default the next one, whichever it is.
///
/// In JSON and YAML it is `{"fault": …}`, with `method`, `path`, `after`, `every` and `probability` as
/// the methods of the same names have them, and with `times` (1 if it is left out) or `always: true`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct FaultRule {
    fault: Fault,
    /// How many requests are left; none is no limit.
    left: Option<u32>,
    method: Option<String>,
    path: Option<String>,
    /// How many requests pass first.
    after: u32,
    /// Of those behind them, each of this number.
    every: u32,
    /// How likely it is, in millionths.
    probability: u32,
    /// Requests of its method and path so far.
    seen: u64,
    /// Its place among all rules.
    number: u64,
}

impl FaultRule {
    /// Applies to the next request.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            left: Some(1),
            method: None,
            path: None,
            after: 0,
            every: 1,
            probability: CERTAIN,
            seen: 0,
            number: 0,
        }
    }

    /// Reads a rule that is written as JSON or YAML, such as
    /// `{fault: connectionReset, path: /api/v1/users, times: 2}`.
    ///
    /// # Errors
    ///
    /// [`Error::FaultSyntax`] if it is no rule.
    pub fn from_yaml(text: &str) -> Result<Self, Error> {
        // The detour keeps enums as JSON has them: in YAML they would be tags.
        let rule = serde_norway::from_str::<serde_json::Value>(text)
            .map_err(|error| error.to_string())
            .and_then(|rule| serde_json::from_value(rule).map_err(|error| error.to_string()));
        rule.map_err(|reason| Error::FaultSyntax {
            rule: text.to_owned(),
            reason,
        })
    }

    /// Applies to the next `count` requests.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self {
            left: Some(count),
            ..self
        }
    }

    /// Applies to every request, until [`Faults::clear`](super::Faults::clear).
    #[must_use]
    pub fn always(self) -> Self {
        Self { left: None, ..self }
    }

    /// Applies only to requests of this method, such as `POST`.
    #[must_use]
    pub fn on_method(self, method: &str) -> Self {
        Self {
            method: Some(method.to_ascii_uppercase()),
            ..self
        }
    }

    /// Applies only to requests whose path starts with `path`, such as `/api/v1/users`. A segment `*`
    /// is any segment, and a `$` at the end is the end of the path: `/api/v1/users/*/groups$`.
    #[must_use]
    pub fn on_path(self, path: &str) -> Self {
        Self {
            path: Some(path.to_owned()),
            ..self
        }
    }

    /// Lets this many requests of its method and path pass first.
    #[must_use]
    pub fn after(self, count: u32) -> Self {
        Self {
            after: count,
            ..self
        }
    }

    /// Applies to one in `count` requests of its method and path: the first, the one `count` after it,
    /// and so on. 0 is 1.
    #[must_use]
    pub fn every(self, count: u32) -> Self {
        Self {
            every: count.max(1),
            ..self
        }
    }

    /// Applies to a request with this probability, from 0 to 1. Which requests these are follows from
    /// [`Faults::seed`](super::Faults::seed).
    #[must_use]
    pub fn with_probability(self, probability: f64) -> Self {
        Self {
            probability: millionths(probability),
            ..self
        }
    }

    pub(super) fn numbered(self, number: u64) -> Self {
        Self { number, ..self }
    }

    /// Its place among all rules that there have been.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn fault(&self) -> &Fault {
        &self.fault
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left == Some(0)
    }

    /// Whether the request is one for this rule. It counts if its method and path are the rule's.
    pub(super) fn counts(&mut self, method: &str, path: &str, chance: Chance) -> bool {
        if self.is_spent() || !self.is_about(method, path) {
            return false;
        }
        let behind = self.seen.checked_sub(self.after.into());
        self.seen += 1;
        let share = chance.of_rule(self.number).share();
        behind.is_some_and(|behind| behind % u64::from(self.every) == 0)
            && share * f64::from(CERTAIN) < f64::from(self.probability)
    }

    /// The fault, which has one request less from now on.
    pub(super) fn spend(&mut self) -> (Fault, u64) {
        self.left = self.left.map(|left| left.saturating_sub(1));
        (self.fault.clone(), self.number)
    }

    fn is_about(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self.path.as_deref().is_none_or(|wanted| fits(wanted, path))
    }
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self::new(fault)
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it lies between 0 and a million"
)]
fn millionths(probability: f64) -> u32 {
    (probability.clamp(0.0, 1.0) * f64::from(CERTAIN)).round() as u32
}

/// Whether a path starts as the pattern has it.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, is_whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut segments = path.split('/');
    let mut wanted = pattern.split('/').peekable();
    while let Some(want) = wanted.next() {
        let Some(segment) = segments.next() else {
            return false;
        };
        let is_last = wanted.peek().is_none();
        let is_start = is_last && !is_whole && segment.starts_with(want);
        if want != "*" && want != segment && !is_start {
            return false;
        }
    }
    !is_whole || segments.next().is_none()
}

/// A rule as people write it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    fault: Fault,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(default)]
    after: u32,
    #[serde(default = "one")]
    every: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(default)]
    always: bool,
    #[serde(default = "certain")]
    probability: f64,
}

fn one() -> u32 {
    1
}

fn certain() -> f64 {
    1.0
}

impl TryFrom<Written> for FaultRule {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        if written.always && written.times.is_some() {
            return Err("a rule has `times` or `always`, and not both".to_owned());
        }
        if written.every == 0 {
            return Err("`every` counts from 1".to_owned());
        }
        if !(0.0..=1.0).contains(&written.probability) {
            return Err("`probability` lies between 0 and 1".to_owned());
        }
        let times = written.times.unwrap_or(1);
        Ok(Self {
            left: (!written.always).then_some(times),
            method: written.method.map(|method| method.to_ascii_uppercase()),
            path: written.path,
            after: written.after,
            every: written.every,
            probability: millionths(written.probability),
            ..Self::new(written.fault)
        })
    }
}

impl From<FaultRule> for Written {
    fn from(rule: FaultRule) -> Self {
        Self {
            fault: rule.fault,
            method: rule.method,
            path: rule.path,
            after: rule.after,
            every: rule.every,
            times: rule.left,
            always: rule.left.is_none(),
            probability: f64::from(rule.probability) / f64::from(CERTAIN),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use super::super::{ErrorBody, RateLimitShape};
    use super::*;

    #[test]
    fn a_path_fits_by_segments_and_by_its_start() {
        for (pattern, path, expected) in [
            ("/api/v1/users", "/api/v1/users", true),
            ("/api/v1/users", "/api/v1/users/00u1", true),
            ("/api/v1/users$", "/api/v1/users/00u1", false),
            ("/api/v1/users$", "/api/v1/users", true),
            ("/api/v1/users/*/groups", "/api/v1/users/00u1/groups", true),
            ("/api/v1/users/*/groups", "/api/v1/users/00u1/roles", false),
            ("/api/v1/users/*$", "/api/v1/users/00u1", true),
            ("/api/v1/users/*$", "/api/v1/users/00u1/groups", false),
            ("/api/v1/users/*", "/api/v1/users", false),
            ("/api/*/us", "/api/v1/users", true),
            ("/", "/api/v1/users", true),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn rules_are_read_from_json_and_yaml() {
        let latency = Fault::Latency(Duration::from_millis(50));
        let html = Fault::ServerError {
            status: 503,
            body: ErrorBody::Html,
        };
        let shape = Fault::RateLimited(RateLimitShape::Concurrency);
        let code = Fault::OktaError("E0000011".parse().unwrap());
        for (text, rule) in [
            (
                "fault: connectionReset",
                FaultRule::new(Fault::ConnectionReset),
            ),
            (
                "{\"fault\": {\"latency\": 50}, \"always\": true}",
                FaultRule::new(latency).always(),
            ),
            (
                "{fault: {serverError: {status: 503, body: html}}, times: 2, method: post}",
                FaultRule::new(html).times(2).on_method("POST"),
            ),
            (
                "{fault: {rateLimited: concurrency}, path: /api/v1/users, after: 3, every: 2}",
                FaultRule::new(shape)
                    .on_path("/api/v1/users")
                    .after(3)
                    .every(2),
            ),
            (
                "{fault: {oktaError: E0000011}, probability: 0.25}",
                FaultRule::new(code).with_probability(0.25),
            ),
        ] {
            let read = FaultRule::from_yaml(text).unwrap();
            assert_eq!(read, rule, "{text}");
            let written = serde_json::to_string(&read).unwrap();
            assert_eq!(FaultRule::from_yaml(&written).unwrap(), rule, "{written}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused_with_what_to_write() {
        for (text, reason) in [
            ("{fault: conectionReset}", "connectionReset"),
            ("{fault: connectionReset, tims: 2}", "`times`"),
            (
                "{fault: connectionReset, times: 2, always: true}",
                "not both",
            ),
            ("{fault: connectionReset, every: 0}", "from 1"),
            (
                "{fault: connectionReset, probability: 30}",
                "between 0 and 1",
            ),
            ("{fault: {serverError: {status: 404}}}", "500 to 599"),
            ("{fault: {oktaError: E404}}", "E0000007"),
            (
                "{fault: {uniformLatency: {from: 5, to: 6, mean: 7}}}",
                "`mean`",
            ),
            ("{times: 2}", "`fault`"),
            ("[", "line 2"),
        ] {
            let error = FaultRule::from_yaml(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
