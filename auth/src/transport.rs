//! One sending of a request: the seam between the retry loop and the network.

use std::error::Error as StdError;
use std::fmt::Debug;

use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use reqwest::{Request, Response};

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
            let mut response = self.execute(request).await?;
            Ok(Answer {
                status: response.status(),
                headers: std::mem::take(response.headers_mut()),
                // A body that breaks off is a failed attempt, not a short answer.
                body: body_of(response).await?,
            })
        }
        .boxed()
    }
}

/// A server that announces more than this gets memory as it sends.
const MOST_ANNOUNCED: usize = 64 << 20;

/// The whole body. It is put together as it arrives: a page is in memory once, and not in the
/// pieces that it came in as well.
async fn body_of(mut response: Response) -> Result<Bytes, reqwest::Error> {
    let announced = response.content_length().unwrap_or(0);
    let Some(first) = response.chunk().await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = response.chunk().await? else {
        return Ok(first);
    };
    let announced = usize::try_from(announced).map_or(MOST_ANNOUNCED, |it| it.min(MOST_ANNOUNCED));
    let mut body = BytesMut::with_capacity(announced.max(first.len() + second.len()));
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    drop((first, second));
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
