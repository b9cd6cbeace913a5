//! A call that is ready to go.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Method};
use okta_auth::{Call, RawResponse};

use crate::body;
use crate::codec::Place;
use crate::output::{Expected, Output};
use crate::paging::Walk;
use crate::{Client, Error, FilePart, Operation, Response};

/// Why `wire` could not build a request.
#[allow(dead_code)] // unused if no feature is on
pub(crate) fn built_error(error: reqwest::Error) -> Error {
    Error::other("the request cannot be built", error.without_url())
}

/// A call of which nothing is known but how to send it. What all calls share is here, so that it
/// is compiled once and not for each operation.
pub(crate) struct Prepared {
    client: Client,
    method: Method,
    call: Call,
    request: Result<reqwest::Request, Error>,
    /// Query parameters that are not in the request yet.
    query: Vec<(&'static str, String)>,
    /// What is known of it; `None` of a request put together by hand.
    operation: Option<&'static Operation>,
}

impl Prepared {
    /// A call of an operation.
    #[allow(dead_code)] // unused if no feature is on
    pub(crate) fn new(
        client: &Client,
        operation: &'static Operation,
        request: Result<reqwest::Request, Error>,
    ) -> Self {
        let mut prepared = Self::by_hand(
            client.clone(),
            operation.method.clone(),
            operation.call(),
            request,
        );
        prepared.insert(ACCEPT, operation.accept);
        prepared.operation = Some(operation);
        prepared
    }

    /// A request that no operation describes.
    pub(crate) fn by_hand(
        client: Client,
        method: Method,
        call: Call,
        request: Result<reqwest::Request, Error>,
    ) -> Self {
        let request = request.map_err(|error| error.with_call(&call, &method));
        Self {
            client,
            method,
            call,
            request,
            query: Vec::new(),
            operation: None,
        }
    }

    pub(crate) fn timeout(&mut self, timeout: Duration) {
        self.call.timeout = Some(timeout);
    }

    pub(crate) fn idempotent(&mut self, idempotent: bool) {
        self.call.idempotent = Some(idempotent);
    }

    /// Sets a query parameter; an earlier value gives way.
    pub(crate) fn query(&mut self, name: &'static str, value: String) {
        self.query_each(name, [value]);
    }

    /// Sets a query parameter that is sent once for each value; earlier values give way.
    pub(crate) fn query_each(
        &mut self,
        name: &'static str,
        values: impl IntoIterator<Item = String>,
    ) {
        self.query.retain(|(other, _)| *other != name);
        self.query
            .extend(values.into_iter().map(|value| (name, value)));
    }

    /// Sets a header; an earlier value gives way.
    pub(crate) fn insert(&mut self, name: HeaderName, value: &str) {
        let Ok(request) = &mut self.request else {
            return;
        };
        match HeaderValue::try_from(value) {
            Ok(value) => drop(request.headers_mut().insert(name, value)),
            Err(source) => {
                let error = Error::invalid_argument(
                    name.as_str(),
                    "has characters that no header may have; write visible ASCII",
                );
                self.fail(error.with_source(source));
            }
        }
    }

    /// Sets a header that Okta's document names.
    #[allow(dead_code)] // some parts of the API have none
    pub(crate) fn header(&mut self, name: &'static str, value: &str) {
        match HeaderName::try_from(name) {
            Ok(name) => self.insert(name, value),
            Err(source) => {
                self.fail(Error::invalid_argument(name, "names no header").with_source(source));
            }
        }
    }

    /// Makes the call fail before it is sent, unless it does already.
    fn fail(&mut self, error: Error) {
        if self.request.is_ok() {
            self.request = Err(error.with_call(&self.call, &self.method));
        }
    }

    pub(crate) fn body(&mut self, content_type: &str, body: Bytes) {
        self.insert(CONTENT_TYPE, content_type);
        if let Ok(request) = &mut self.request {
            *request.body_mut() = Some(body.into());
        }
    }

    /// Attaches a model.
    #[allow(dead_code)] // some parts of the API have none
    pub(crate) fn json(&mut self, body: &dyn Place) {
        match body::encoded(body) {
            Ok(body) => self.bytes(body),
            Err(error) => self.fail(error),
        }
    }

    /// Attaches bytes, of the operation's content type unless the caller has named one.
    #[allow(dead_code)] // some parts of the API have none
    pub(crate) fn bytes(&mut self, body: Bytes) {
        let Ok(request) = &mut self.request else {
            return;
        };
        *request.body_mut() = Some(body.into());
        if let (Some(operation), None) = (self.operation, request.headers().get(CONTENT_TYPE)) {
            self.insert(CONTENT_TYPE, operation.content_type);
        }
    }

    #[allow(dead_code)] // some parts of the API have none
    pub(crate) fn with_json(mut self, body: &dyn Place) -> Self {
        self.json(body);
        self
    }

