//! Misbehaviour on request: what networks, proxies and overloaded servers do to a client.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One kind of failure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The answer comes this much later.
    Latency(Duration),
    /// The connection is reset (TCP RST) before the org has seen the request.
    ConnectionReset,
    /// The org does what was asked, then the connection is reset: the caller cannot tell this
    /// from [`Fault::ConnectionReset`].
    ResponseLost,
    /// The org does what was asked; the answer breaks off in the middle of its body.
    TruncatedBody,
    /// The org does nothing and answers with this status (500 to 599).
    ServerError {
        /// The HTTP status.
        status: u16,
        /// What the body is.
        body: ErrorBody,
    },
    /// The org does nothing and answers 429.
    RateLimited(RateLimitShape),
}

/// The body of an error answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorBody {
    /// Okta's error envelope.
    Json,
    /// A page for people, as proxies in front of an org give it.
    Html,
}

/// The forms in which Okta says that there were too many requests,
/// <https://developer.okta.com/docs/reference/rl2-monitor/>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimitShape {
    /// An exhausted bucket: `X-Rate-Limit-Remaining: 0`, and the second of its reset.
    Bucket,
    /// Too many requests at a time: `X-Rate-Limit-Limit: 0`; the reset is only a suggestion.
    Concurrency,
    /// No rate-limit header at all.
    NoHeaders,
    /// Two `X-Rate-Limit-Reset` lines; the earlier one holds.
    TwoResets,
}

/// A [`Fault`] and the requests that it applies to: by default the next one, whichever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRule {
    fault: Fault,
    /// How many requests are left; none is no limit.
    left: Option<u32>,
    method: Option<String>,
    path: Option<String>,
}

impl FaultRule {
    /// Applies to the next request.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            left: Some(1),
            method: None,
            path: None,
        }
    }

    /// Applies to the next `count` requests.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self {
            left: Some(count),
            ..self
        }
    }

    /// Applies to every request, until [`Faults::clear`].
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

    /// Applies only to requests whose path starts with `path`, such as `/api/v1/users`.
    #[must_use]
    pub fn on_path(self, path: &str) -> Self {
        Self {
            path: Some(path.to_owned()),
            ..self
        }
    }

    fn applies_to(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self
                .path
                .as_deref()
                .is_none_or(|prefix| path.starts_with(prefix))
    }
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self::new(fault)
    }
}

/// The faults of an emulator, to be changed while it runs. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<FaultRule>>>);

impl Faults {
    /// Adds a fault. Of several that apply to a request, the one that was added first is used.
    pub fn inject(&self, rule: impl Into<FaultRule>) {
        self.rules().push(rule.into());
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.rules().clear();
    }

    /// The fault that applies to this request, if one does. It counts as used.
    pub(crate) fn take(&self, method: &str, path: &str) -> Option<Fault> {
        let mut rules = self.rules();
        let at = rules
            .iter()
            .position(|rule| rule.left != Some(0) && rule.applies_to(method, path))?;
        let rule = rules.get_mut(at)?;
        let fault = rule.fault.clone();
        if let Some(left) = &mut rule.left {
            *left -= 1;
            if *left == 0 {
                rules.remove(at);
            }
        }
        Some(fault)
    }

    fn rules(&self) -> MutexGuard<'_, Vec<FaultRule>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_applies_to_as_many_requests_as_it_says() {
        let faults = Faults::default();
        faults.inject(Fault::ConnectionReset);
        faults.inject(FaultRule::new(Fault::TruncatedBody).times(2));
        let taken: Vec<Option<Fault>> = (0..4).map(|_| faults.take("GET", "/")).collect();
        let truncated = Some(Fault::TruncatedBody);
        assert_eq!(
            taken,
            [
                Some(Fault::ConnectionReset),
                truncated.clone(),
                truncated,
                None
            ]
        );
    }

    #[test]
    fn a_fault_waits_for_its_requests() {
        let faults = Faults::default();
        let rule = FaultRule::new(Fault::ResponseLost)
            .on_method("post")
            .on_path("/api/v1/users");
        faults.inject(rule);
        assert_eq!(faults.take("GET", "/api/v1/users"), None);
        assert_eq!(faults.take("POST", "/api/v1/groups"), None);
        assert_eq!(
            faults.take("POST", "/api/v1/users/1"),
            Some(Fault::ResponseLost)
        );
    }

    #[test]
    fn always_lasts_until_cleared_and_zero_times_never_happens() {
        let faults = Faults::default();
        faults.inject(FaultRule::new(Fault::TruncatedBody).times(0));
        faults.inject(FaultRule::new(Fault::ConnectionReset).always());
        assert!((0..5).all(|_| faults.take("GET", "/") == Some(Fault::ConnectionReset)));
        faults.clear();
        assert_eq!(faults.take("GET", "/"), None);
    }
}
