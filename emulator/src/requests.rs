//! What reached the org, for tests to look at.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::header;
use axum::http::request::Parts;

/// How many requests are remembered; older ones are forgotten.
const MOST: usize = 10_000;

/// How much of one body is remembered, in bytes.
const MOST_OF_BODY: usize = 256 * 1024;

/// How much of all bodies together is remembered, in bytes; older requests are forgotten.
const MOST_OF_BODIES: usize = 64 * 1024 * 1024;

/// What takes the place of what is not for logs.
const HIDDEN: &str = "[hidden]";

/// A request that reached the org. Its headers and its body are as they were sent, secrets included;
/// `Debug` shows neither the values of `authorization`, `cookie` and `dpop` nor the body.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, such as `POST`.
    pub method: String,
    /// The path as it was sent, still encoded.
    pub path: String,
    /// The query as it was sent, still encoded, without the question mark.
    pub query: Option<String>,
    /// Headers with lower-case names.
    pub headers: Vec<(String, String)>,
    /// The body, of which 256 KiB at most are kept.
    pub body: Vec<u8>,
}

impl RecordedRequest {
    fn new(parts: &Parts, body: &[u8]) -> Self {
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        });
        Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: headers.collect(),
            body: body.get(..MOST_OF_BODY).unwrap_or(body).to_vec(),
        }
    }

    /// The first header of this name, in any letter case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON, if it is that.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = [
            header::AUTHORIZATION.as_str(),
            header::COOKIE.as_str(),
            "dpop",
        ];
        let shown = self.headers.iter().map(|(name, value)| {
            let is_secret = secret.contains(&name.as_str());
            (name.as_str(), if is_secret { HIDDEN } else { value })
        });
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &shown.collect::<Vec<_>>())
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .finish()
    }
}

/// The latest requests, oldest first.
#[derive(Default)]
pub(crate) struct Requests(Mutex<Record>);

#[derive(Default)]
struct Record {
    requests: VecDeque<RecordedRequest>,
    /// The length of all bodies.
    bytes: usize,
}

impl Requests {
    pub(crate) fn record(&self, parts: &Parts, body: &[u8]) {
        self.lock().push(RecordedRequest::new(parts, body));
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.lock().requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Record::default();
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn push(&mut self, request: RecordedRequest) {
        self.bytes += request.body.len();
        self.requests.push_back(request);
        while self.requests.len() > MOST || self.bytes > MOST_OF_BODIES {
            let oldest = self.requests.pop_front();
            self.bytes -= oldest.map_or(0, |oldest| oldest.body.len());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::http::Request;

    use super::*;

    fn parts() -> Parts {
        let request = Request::post("/api/v1/users?activate=true")
            .header("authorization", "SSWS 00secret")
            .header("accept", "application/json");
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_request_is_kept_whole_and_shown_without_secrets() {
        let requests = Requests::default();
        requests.record(&parts(), br#"{"password":"hunter2"}"#);
        let request = requests.all().remove(0);
        assert_eq!(request.header("Authorization"), Some("SSWS 00secret"));
        assert_eq!(request.json().unwrap()["password"], "hunter2");
        let shown = format!("{request:?}");
        assert!(
            !shown.contains("00secret") && !shown.contains("hunter2"),
            "{shown}"
        );
        assert!(
            shown.contains("application/json") && shown.contains("[22 bytes]"),
            "{shown}"
        );
    }

    #[test]
    fn bodies_are_bounded_one_by_one_and_together() {
        let requests = Requests::default();
        let body = vec![b'x'; MOST_OF_BODY + 1];
        for _ in 0..=MOST_OF_BODIES / MOST_OF_BODY {
            requests.record(&parts(), &body);
        }
        let kept = requests.all();
        assert_eq!(kept.len(), MOST_OF_BODIES / MOST_OF_BODY);
        assert!(
            kept.iter()
                .all(|request| request.body.len() == MOST_OF_BODY)
        );
    }
}
