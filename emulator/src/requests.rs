//! What reached the org, for tests to look at.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::clock::Timestamp;

/// How many requests are remembered; older ones are forgotten.
const MOST: usize = 10_000;

/// How much of one body is remembered, in bytes.
const MOST_OF_BODY: usize = 256 * 1024;

/// How much of all bodies together is remembered, in bytes; older requests are forgotten.
const MOST_OF_BODIES: usize = 64 * 1024 * 1024;

/// What takes the place of what is not for logs.
pub(crate) const HIDDEN: &str = "[hidden]";

/// Headers whose values are not for logs.
const SECRET: [&str; 4] = ["authorization", "cookie", "dpop", "set-cookie"];

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
    /// What the org answered. None while it is at work, and where it did not come to an answer
    /// because the connection was reset.
    pub answer: Option<RecordedAnswer>,
    pub(crate) received: Timestamp,
}

/// What the org answered. `Debug` shows neither the values of `set-cookie` nor the body.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedAnswer {
    /// The status, such as 200.
    pub status: u16,
    /// Headers with lower-case names.
    pub headers: Vec<(String, String)>,
    /// The body, of which 256 KiB at most are kept. Empty if a fault broke it off.
    pub body: Vec<u8>,
    /// How long it took from the request to this answer, latencies of faults included.
    pub elapsed: Duration,
}

impl RecordedRequest {
    fn new(parts: &Parts, body: &[u8], received: Timestamp) -> Self {
        Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: texts(&parts.headers),
            body: beginning(body),
            answer: None,
            received,
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

    /// The length of the bodies.
    fn size(&self) -> usize {
        let answer = self.answer.as_ref();
        self.body.len() + answer.map_or(0, |answer| answer.body.len())
    }

    /// The body as JSON, if it is that.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl RecordedAnswer {
    pub(crate) fn new(status: u16, headers: &HeaderMap, body: &[u8], elapsed: Duration) -> Self {
        Self {
            status,
            headers: texts(headers),
            body: beginning(body),
            elapsed,
        }
    }
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let headers = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.to_string(), value.into_owned())
    });
    headers.collect()
}

fn beginning(body: &[u8]) -> Vec<u8> {
    body.get(..MOST_OF_BODY).unwrap_or(body).to_vec()
}

/// Headers for logs.
pub(crate) fn without_secrets(headers: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().map(|(name, value)| {
        let is_secret = SECRET.contains(&name.as_str());
        (name.as_str(), if is_secret { HIDDEN } else { value })
    })
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = without_secrets(&self.headers);
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &headers.collect::<Vec<_>>())
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RecordedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = without_secrets(&self.headers);
        f.debug_struct("RecordedAnswer")
            .field("status", &self.status)
            .field("headers", &headers.collect::<Vec<_>>())
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("elapsed", &self.elapsed)
            .finish()
    }
}

/// The latest requests, oldest first.
#[derive(Default)]
pub(crate) struct Requests(Mutex<Record>);

#[derive(Default)]
struct Record {
    requests: VecDeque<RecordedRequest>,
    /// How many requests there were before these: numbers are never used again.
    before: u64,
    /// The length of all bodies.
    bytes: usize,
}

impl Requests {
    /// Keeps a request, and gives its number.
    pub(crate) fn record(&self, parts: &Parts, body: &[u8], received: Timestamp) -> u64 {
        let mut record = self.lock();
        record.push(RecordedRequest::new(parts, body, received))
    }

    /// Keeps what a request was answered, unless the request is forgotten.
    pub(crate) fn answer(&self, number: u64, answer: RecordedAnswer) {
        let mut record = self.lock();
        let length = answer.body.len();
        if let Some(request) = record.get_mut(number) {
            request.answer = Some(answer);
            record.bytes += length;
            record.trim();
        }
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.lock().requests.iter().cloned().collect()
    }

    /// How many requests are kept.
    pub(crate) fn count(&self) -> usize {
        self.lock().requests.len()
    }

    /// A request by its number.
    pub(crate) fn get(&self, number: u64) -> Option<RecordedRequest> {
        self.lock().get_mut(number).cloned()
    }

    /// What `show` makes of the latest requests below a number, the latest one first, `most` at most.
    pub(crate) fn latest<T>(
        &self,
        below: u64,
        most: usize,
        show: impl Fn(u64, &RecordedRequest) -> T,
    ) -> Vec<T> {
        let record = self.lock();
        let numbered = record.requests.iter().enumerate().rev();
        let numbered = numbered.map(|(index, request)| (record.before + index as u64, request));
        let latest = numbered.skip_while(|(number, _)| *number >= below);
        let latest = latest.take(most);
        latest
            .map(|(number, request)| show(number, request))
            .collect()
    }

    pub(crate) fn clear(&self) {
        let mut record = self.lock();
        let before = record.before + record.requests.len() as u64;
        *record = Record {
            before,
            ..Record::default()
        };
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn push(&mut self, request: RecordedRequest) -> u64 {
        let number = self.before + self.requests.len() as u64;
        self.bytes += request.size();
        self.requests.push_back(request);
        self.trim();
        number
    }

    fn get_mut(&mut self, number: u64) -> Option<&mut RecordedRequest> {
        let index = number.checked_sub(self.before)?;
        self.requests.get_mut(usize::try_from(index).ok()?)
    }

    /// Forgets the oldest requests where there are too many.
    fn trim(&mut self) {
        while self.requests.len() > MOST || self.bytes > MOST_OF_BODIES {
            let oldest = self.requests.pop_front();
            self.bytes -= oldest.map_or(0, |oldest| oldest.size());
            self.before += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::http::Request;

    use super::*;
    use crate::clock::Clock;

    fn now() -> Timestamp {
        Clock::default().stamp()
    }

    fn parts() -> Parts {
        let request = Request::post("/api/v1/users?activate=true")
            .header("authorization", "SSWS 00secret")
            .header("accept", "application/json");
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_request_is_kept_whole_and_shown_without_secrets() {
        let requests = Requests::default();
        requests.record(&parts(), br#"{"password":"hunter2"}"#, now());
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
            requests.record(&parts(), &body, now());
        }
        let kept = requests.all();
        assert_eq!(kept.len(), MOST_OF_BODIES / MOST_OF_BODY);
        assert!(
            kept.iter()
                .all(|request| request.body.len() == MOST_OF_BODY)
        );
    }

    #[test]
    fn an_answer_belongs_to_its_request_and_counts_against_the_bound() {
        let requests = Requests::default();
        let body = vec![b'x'; MOST_OF_BODY];
        let answer = || RecordedAnswer::new(201, &HeaderMap::new(), &body, Duration::ZERO);
        let first = requests.record(&parts(), b"", now());
        requests.answer(first, answer());
        assert_eq!(requests.get(first).unwrap().answer.unwrap().status, 201);
        for _ in 0..MOST_OF_BODIES / MOST_OF_BODY {
            let number = requests.record(&parts(), b"", now());
            requests.answer(number, answer());
        }
        assert!(requests.get(first).is_none());
        // An answer to what is forgotten changes nothing.
        requests.answer(first, answer());
        let kept = requests.latest(u64::MAX, 2, |number, _| number);
        assert_eq!(kept, [first + 256, first + 255]);
        assert_eq!(
            requests.latest(first + 2, 2, |number, _| number),
            [first + 1]
        );
        requests.clear();
        assert_eq!(requests.record(&parts(), b"", now()), first + 257);
    }
}
