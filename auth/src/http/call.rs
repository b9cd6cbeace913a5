//! Which operation is being called.

use std::time::Duration;

/// One call of an operation: facts that do not change, and the options of this call.
///
/// The facts are used in errors and traces, and to tell Okta's rate limit buckets apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// Okta's operation id, such as `listUsers`.
    pub operation: &'static str,
    /// The path as a template, such as `/api/v1/users/{userId}`. Empty when it is not known;
    /// such a call is not paced by the rate limit governor.
    pub path: &'static str,
    /// Maximum time for the whole call, with its retries and waits; `None` takes the pipeline's.
    pub timeout: Option<Duration>,
    /// Whether sending the request twice does the same as sending it once. `None` goes by the
    /// method: `POST` and `PATCH` are not repeated once they may have arrived, others are.
    pub idempotent: Option<bool>,
}

impl Call {
    /// A call with no options of its own. `operation` is Okta's operation id, `path` the path
    /// template.
    #[must_use]
    pub const fn new(operation: &'static str, path: &'static str) -> Self {
        Self {
            operation,
            path,
            timeout: None,
            idempotent: None,
        }
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
}
