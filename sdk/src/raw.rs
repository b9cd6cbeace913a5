//! Requests to endpoints that have no method here.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use okta_auth::{Call, RawResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::codec::{DecodeError, Elements};
use crate::output::decode_error;
use crate::paging::{Items, NextItem, Pages};
use crate::request::Prepared;
use crate::template::{Template, template_of};
use crate::{Client, Error, Response};

/// The name under which such a request is traced.
pub(crate) const OPERATION: &str = "request";

/// A request put together by hand; see [`Client::request`].
#[must_use = "a request does nothing until it is sent or streamed"]
pub struct RawRequest {
    client: Client,
    method: Method,
    call: Call,
    url: Result<url::Url, Error>,
    headers: Vec<(HeaderName, String)>,
    body: Option<Result<Bytes, Error>>,
    list_property: Option<String>,
}

impl RawRequest {
    pub(crate) fn new(client: Client, method: Method, path: &str) -> Self {
        let url = url_of(&client, path);
        let known = url.as_ref().ok().map(url::Url::path);
        let template = known.and_then(|path| template_of(&method, path));
        Self {
            client,
            method,
            call: call_of(template),
            url,
            headers: Vec::new(),
            body: None,
            list_property: None,
        }
    }

    /// Adds a query parameter; it is encoded.
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        if let Ok(url) = &mut self.url {
            url.query_pairs_mut().append_pair(name, &value.to_string());
        }
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sends `body` as JSON: a model, `serde_json::json!({…})`, or a type of your own. A model is
    /// sent with all it holds, properties that only the server writes included.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        let json = serde_json::to_vec(body).map(Bytes::from).map_err(|source| {
            Error::invalid_argument("json", "cannot be written as JSON").with_source(source)
        });
        self.body = Some(json);
        self.header(CONTENT_TYPE, "application/json")
    }

    /// Sends `body` as it is.
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = Some(Ok(body.into()));
        self.header(CONTENT_TYPE, content_type)
    }

    /// Limits the whole call, with its retries and waits, to `timeout`.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call.timeout = Some(timeout);
        self
    }

    /// Limits the body of the answer, or of each page, to `bytes`, whatever the client's maximum is;
    /// see [`ClientBuilder::max_response_bytes`](crate::ClientBuilder::max_response_bytes).
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.call.max_response_bytes = Some(bytes);
        self
    }

    /// Says whether the request may be sent again after it may have arrived. Without this, all
    /// but `POST` and `PATCH` may.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.call.idempotent = Some(idempotent);
        self
    }

    /// Where [`stream`](Self::stream) and [`pages`](Self::pages) find the list, if the answer is
    /// an object that has one.
    pub fn list_property(mut self, property: impl Into<String>) -> Self {
        self.list_property = Some(property.into());
        self
    }

    /// Sends it; the answer is any JSON, `null` if it has no body.
    ///
    /// # Errors
    /// What the call gives, or a decode error if the answer is not JSON.
    pub async fn send(self) -> Result<Response<Value>, Error> {
        self.send_as().await
    }

    /// Sends it and decodes the answer into a model or a type of your own. An answer without a
    /// body is decoded as `null`.
    ///
    /// # Errors
    /// What the call gives, or a decode error if the answer does not fit.
    pub async fn send_as<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let (call, method, path) = (self.call, self.method.clone(), self.path());
        let response = self.raw().await?;
        let json = if response.body.trim_ascii().is_empty() {
            b"null"
        } else {
            &*response.body
        };
        match serde_json::from_slice(json) {
            Ok(value) => Ok(Response::new(value, response)),
            Err(error) => {
                let error = DecodeError::misfit("$", error.to_string());
                Err(decode_error(error.with_raw(response.body.clone()))
                    .with_response(&response)
                    .with_call(&call, &method)
                    .with_path(path))
            }
        }
    }

    /// The path for errors: without the query, which may hold anything.
    fn path(&self) -> String {
        let url = self.url.as_ref();
        url.map_or_else(|_| String::new(), |url| url.path().to_owned())
    }

    /// Sends it and gives the answer undecoded.
    ///
    /// # Errors
    /// What the call gives.
    pub async fn raw(self) -> Result<RawResponse, Error> {
        let path = self.path();
        let sent = self.prepared().raw().await;
        sent.map_err(|error| error.with_path(path))
    }

    /// Every item of every page.
    pub fn stream<T: DeserializeOwned>(self) -> Items<T> {
        Items::new(self.pages())
    }

    /// The bytes of every item, not decoded.
    pub fn stream_raw(self) -> Items<Bytes> {
        Items::new(self.paged(Elements::next_raw))
    }

    /// Page by page, with the headers of each.
    pub fn pages<T: DeserializeOwned>(self) -> Pages<T> {
        self.paged(Elements::next_as)
    }

    fn paged<I>(self, next_item: NextItem<I>) -> Pages<I> {
        let property = self.list_property.clone().map(Into::into);
        Pages::new(self.prepared().walk(), next_item, property)
    }

    fn prepared(self) -> Prepared {
        let (body, request) = match (self.body.transpose(), self.url) {
            (Ok(body), Ok(url)) => (body, Ok(reqwest::Request::new(self.method.clone(), url))),
            (Err(error), _) | (_, Err(error)) => (None, Err(error)),
        };
        let mut prepared = Prepared::by_hand(self.client, self.method, self.call, request);
        prepared.insert(ACCEPT, "application/json");
        if let Some(body) = body {
            prepared.body("application/octet-stream", body);
        }
        for (name, value) in self.headers {
            prepared.insert(name, &value);
        }
        prepared
    }
}

/// A path that no operation has is paced by its first segments.
fn call_of(template: Option<Template>) -> Call {
    let (path, bucket) = template.unwrap_or_default();
    let mut call = Call::new(OPERATION, path);
    call.bucket = bucket;
    call
}

/// The URL of a path at the org. Put together as text, so that the path cannot lead elsewhere.
fn url_of(client: &Client, path: &str) -> Result<url::Url, Error> {
    let refuse = || {
        Error::invalid_argument(
            "path",
            "is not one of this org; write it as /api/v1/users/me",
        )
    };
    if !path.starts_with('/') {
        return Err(refuse());
    }
    url::Url::parse(&format!("{}{path}", client.org_url().as_str())).map_err(|_| refuse())
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &self.url.as_ref().map(url::Url::path).ok())
            .finish_non_exhaustive()
    }
}
