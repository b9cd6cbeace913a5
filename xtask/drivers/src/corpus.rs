//! Recorded exchanges through the SDK's types and back.
//!
//! A corpus has one JSON object on each line: `operation_id`, `status`, and the JSON of
//! `request_body` and `response_body`, null where there was none.

use std::fmt;

use okta_sdk::ErrorBody;
use okta_sdk::models::DecodeError;
use okta_sdk::round_trip::{self, Passage};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fidelity::differences;

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
}

impl Totals {
    /// Whether every exchange came back as it was.
    #[must_use]
    pub fn all_lossless(&self) -> bool {
        self.lossless == self.pairs
    }

    /// Checks one line of a corpus, by its number from 1, counts it, and gives what failed.
    pub fn check(&mut self, line: usize, text: &str) -> Vec<Failure> {
        let failures = check(line, text);
        self.pairs += 1;
        self.decoded += usize::from(failures.iter().all(|failure| failure.decoded));
        self.lossless += usize::from(failures.is_empty());
        failures
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pairs,
            decoded,
            lossless,
        } = self;
        write!(
            formatter,
            "pairs {pairs}, decoded {decoded}, lossless {lossless}"
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

fn check(line: usize, text: &str) -> Vec<Failure> {
    let of_line = |operation: &str, reason: String| Failure {
        line,
        operation: operation.to_owned(),
        part: Part::Line,
        decoded: false,
        path: "$".to_owned(),
        reason,
    };
    let Exchange {
        operation_id,
        status,
        request_body,
        response_body,
    } = match serde_json::from_str(text) {
        Ok(exchange) => exchange,
        Err(error) => return vec![of_line("", format!("no recorded exchange: {error}"))],
    };
    let Some(types) = round_trip::of(&operation_id) else {
        return vec![of_line(
            &operation_id,
            "no operation has this id".to_owned(),
        )];
    };
    let (part, response) = if (200..300).contains(&status) {
        (Part::Response, types.response.unwrap_or(any_json))
    } else {
        (Part::Error, through_error as Passage)
    };
    let bodies = [
        (
            Part::Request,
            types.request.unwrap_or(any_json),
            request_body,
        ),
        (part, response, response_body),
    ];
    let mut failures = Vec::new();
    for (part, passage, body) in bodies {
        let Some(body) = body else { continue };
        let failure = |decoded, path, reason| Failure {
            line,
            operation: operation_id.clone(),
            part,
            decoded,
            path,
            reason,
        };
        match passage(body.to_string().as_bytes()) {
            Err(error) => failures.push(failure(false, error.path, error.reason)),
            Ok(after) => {
                let lost = differences(&body, &after).into_iter();
                failures.extend(lost.map(|lost| failure(true, lost.path, lost.reason)));
            }
        }
    }
    failures
}

/// Through no type: Okta sends and takes bodies where its document has none.
fn any_json(json: &[u8]) -> Result<Value, DecodeError> {
    serde_json::from_slice(json).map_err(|error| unreadable(&error))
}

fn through_error(json: &[u8]) -> Result<Value, DecodeError> {
    let body: ErrorBody = serde_json::from_slice(json).map_err(|error| unreadable(&error))?;
    serde_json::to_value(body).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> DecodeError {
    DecodeError::misfit("$", error.to_string())
}

#[cfg(test)]
mod tests;
