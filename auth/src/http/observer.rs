//! Watching what a pipeline sends: for metrics, logs and traces of one's own.

mod watched;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::Entry;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

pub(crate) use self::watched::Watched;
use crate::OrgUrl;
use crate::http::rate_limit::RateLimit;

/// Is told of every attempt of every call: each sending of a request counts, retries and the
/// requests for tokens among them.
///
/// It sees neither bodies nor credentials, and no URL, whose parts may name people. It runs inline,
/// in the task of the call: whatever blocks in it holds up that call and its neighbours. What takes
/// time belongs behind a channel.
///
/// ```
/// use okta_auth::{Attempt, AttemptEnd, Observer};
///
/// #[derive(Debug)]
/// struct Slow;
///
/// impl Observer for Slow {
///     fn on_response(&self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
///         if end.duration.as_secs() > 5 {
///             eprintln!("{} took {:?}", attempt.operation, end.duration);
///         }
///     }
/// }
/// ```
pub trait Observer: fmt::Debug + Send + Sync + 'static {
    /// An attempt is about to be sent. `headers` takes headers that go along with it.
    fn on_request(&self, attempt: &Attempt<'_>, headers: &mut AddedHeaders<'_>) {
        let _ = (attempt, headers);
    }

    /// An attempt has ended, with an answer or without. It is told once for each
    /// [`Observer::on_request`], also if the caller gives up the call.
    fn on_response(&self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
        let _ = (attempt, end);
    }
}

impl<T: Observer + ?Sized> Observer for Arc<T> {
    fn on_request(&self, attempt: &Attempt<'_>, headers: &mut AddedHeaders<'_>) {
        (**self).on_request(attempt, headers);
    }

    fn on_response(&self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
        (**self).on_response(attempt, end);
    }
}

/// One sending of a request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// Okta's operation id, such as `listUsers`.
    pub operation: &'static str,
    /// The method.
    pub method: &'a Method,
    /// The path template, such as `/api/v1/users/{userId}`; empty if it is not known.
    pub path: &'static str,
    /// 1 for the first attempt of a call, then one more for each.
    pub number: u32,
    /// The org that it goes to.
    pub org: &'a OrgUrl,
}

/// How an attempt has ended: either `status` or `failure` has a value.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttemptEnd<'a> {
    /// The status of the answer.
    pub status: Option<StatusCode>,
    /// Okta's id of the request (`X-Okta-Request-Id`).
    pub request_id: Option<&'a str>,
    /// Why no complete answer came.
    pub failure: Option<AttemptFailure>,
    /// From the sending to the last byte of the answer, or to the failure. Waits for the rate
    /// limit, for credentials and before a retry are not part of it.
    pub duration: Duration,
    /// What the answer says of the rate limit that it counted in, if it says so.
    pub rate_limit: Option<RateLimit>,
}

/// Why an attempt got no complete answer. `Display` is a word such as `timeout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptFailure {
    /// No connection could be made.
    Connect,
    /// It took too long, or the whole call did.
    Timeout,
    /// The connection broke before the answer ended.
    Disconnect,
    /// The transport would not send it.
    Refused,
    /// The caller gave up the call.
    Cancelled,
}

impl AttemptFailure {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Disconnect => "disconnect",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for AttemptFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Takes headers for a request, and does not show those that it has.
#[derive(Debug)]
pub struct AddedHeaders<'a>(AddedTo<'a>);

struct AddedTo<'a>(&'a mut HeaderMap);

impl fmt::Debug for AddedTo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<'a> AddedHeaders<'a> {
    pub(crate) fn to(headers: &'a mut HeaderMap) -> Self {
        Self(AddedTo(headers))
    }

    /// Adds a header, unless the request has one of that name. False if it has.
    pub fn add(&mut self, name: HeaderName, value: HeaderValue) -> bool {
        match self.0.0.entry(name) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(value);
                true
            }
        }
    }
}

/// Any number of observers, which are told one after the other. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Observers(Arc<[Arc<dyn Observer>]>);

impl Observers {
    /// These and one more, who is told last.
    #[must_use]
    pub fn with(self, observer: impl Observer) -> Self {
        let observer: Arc<dyn Observer> = Arc::new(observer);
        Self(self.0.iter().cloned().chain([observer]).collect())
    }

    /// These, and `look` for each attempt that is about to be sent.
    #[must_use]
    pub fn on_request(self, look: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.with(OnRequest(look))
    }

    /// These, and `look` for each attempt that has ended.
    #[must_use]
    pub fn on_response(
        self,
        look: impl Fn(&Attempt<'_>, &AttemptEnd<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.with(OnResponse(look))
    }
}

impl Observer for Observers {
    fn on_request(&self, attempt: &Attempt<'_>, headers: &mut AddedHeaders<'_>) {
        for observer in &*self.0 {
            observer.on_request(attempt, headers);
        }
    }

    fn on_response(&self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
        for observer in &*self.0 {
            observer.on_response(attempt, end);
        }
    }
}

/// A closure for [`Observer::on_request`].
struct OnRequest<F>(F);

impl<F: Fn(&Attempt<'_>) + Send + Sync + 'static> Observer for OnRequest<F> {
    fn on_request(&self, attempt: &Attempt<'_>, _: &mut AddedHeaders<'_>) {
        (self.0)(attempt);
    }
}

impl<F> fmt::Debug for OnRequest<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRequest")
    }
}

/// A closure for [`Observer::on_response`].
struct OnResponse<F>(F);

impl<F: Fn(&Attempt<'_>, &AttemptEnd<'_>) + Send + Sync + 'static> Observer for OnResponse<F> {
    fn on_response(&self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
        (self.0)(attempt, end);
    }
}

impl<F> fmt::Debug for OnResponse<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnResponse")
    }
}
