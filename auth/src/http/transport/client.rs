//! Sending over a [`reqwest::Client`].

use std::mem;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, Entry};
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::{Request, Response};

use super::body::{Body, Coding};
use super::{Answer, Broken, SendError, Transport};
use crate::Call;

/// A client of a pipeline's own.
#[derive(Clone, Debug)]
pub(crate) struct HttpClient {
    client: reqwest::Client,
    /// Whether to ask for `gzip`.
    compression: bool,
}

impl HttpClient {
    /// `client` inflates nothing itself.
    pub(crate) fn new(client: reqwest::Client, compression: bool) -> Self {
        Self {
            client,
            compression,
        }
    }
}

impl Transport for HttpClient {
    async fn send(&self, mut request: Request, call: &Call) -> Result<Answer, SendError> {
        let asked = self.compression && ask_for_gzip(request.headers_mut());
        let response = self.client.execute(request).await?;
        let coding = match asked {
            true => coding(response.headers()),
            false => Coding::Plain,
        };
        read(response, call, coding).await
    }
}

/// A client that follows no redirects (`redirect::Policy::none()`). What it inflates is bounded
/// after it is inflated.
impl Transport for reqwest::Client {
    async fn send(&self, request: Request, call: &Call) -> Result<Answer, SendError> {
        let response = self.execute(request).await?;
        read(response, call, Coding::Plain).await
    }
}

impl Answer {
    /// Reads `response` to its end, or to the limit of `call`; for transports of your own that send
    /// with `reqwest`. A body that is still `gzip` is inflated.
    ///
    /// # Errors
    /// [`SendError::Broken`] if the body breaks off, or is no `gzip` although it says so.
    pub async fn read(response: Response, call: &Call) -> Result<Self, SendError> {
        let coding = coding(response.headers());
        read(response, call, coding).await
    }
}

/// Asks for `gzip`, unless the request says itself what it takes.
fn ask_for_gzip(headers: &mut HeaderMap) -> bool {
    let Entry::Vacant(entry) = headers.entry(ACCEPT_ENCODING) else {
        return false;
    };
    entry.insert(HeaderValue::from_static("gzip"));
    true
}

/// Reads the answer to its end or its limit. A body that breaks off is a failed attempt, and not a
/// short answer.
async fn read(mut response: Response, call: &Call, coding: Coding) -> Result<Answer, SendError> {
    let status = response.status();
    let mut headers = mem::take(response.headers_mut());
    if coding == Coding::Gzip {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    let limit = call.limit(status);
    let announced = response.content_length().unwrap_or(0);
    let answer = Answer::new(status, headers, Bytes::new());
    if status.is_success() && announced > coding.most_on_the_wire(limit) as u64 {
        return Ok(answer.truncated());
    }
    let mut body = Body::new(coding, limit, announced);
    while let Some(chunk) = response.chunk().await? {
        if !body.push(chunk).map_err(Broken::may_have_arrived)? {
            return Ok(cut(answer, body, status));
        }
    }
    Ok(match body.finish().map_err(Broken::may_have_arrived)? {
        true => Answer {
            body: body.take(),
            ..answer
        },
        false => cut(answer, body, status),
    })
}

/// The answer with what was kept of its body, if that is of use.
fn cut(answer: Answer, mut body: Body, status: StatusCode) -> Answer {
    let body = match status.is_success() {
        true => Bytes::new(),
        false => body.take(),
    };
    Answer { body, ..answer }.truncated()
}

/// How the body of an answer with `headers` comes, as far as it can be inflated here.
fn coding(headers: &HeaderMap) -> Coding {
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    let only = codings.next().filter(|_| codings.next().is_none());
    match only.and_then(|value| value.to_str().ok()).map(str::trim) {
        // The older name is the same coding (RFC 9110, section 8.4.1.3).
        Some(name) if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => {
            Coding::Gzip
        }
        _ => Coding::Plain,
    }
}
