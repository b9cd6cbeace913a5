//! What is known of an operation before it is called.

use http::Method;
use okta_auth::Call;

/// Facts of an operation of Okta's API, such as [`ListUsers::OPERATION`].
///
/// [`ListUsers::OPERATION`]: crate::resources::ListUsers::OPERATION
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// Okta's operation id, such as `listUsers`.
    pub id: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path as a template, such as `/api/v1/users/{id}`.
    pub path: &'static str,
    /// OAuth 2.0 scopes, any one of which allows the call. Empty if an API token or no credentials
    /// are required.
    pub scopes: &'static [&'static str],
    /// The rate limit bucket that Okta publishes for it, such as `/api/v1/apps*`: calls of one
    /// bucket are paced together. `None` where it publishes none; which of those share a limit is
    /// learned from answers.
    pub bucket: Option<&'static str>,
    /// Content type of the answer.
    pub(crate) accept: &'static str,
    /// Content type of a body, unless the call says otherwise.
    pub(crate) content_type: &'static str,
    /// JSON name of the list that the answer is there for.
    pub(crate) list: Option<&'static str>,
    /// Whether sending it again does another thing.
    pub(crate) once: bool,
    /// The query parameter without which the list has no end.
    pub(crate) ends_with: Option<&'static str>,
}

#[allow(dead_code)] // some parts of the API have no use for some of these
impl Operation {
    pub(crate) const fn new(
        id: &'static str,
        method: Method,
        path: &'static str,
        scopes: &'static [&'static str],
    ) -> Self {
        Self {
            id,
            method,
            path,
            scopes,
            bucket: None,
            accept: "application/json",
            content_type: "application/json",
            list: None,
            once: false,
            ends_with: None,
        }
    }

    /// The answer is of another content type than JSON.
    pub(crate) const fn accept(mut self, content_type: &'static str) -> Self {
        self.accept = content_type;
        self
    }

    /// The body is of another content type than JSON.
    pub(crate) const fn content_type(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    /// The answer is an object that is there for the list in its member of that name.
    pub(crate) const fn wraps(mut self, list: &'static str) -> Self {
        self.list = Some(list);
        self
    }

    /// Sending it again does another thing, although its HTTP method promises not to.
    pub(crate) const fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// The list has an end only if that query parameter is given.
    pub(crate) const fn ends_with(mut self, parameter: &'static str) -> Self {
        self.ends_with = Some(parameter);
        self
    }

    /// It spends from that rate limit bucket.
    pub(crate) const fn bucket(mut self, bucket: &'static str) -> Self {
        self.bucket = Some(bucket);
        self
    }

    pub(crate) const fn call(&self) -> Call {
        let mut call = Call::new(self.id, self.path);
        call.bucket = self.bucket;
        if self.once {
            call.idempotent(false)
        } else {
            call
        }
    }
}
