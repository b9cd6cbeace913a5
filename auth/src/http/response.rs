//! A successful response, undecoded.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use url::Url;

use crate::RateLimit;
use crate::error::request_id;

/// Status, headers and the whole body of a response, with no type applied to it.
///
/// `Debug` leaves out header values, the query and the body, any of which may hold a secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct RawResponse {
    /// The status, always 2xx.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// The URL that was requested.
    pub url: Url,
    /// How many times the request was sent; 1 if the first answer counted.
    pub attempts: u32,
}

impl RawResponse {
    /// Okta's id of the request (`X-Okta-Request-Id`), which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The rate limit bucket after this request.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.headers)
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("path", &self.url.path())
            .field("request_id", &self.request_id())
            .field("body_bytes", &self.body.len())
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
