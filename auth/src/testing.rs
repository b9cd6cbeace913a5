//! What the tests of several modules need: responses from plain pairs, and a scripted transport.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use reqwest::Request;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::Call;
use crate::http::transport::{Answer, Broken, SendError, Transport};

/// Headers in the given order, repeated names kept.
pub(crate) fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .filter_map(|(name, value)| {
            Some((
                HeaderName::from_bytes(name.as_bytes()).ok()?,
                HeaderValue::from_bytes(value.as_bytes()).ok()?,
            ))
        })
        .fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        })
}

/// A complete answer.
pub(crate) fn answer(status: u16, pairs: &[(&str, &str)], body: &str) -> Answer {
    Answer::new(
        StatusCode::from_u16(status).unwrap_or_default(),
        headers(pairs),
        Bytes::copy_from_slice(body.as_bytes()),
    )
}

/// What a [`Script`] does with a request: after this time, answer or break.
pub(crate) type Reply = (Duration, Result<Answer, Broken>);

type Replies = dyn Fn(usize, &Request) -> Reply + Send + Sync;

/// A request as it was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) at: Instant,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
}

/// A transport that answers from a function of the number of the request (from 0) and the
/// request itself, and remembers what was sent.
#[derive(Clone)]
pub(crate) struct Script(Arc<Inner>);

struct Inner {
    reply: Box<Replies>,
    sent: Mutex<Vec<Sent>>,
}

impl Script {
    pub(crate) fn new(reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            reply: Box::new(reply),
            sent: Mutex::default(),
        }))
    }

    /// Hands what was sent to `look`.
    pub(crate) fn sent<T>(&self, look: impl FnOnce(&[Sent]) -> T) -> T {
        look(&self.0.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The seconds since `start` at which requests were sent.
    pub(crate) fn times(&self, start: Instant) -> Vec<f64> {
        self.sent(|sent| {
            sent.iter()
                .map(|sent| (sent.at - start).as_secs_f64())
                .collect()
        })
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Transport for Script {
    async fn send(&self, request: Request, _: &Call) -> Result<Answer, SendError> {
        let number = {
            let mut sent = self.0.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.push(Sent {
                at: Instant::now(),
                url: request.url().clone(),
                headers: request.headers().clone(),
            });
            sent.len() - 1
        };
        let (after, result) = (self.0.reply)(number, &request);
        sleep(after).await;
        Ok(result?)
    }
}

/// A reply at once.
pub(crate) fn reply(status: u16, pairs: &[(&str, &str)], body: &str) -> Reply {
    (Duration::ZERO, Ok(answer(status, pairs, body)))
}

/// The connection breaks, before or after the request was sent.
pub(crate) fn broken(unsent: bool) -> Reply {
    (
        Duration::ZERO,
        Err(Broken {
            unsent,
            timed_out: false,
            source: "reset by peer".into(),
        }),
    )
}
