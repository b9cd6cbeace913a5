//! One sending of a request: the seam between the retry loop and the network.

use std::error::Error as StdError;
use std::fmt::Debug;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use reqwest::Request;

/// Sends a request once and reads the whole answer.
pub(crate) trait Transport: Debug + Send + Sync {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, Broken>>;
}

/// A complete answer, of whatever status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The request got no complete answer.
#[derive(Debug)]
pub(crate) struct Broken {
    /// No connection was made, so the request cannot have arrived.
    pub(crate) unsent: bool,
    pub(crate) timed_out: bool,
    pub(crate) source: Box<dyn StdError + Send + Sync>,
}

impl From<reqwest::Error> for Broken {
    fn from(error: reqwest::Error) -> Self {
        Self {
            unsent: error.is_connect() || error.is_builder(),
            timed_out: error.is_timeout(),
            // The URL may hold names or one-time tokens; errors name the path template instead.
            source: error.without_url().into(),
        }
    }
}

impl Transport for reqwest::Client {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, Broken>> {
        async move {
            let response = self.execute(request).await?;
            Ok(Answer {
                status: response.status(),
                headers: response.headers().clone(),
                // A body that breaks off is a failed attempt, not a short answer.
                body: response.bytes().await?,
            })
        }
        .boxed()
    }
}
