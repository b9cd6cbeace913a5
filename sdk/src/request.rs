//! A request that is ready to go, and knows what its answer is.

use std::borrow::Cow;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, InvalidHeaderValue};
use http::{HeaderValue, Method};
use okta_auth::{Call, RawResponse};
use serde::de::DeserializeOwned;

use crate::output::{Expected, Output};
use crate::paging::{Items, ListBody, NextItem, Pages, Walk};
use crate::{Client, Error, Response, codec};

/// Why a request could not be put together.
#[derive(Debug)]
pub(crate) enum BuildError {
    Header(InvalidHeaderValue),
    Request(reqwest::Error),
}

impl From<InvalidHeaderValue> for BuildError {
    fn from(error: InvalidHeaderValue) -> Self {
        Self::Header(error)
    }
}

impl From<reqwest::Error> for BuildError {
    fn from(error: reqwest::Error) -> Self {
        Self::Request(error)
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Header(source) => {
                Self::invalid_argument("header", "has characters that no header may have")
                    .with_source(source)
            }
            BuildError::Request(source) => {
                Self::other("the request cannot be built", source.without_url())
            }
        }
    }
}

/// A request of which nothing is known but how to send it. What all requests share is here, so
/// that it is compiled once and not for each type of answer.
pub(crate) struct Prepared {
    client: Client,
    method: Method,
    call: Call,
    request: Result<reqwest::Request, Error>,
    /// JSON name of the list that the answer wraps.
    list: Option<&'static str>,
}

impl Prepared {
    pub(crate) fn new(
        client: Client,
        method: Method,
        call: Call,
        request: Result<reqwest::Request, Error>,
    ) -> Self {
        let request = request.map_err(|error| error.with_call(&call, &method));
        let mut prepared = Self {
            client,
            method,
            call,
            request,
            list: None,
        };
        prepared.insert(ACCEPT, "application/json");
        prepared
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
                self.request = Err(error
                    .with_source(source)
                    .with_call(&self.call, &self.method));
            }
        }
    }

    pub(crate) fn body(&mut self, content_type: &str, body: Bytes) {
        self.insert(CONTENT_TYPE, content_type);
        if let Ok(request) = &mut self.request {
            *request.body_mut() = Some(body.into());
        }
    }

    pub(crate) fn send(self) -> BoxFuture<'static, Result<RawResponse, Error>> {
        Box::pin(async move { self.client.pipeline().send(self.request?, &self.call).await })
    }

    pub(crate) fn pages(self) -> Walk {
        Walk::new(self.client, self.call, self.request)
    }

    /// What is known of the answer: a `GET` is there for what it answers.
    fn expected(&self) -> Expected {
        let get = self.method == Method::GET;
        Expected {
            strictness: self.client.strictness(),
            body: get,
            list: self.list.filter(|_| get),
        }
    }
}

/// A call of one operation, ready to go.
///
/// - `.await` gives the value.
/// - [`send`](Self::send) gives the value with status, headers and request id.
/// - Of a list, [`stream`](Self::stream) gives every item of every page, and
///   [`pages`](Self::pages) page by page; awaited, it gives the first page.
///
/// Nothing is sent before that.
#[must_use = "a request does nothing until it is awaited or streamed"]
pub struct Request<T> {
    prepared: Prepared,
    output: PhantomData<fn() -> T>,
}

impl<T> Request<T> {
    pub(crate) fn new(
        client: Client,
        method: Method,
        call: Call,
        request: Result<reqwest::Request, Error>,
    ) -> Self {
        Self::from_prepared(Prepared::new(client, method, call, request))
    }

    pub(crate) fn from_prepared(prepared: Prepared) -> Self {
        Self {
            prepared,
            output: PhantomData,
        }
    }

    /// Asks for an answer in another format than JSON.
    #[cfg_attr(not(feature = "full"), allow(dead_code))] // some parts of the API have no use for it
    pub(crate) fn accept(mut self, content_type: &str) -> Self {
        self.prepared.insert(ACCEPT, content_type);
        self
    }

    /// Says that the answer is there for the list in its member of that name.
    #[allow(dead_code)] // some parts of the API have no use for it
    pub(crate) fn wraps(mut self, list: &'static str) -> Self {
        self.prepared.list = Some(list);
        self
    }

    /// Attaches a body.
    pub(crate) fn body(mut self, content_type: &str, body: Bytes) -> Self {
        self.prepared.body(content_type, body);
        self
    }

    /// Attaches a body if there is one.
    #[cfg_attr(not(feature = "full"), allow(dead_code))] // some parts of the API have no use for it
    pub(crate) fn optional_body(self, content_type: &str, body: Option<Bytes>) -> Self {
        match body {
            Some(body) => self.body(content_type, body),
            None => self,
        }
    }

