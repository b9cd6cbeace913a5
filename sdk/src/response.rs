//! A decoded answer with what came beside it.

use std::ops::{Deref, DerefMut};

use http::header::ETAG;
use http::{HeaderMap, StatusCode};
use okta_auth::{RateLimit, RawResponse};

/// The value of an answer, with its status, headers, request id and rate limit.
///
/// It dereferences to the value.
#[derive(Clone, Debug)]
pub struct Response<T> {
    value: T,
    raw: RawResponse,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, raw: RawResponse) -> Self {
        Self { value, raw }
    }

    /// The value by itself.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status, always 2xx.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// Okta's id of the request (`X-Okta-Request-Id`), which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.raw.request_id()
    }

    /// The version of what was read (`ETag`), where Okta tells it. Given to the `if_match` of the
    /// operation that replaces it, a change in between makes that call fail (412) instead of
    /// undoing it.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.raw.headers.get(ETAG)?.to_str().ok()
    }

    /// The rate limit bucket after this request.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.raw.rate_limit()
    }

    /// How many times the request was sent; 1 if the first answer counted.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.raw.attempts
    }

    /// The answer as it came.
    #[must_use]
    pub fn raw(&self) -> &RawResponse {
        &self.raw
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}
