//! What a script says to a request.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, LINK};
use http::{HeaderMap, HeaderValue, StatusCode};
use okta_auth::transport::{self, Broken, SendError};
use serde_json::Value;

use crate::Error;

/// An answer of a [`Script`](super::Script).
///
/// ```
/// use okta_sdk::testing::Answer;
/// use serde_json::json;
///
/// let slow = Answer::new(429, json!({"errorCode": "E0000047"}))
///     .header("retry-after", "3")
///     .after(std::time::Duration::from_secs(1));
/// ```
#[derive(Clone, Debug)]
#[must_use = "an answer does nothing until it is given to a script"]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
    after: Duration,
}

impl Answer {
    /// An answer with this status and JSON; `json!(null)` is one without a body.
    pub fn new(status: u16, body: impl Into<Value>) -> Self {
        match body.into() {
            Value::Null => Self::with_body(status, Bytes::new()),
            body => Self::with_body(status, body.to_string())
                .header(CONTENT_TYPE.as_str(), "application/json"),
        }
    }

    /// An answer whose body is no JSON, or JSON as you have written it.
    pub fn with_body(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            after: Duration::ZERO,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Says that the list goes on at `path_and_query` of the org, such as `/api/v1/users?after=2`.
    pub fn next_page(self, path_and_query: &str) -> Self {
        let link = format!("<{path_and_query}>; rel=\"next\"");
        self.header(LINK.as_str(), &link)
    }

    /// Answers only after this time of tokio's clock.
    pub fn after(mut self, time: Duration) -> Self {
        self.after = time;
        self
    }

    fn to_sent(&self) -> Result<transport::Answer, Error> {
        let status = StatusCode::from_u16(self.status).map_err(|_| {
            let status = self.status;
            Error::configuration(format!(
                "the script answers with the status {status}, which is none; write 200 to 599"
            ))
        })?;
        let headers: Option<HeaderMap> = self
            .headers
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::try_from(name).ok()?;
                Some((name, HeaderValue::try_from(value).ok()?))
            })
            .try_fold(HeaderMap::new(), |mut headers, header| {
                let (name, value) = header?;
                headers.append(name, value);
                Some(headers)
            });
        let headers = headers.ok_or_else(|| {
            Error::configuration("the script answers with a header that none may be; write ASCII")
        })?;
        Ok(transport::Answer::new(status, headers, self.body.clone()))
    }
}

/// How a request gets no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// No connection was made: the request has not arrived, and is retried whatever its method.
    Connect,
    /// The connection broke before the answer came: the request may have arrived, so a `POST` is
    /// not retried.
    Disconnect,
    /// The answer took too long. The request may have arrived. No time passes.
    Timeout,
}

impl Failure {
    fn to_broken(self) -> Broken {
        match self {
            Self::Connect => Broken::unsent("scripted: no connection"),
            Self::Disconnect => Broken::may_have_arrived("scripted: the connection broke"),
            Self::Timeout => Broken::may_have_arrived("scripted: no answer in time").timed_out(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Reply {
    Answer(Answer),
    Failure(Failure),
}

impl Reply {
    pub(super) async fn play(&self) -> Result<transport::Answer, SendError> {
        match self {
            Self::Failure(failure) => Err(failure.to_broken().into()),
            Self::Answer(answer) => {
                tokio::time::sleep(answer.after).await;
                Ok(answer.to_sent()?)
            }
        }
    }
}
