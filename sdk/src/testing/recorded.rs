//! What a script was asked.

use std::fmt;

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderName, Method};
use okta_auth::Call;
use serde_json::Value;
use url::Url;

/// What is a credential whoever has set it. The pipeline marks those that it adds.
const CREDENTIALS: [HeaderName; 3] = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION];

/// A request as it was sent, for a test to look at.
///
/// `Debug` shows neither the body nor the values of headers that hold credentials.
#[derive(Clone)]
pub struct RecordedRequest {
    operation: &'static str,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl RecordedRequest {
    pub(super) fn of(request: &reqwest::Request, call: &Call) -> Self {
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let mut headers = request.headers().clone();
        for name in CREDENTIALS {
            if let Some(value) = headers.get_mut(name) {
                value.set_sensitive(true);
            }
        }
        Self {
            operation: call.operation,
            method: request.method().clone(),
            url: request.url().clone(),
            headers,
            body: body.map(Bytes::copy_from_slice),
        }
    }

    /// Okta's name of the operation, such as `listUsers`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The whole URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The path, with the query if there is one, as it went over the wire.
    #[must_use]
    pub fn path_and_query(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// The value of a parameter of the query, decoded. The first one if there are several.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        let mut pairs = self.url.query_pairs();
        pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    }

    /// All headers, the credentials among them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as JSON; `None` if there is none, or none that is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.body()?).ok()
    }

    /// The bytes of the body; `None` if there is none, or one that was streamed.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RecordedRequest")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path_and_query", &self.path_and_query())
            // Credentials are marked sensitive, and so print as that.
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .finish()
    }
}
