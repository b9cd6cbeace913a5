//! Where the requests of a call come from.

use std::fmt;

use futures::future::BoxFuture;
use http::Method;
use reqwest::Request;
use url::Url;

use crate::Error;

/// Makes a new request for each sending, for what must not be sent twice, such as a client
/// assertion with its `jti`.
pub(crate) type Make<'a> =
    Box<dyn Fn() -> BoxFuture<'a, Result<Request, Error>> + Send + Sync + 'a>;

/// One request after another, all to one URL.
pub(super) struct Source<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    requests: Requests<'a>,
}

// One lives in each call's own allocation; a second one would cost more than the space.
#[allow(clippy::large_enum_variant)]
enum Requests<'a> {
    /// The request and, after it was sent, its copy; none if it has a streaming body.
    Copies(Option<Box<Request>>),
    Made(Make<'a>),
}

impl<'a> Source<'a> {
    pub(super) fn copies(request: Request) -> Self {
        Self {
            method: request.method().clone(),
            url: request.url().clone(),
            requests: Requests::Copies(Some(Box::new(request))),
        }
    }

    pub(super) fn made(method: Method, url: Url, make: Make<'a>) -> Self {
        Self {
            method,
            url,
            requests: Requests::Made(make),
        }
    }

    /// The next request to send.
    pub(super) async fn next(&mut self) -> Result<Request, Error> {
        match &mut self.requests {
            Requests::Made(make) => make().await,
            Requests::Copies(slot) => {
                let request = slot.take().ok_or_else(|| {
                    Error::invalid_argument("request", "has a body that can be sent once only")
                })?;
                *slot = request.try_clone().map(Box::new);
                Ok(*request)
            }
        }
    }

    /// Whether there is another request after the latest one.
    pub(super) fn has_next(&self) -> bool {
        !matches!(self.requests, Requests::Copies(None))
    }
}

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source")
    }
}