    #[allow(dead_code)] // some parts of the API have none
    pub(crate) fn with_bytes(mut self, body: Bytes) -> Self {
        self.bytes(body);
        self
    }

    /// Attaches a form with a file in `field`.
    #[allow(dead_code)] // some parts of the API have none
    pub(crate) fn with_file(mut self, field: &str, file: FilePart) -> Self {
        let (content_type, form) = file.into_form(field);
        self.body(&content_type, form);
        self
    }

    /// The same call twice. Query parameters in `refused` make it an argument error.
    #[cfg(feature = "system-log")]
    pub(crate) fn repeated(mut self, refused: &[&str]) -> Result<(Self, Self), Error> {
        let refused = self.query.iter().find(|(name, _)| refused.contains(name));
        if let Some((name, _)) = refused {
            self.fail(Error::invalid_argument(
                name,
                "does not go with this; leave it out",
            ));
        }
        let request = self.request?;
        let copy = request.try_clone().ok_or_else(|| {
            Error::invalid_argument("body", "is a stream and cannot be sent twice")
        })?;
        let again = Self {
            client: self.client.clone(),
            method: self.method.clone(),
            call: self.call,
            request: Ok(copy),
            query: self.query.clone(),
            ..self
        };
        let first = Self {
            request: Ok(request),
            ..self
        };
        Ok((first, again))
    }

    /// Makes the call fail if it would list without end.
    pub(crate) fn end_is_required(&mut self) {
        let Some(needed) = self.operation.and_then(|operation| operation.ends_with) else {
            return;
        };
        if !self.query.iter().any(|(name, _)| *name == needed) {
            self.fail(Error::invalid_argument(
                needed,
                "is required here, as the list goes on for ever without it; use \
                 `range(since, until)` for a part of it, or `tail` to follow it",
            ));
        }
    }

    /// The request as it is to be sent.
    fn finished(&mut self) -> Result<reqwest::Request, Error> {
        // In a fixed order, so that equal calls are equal on the wire.
        self.query.sort_by_key(|(name, _)| *name);
        let failed = Err(Error::invalid_argument("request", "was sent already"));
        let mut request = std::mem::replace(&mut self.request, failed)?;
        if !self.query.is_empty() {
            let mut pairs = request.url_mut().query_pairs_mut();
            pairs.extend_pairs(&self.query);
        }
        Ok(request)
    }

    async fn answer(mut self) -> Result<RawResponse, Error> {
        let request = self.finished()?;
        self.client.pipeline().send(request, &self.call).await
    }

    /// The undecoded answer.
    pub(crate) fn raw(self) -> CallFuture<RawResponse> {
        CallFuture::new(self.call.operation, self.answer())
    }

    /// The decoded answer with what came beside it.
    pub(crate) fn send<T: Output>(self) -> CallFuture<Response<T>> {
        CallFuture::new(self.call.operation, self.response())
    }

    /// The decoded answer.
    pub(crate) fn value<T: Output>(self) -> CallFuture<T> {
        CallFuture::new(self.call.operation, async {
            self.response().await.map(Response::into_inner)
        })
    }

    async fn response<T: Output>(self) -> Result<Response<T>, Error> {
        let (expected, call, method) = (self.expected(), self.call, self.method.clone());
        let response = self.answer().await?;
        match T::from_response(&response, expected) {
            Ok(value) => Ok(Response::new(value, response)),
            Err(error) => Err(error.with_response(&response).with_call(&call, &method)),
        }
    }

    pub(crate) fn walk(mut self) -> Walk {
        let request = self.finished();
        Walk::new(self.client, self.call, request)
    }

    /// Okta's operation id.
    pub(crate) fn operation(&self) -> &'static str {
        self.call.operation
    }

    /// JSON name of the list that the answer wraps.
    pub(crate) fn list(&self) -> Option<&'static str> {
        self.operation?.list
    }

    /// What is known of the answer: a `GET` is there for what it answers.
    fn expected(&self) -> Expected {
        Expected {
            strictness: self.client.strictness(),
            body: self.method == Method::GET,
        }
    }
}

/// A call on its way. Nothing is sent until it is polled.
///
/// Dropping it breaks the call off. A request that was being sent may have arrived then: what a
/// `GET` asks for is lost and nothing else, but a `POST`, `PUT`, `PATCH` or `DELETE` may have done
/// its work. Look before you send it again. To limit its time, prefer the call's `timeout`, whose
/// error says how far the call came.
#[must_use = "futures do nothing unless awaited"]
pub struct CallFuture<T> {
    operation: &'static str,
    future: BoxFuture<'static, Result<T, Error>>,
}

impl<T> CallFuture<T> {
    pub(crate) fn new(
        operation: &'static str,
        future: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Self {
        Self {
            operation,
            future: Box::pin(future),
        }
    }
}

impl<T> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.future.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CallFuture")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}
