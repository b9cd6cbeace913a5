//! Which operation is being called.

use std::time::Duration;

use http::StatusCode;

/// The default of [`Call::max_response_bytes`], in bytes.
pub(crate) const MOST_OF_ANSWER: usize = 64 << 20;

/// The most that an authorization server has to say at once: its metadata, its keys, or tokens.
const MOST_OF_SMALL_ANSWER: usize = 1 << 20;

/// What is kept of the body of an answer that is no success.
const MOST_OF_ERROR: usize = 256 << 10;

/// One call of an operation: facts that do not change, and the options of this call.
///
/// The facts are used in errors and traces, and to tell Okta's rate limit buckets apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// Okta's operation id, such as `listUsers`.
    pub operation: &'static str,
    /// The path as a template, such as `/api/v1/users/{userId}`. Empty when it is not known;
    /// the call then counts with all others whose path begins with the same three segments.
    pub path: &'static str,
    /// The rate limit bucket that Okta publishes for the operation, such as `/api/v1/apps*`; `None`
    /// where it publishes none. Calls of one bucket are paced together from the first on; others
    /// once their answers show that they share a limit.
    pub bucket: Option<&'static str>,
    /// Maximum time for the whole call, with its retries and waits; `None` takes the pipeline's.
    pub timeout: Option<Duration>,
    /// Whether sending the request twice does the same as sending it once. `None` goes by the
    /// method: `POST` and `PATCH` are not repeated once they may have arrived, others are.
    pub idempotent: Option<bool>,
    /// Maximum length of the body of a successful answer, in bytes, after it is inflated. `None`
    /// takes the pipeline's.
    pub max_response_bytes: Option<usize>,
}

impl Call {
    /// A call with no options of its own. `operation` is Okta's operation id, `path` the path
    /// template.
    #[must_use]
    pub const fn new(operation: &'static str, path: &'static str) -> Self {
        Self {
            operation,
            path,
            bucket: None,
            timeout: None,
            idempotent: None,
            max_response_bytes: None,
        }
    }

    /// Names the rate limit bucket that Okta publishes for the operation.
    #[must_use]
    pub const fn bucket(mut self, bucket: &'static str) -> Self {
        self.bucket = Some(bucket);
        self
    }

    /// Limits the whole call, with its retries and waits, to `timeout`.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Says whether the request may be repeated after it may have arrived, whatever its method
    /// suggests. `DELETE` of a user, for one, deactivates first and deletes the second time.
    #[must_use]
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// Limits the body of a successful answer to `bytes`, after it is inflated. A longer one is not
    /// read to its end: the call fails with [`Error::is_too_large`](crate::Error::is_too_large), and
    /// is not repeated. Of an error's body, 256 KiB are kept at most.
    #[must_use]
    pub const fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = Some(bytes);
        self
    }

    /// A call that is answered with metadata, keys or tokens: 1 MiB at most.
    pub(crate) const fn small(self) -> Self {
        self.max_response_bytes(MOST_OF_SMALL_ANSWER)
    }

    /// How much is kept of the body of an answer of this status.
    pub(crate) fn limit(&self, status: StatusCode) -> usize {
        match status.is_success() {
            true => self.max_response_bytes.unwrap_or(MOST_OF_ANSWER),
            false => MOST_OF_ERROR,
        }
    }
}
