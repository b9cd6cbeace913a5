//! Recorded exchanges through the SDK's types and back.
//!
//! A corpus has one JSON object on each line: `operation_id`, `status`, and the JSON of
//! `request_body` and `response_body`, null where there was none.

use std::fmt;

use okta_sdk::ErrorBody;
use okta_sdk::models::DecodeError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fidelity::differences;
use crate::round_trip::{self, Passage, unreadable};
use crate::scripted;

/// What a body, or a whole line, did not survive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Number of the line, from 1.
    pub line: usize,
    /// Okta's operation id; empty where the line has none.
    pub operation: String,
    /// What of the exchange.
    pub part: Part,
    /// Whether it could be decoded, and differed afterwards.
    pub decoded: bool,
    /// JSON path of the place.
    pub path: String,
    /// What went wrong there.
    pub reason: String,
}

/// What of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The request's body.
    Request,
    /// The body of an accepted request, as it is sent.
    Sent,
    /// The body of a successful response.
    Response,
    /// The body of any other response.
    Error,
    /// The line of the corpus itself.
    Line,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            operation,
            part,
            path,
            reason,
            ..
        } = self;
        let operation = if operation.is_empty() { "?" } else { operation };
        let part = match part {
            Part::Request => "request",
            Part::Sent => "sent",
            Part::Response => "response",
            Part::Error => "error",
            Part::Line => "line",
        };
        write!(
            formatter,
            "line {line}: {operation} {part} {path}: {reason}"
        )
    }
}

/// How many exchanges there were, and how they fared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Recorded exchanges.
    pub pairs: usize,
    /// Those of which every body could be decoded.
    pub decoded: usize,
    /// Those of which every body came back as it was.
    pub lossless: usize,
    /// Requests with a body that Okta accepted.
    pub accepted: usize,
    /// Those that would be sent again as they were.
    pub sent: usize,
}

impl Totals {
    /// Whether every exchange came back as it was, and every request would be sent again so.
    #[must_use]
    pub fn all_kept(&self) -> bool {
        self.lossless == self.pairs && self.sent == self.accepted
    }

    /// Checks one line of a corpus, recorded with operations of that document, by its number from 1, counts it, and gives what failed.
    pub fn check(&mut self, document: &str, line: usize, text: &str) -> Vec<Failure> {
        let Checked { failures, accepted } = check(document, line, text);
        let is_sent = |failure: &&Failure| failure.part == Part::Sent;
        let of_sending = failures.iter().filter(is_sent).count();
        self.pairs += 1;
        self.decoded += usize::from(failures.iter().all(|failure| failure.decoded));
        self.lossless += usize::from(failures.len() == of_sending);
        self.accepted += usize::from(accepted);
        self.sent += usize::from(accepted && of_sending == 0);
        failures
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pairs,
            decoded,
            lossless,
            accepted,
            sent,
        } = self;
        write!(
            formatter,
            "pairs {pairs}, decoded {decoded}, lossless {lossless}, sent {sent} of {accepted}"
        )
    }
}

#[derive(Deserialize)]
struct Exchange {
    operation_id: String,
    status: u16,
    request_body: Option<Value>,
    response_body: Option<Value>,
}

/// What became of an exchange.
struct Checked {
    failures: Vec<Failure>,
    /// Whether it has a request body that Okta accepted.
    accepted: bool,
}

impl Checked {
    /// A line that is no exchange.
    fn no_exchange(line: usize, operation: &str, reason: String) -> Self {
        let failure = Failure {
            line,
            operation: operation.to_owned(),
            part: Part::Line,
            decoded: false,
            path: "$".to_owned(),
            reason,
        };
        Self {
            failures: vec![failure],
            accepted: false,
        }
    }
}

fn check(document: &str, line: usize, text: &str) -> Checked {
    let exchange: Exchange = match serde_json::from_str(text) {
        Ok(exchange) => exchange,
        Err(error) => {
            return Checked::no_exchange(line, "", format!("no recorded exchange: {error}"));
        }
    };
    let Exchange {
        operation_id,
        status,
        request_body,
        response_body,
    } = exchange;
    let Some(types) = round_trip::of(document, &operation_id) else {
        let reason = format!("no operation of {document} has this id");
        return Checked::no_exchange(line, &operation_id, reason);
    };
    let success = (200..300).contains(&status);
    let (part, response) = match types.response {
        _ if !success => (Part::Error, through_error as Passage),
        Some(journey) => (Part::Response, journey.whole),
        None => (Part::Response, any_json as Passage),
    };
    let mut failures = Vec::new();
    let mut check = |part, passage: &dyn Fn(&[u8]) -> Result<Value, DecodeError>, body: &Value| {
        let failure = |decoded, path, reason| Failure {
            line,
            operation: operation_id.clone(),
            part,
            decoded,
            path,
            reason,
        };
        match passage(body.to_string().as_bytes()) {
            // What Okta refused need not be a request of ours.
            Err(_) if part == Part::Request && !success => {}
            Err(error) => failures.push(failure(false, error.path, error.reason)),
            Ok(after) => {
                let lost = differences(body, &after).into_iter();
                failures.extend(lost.map(|lost| failure(true, lost.path, lost.reason)));
            }
        }
    };
    let accepted = request_body.as_ref().filter(|_| success);
    if let Some(body) = &request_body {
        let passage = types
            .request
            .map_or(any_json as Passage, |types| types.whole);
        check(Part::Request, &passage, body);
    }
    if let (Some(body), Some(_)) = (accepted, types.request) {
        let sent = |json: &[u8]| scripted::sent((document, &operation_id), json);
        check(Part::Sent, &sent, body);
    }
    if let Some(body) = &response_body {
        check(part, &response, body);
    }
    Checked {
        accepted: accepted.is_some() && types.request.is_some(),
        failures,
    }
}

/// Through no type: Okta sends and takes bodies where its document has none.
fn any_json(json: &[u8]) -> Result<Value, DecodeError> {
    serde_json::from_slice(json).map_err(|error| unreadable(&error))
}

fn through_error(json: &[u8]) -> Result<Value, DecodeError> {
    let body: ErrorBody = serde_json::from_slice(json).map_err(|error| unreadable(&error))?;
    serde_json::to_value(body).map_err(|error| unreadable(&error))
}

#[cfg(test)]
mod tests;