    /// Limits the whole call, with its retries and waits, to `timeout`; each page of a list is a
    /// call. It replaces the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.prepared.call.timeout = Some(timeout);
        self
    }

    /// Says whether the request may be sent again after it may have arrived. Without this, all
    /// but `POST` and `PATCH` may.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.prepared.call.idempotent = Some(idempotent);
        self
    }

    /// Sets a header; an earlier value of that name gives way. A value with characters that no
    /// header may have makes the call fail before it is sent.
    pub fn header(mut self, name: HeaderName, value: impl AsRef<str>) -> Self {
        self.prepared.insert(name, value.as_ref());
        self
    }

    /// The same request twice. Query parameters in `refused` make it an argument error.
    #[cfg(feature = "system-log")]
    pub(crate) fn repeated(self, refused: &[&str]) -> Result<(Self, Self), Error> {
        let Prepared {
            client,
            method,
            call,
            request,
            list,
        } = self.prepared;
        let request = request?;
        let copy = request.try_clone().ok_or_else(|| {
            Error::invalid_argument("body", "is a stream and cannot be sent twice")
        })?;
        let refused = request
            .url()
            .query_pairs()
            .find_map(|(name, _)| refused.iter().find(|refused| **refused == name));
        if let Some(name) = refused {
            let error = Error::invalid_argument(name, "does not go with this; leave it out");
            return Err(error.with_call(&call, &method));
        }
        let prepared = |client, request| Prepared {
            client,
            method: method.clone(),
            call,
            request: Ok(request),
            list,
        };
        Ok((
            Self::from_prepared(prepared(client.clone(), request)),
            Self::from_prepared(prepared(client, copy)),
        ))
    }

    /// Sends it and gives the answer undecoded.
    ///
    /// # Errors
    /// As awaiting the request, but for decoding.
    pub async fn raw(self) -> Result<RawResponse, Error> {
        self.prepared.send().await
    }
}

impl<T: Output> Request<T> {
    /// Sends it and gives the value with status, headers and request id.
    pub fn send(self) -> SendFuture<T> {
        SendFuture {
            expected: self.prepared.expected(),
            call: self.prepared.call,
            method: self.prepared.method.clone(),
            response: self.prepared.send(),
            output: PhantomData,
        }
    }
}

impl<L: ListBody> Request<L> {
    /// Every item of every page, one page in memory at a time.
    pub fn stream(self) -> Items<L::Item> {
        Items::new(self.pages())
    }

    /// Every item, decoded into a type of yours and nothing else.
    pub fn stream_as<T: DeserializeOwned>(self) -> Items<T> {
        Items::new(self.paged(codec::Elements::next_as))
    }

    /// The bytes of every item, not decoded.
    pub fn stream_raw(self) -> Items<Bytes> {
        Items::new(self.paged(codec::Elements::next_raw))
    }

    /// Page by page, with the headers of each.
    pub fn pages(self) -> Pages<L::Item> {
        self.paged(codec::Elements::next_in)
    }

    fn paged<I>(self, next_item: NextItem<I>) -> Pages<I> {
        Pages::new(
            self.prepared.pages(),
            next_item,
            L::PROPERTY.map(Cow::Borrowed),
        )
    }
}

impl<T: Output> IntoFuture for Request<T> {
    type Output = Result<T, Error>;
    type IntoFuture = ValueFuture<T>;

    fn into_future(self) -> ValueFuture<T> {
        ValueFuture(self.send())
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("operation", &self.prepared.call.operation)
            .field("path", &self.prepared.call.path)
            .finish_non_exhaustive()
    }
}

/// A call on its way: gives a [`Response`].
#[must_use = "futures do nothing unless awaited"]
pub struct SendFuture<T> {
    response: BoxFuture<'static, Result<RawResponse, Error>>,
    call: Call,
    method: Method,
    expected: Expected,
    output: PhantomData<fn() -> T>,
}

impl<T: Output> Future for SendFuture<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.response.as_mut().poll(context))?;
        Poll::Ready(match T::from_response(&response, self.expected) {
            Ok(value) => Ok(Response::new(value, response)),
            Err(error) => Err(error
                .with_response(&response)
                .with_call(&self.call, &self.method)),
        })
    }
}

impl<T> fmt::Debug for SendFuture<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SendFuture")
            .field("operation", &self.call.operation)
            .finish()
    }
}

/// A call on its way: gives the decoded value.
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct ValueFuture<T>(SendFuture<T>);

impl<T: Output> Future for ValueFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0)
            .poll(context)
            .map_ok(Response::into_inner)
    }
}

/// What every call with options has: `awaited!(GetUser => models::User);`
#[allow(unused_macros)] // if no feature is on
macro_rules! awaited {
    ($call:ident => $output:ty) => {
        impl $call {
            /// Sends it and gives the value with status, headers and request id.
            pub fn send(self) -> $crate::SendFuture<$output> {
                self.request().send()
            }
        }

        impl std::future::IntoFuture for $call {
            type Output = Result<$output, $crate::Error>;
            type IntoFuture = $crate::ValueFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                self.request().into_future()
            }
        }

        impl std::fmt::Debug for $call {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                // Options may hold personal data, bodies secrets.
                formatter
                    .debug_struct(stringify!($call))
                    .finish_non_exhaustive()
            }
        }
    };
}

/// As `awaited!`, for a call that gives a list.
#[allow(unused_macros)] // if no feature is on
macro_rules! listed {
    ($call:ident => $output:ty) => {
        $crate::request::awaited!($call => $output);

        impl $call {
            /// Every item of every page, one page in memory at a time.
            pub fn stream(self) -> $crate::Items<<$output as $crate::ListBody>::Item> {
                self.request().stream()
            }

            /// Every item, decoded into a type of yours and nothing else.
            pub fn stream_as<T: serde::de::DeserializeOwned>(self) -> $crate::Items<T> {
                self.request().stream_as()
            }

            /// The bytes of every item, not decoded.
            pub fn stream_raw(self) -> $crate::Items<bytes::Bytes> {
                self.request().stream_raw()
            }

            /// Page by page, with the headers of each.
            pub fn pages(self) -> $crate::Pages<<$output as $crate::ListBody>::Item> {
                self.request().pages()
            }
        }
    };
}

#[allow(unused_imports)] // if no feature is on
pub(crate) use {awaited, listed};
