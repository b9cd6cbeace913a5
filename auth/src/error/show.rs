//! How errors print: one line, and nothing that could be a secret.

use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

use super::{Error, OktaError};

/// Longest piece of server text in a message, in characters.
const MOST_TEXT: usize = 300;

/// Longest reason of an error, in characters: a text of the server, and our words about it.
const MOST_REASON: usize = 3 * MOST_TEXT;

/// Most causes that are shown of an Okta error.
const MOST_CAUSES: usize = 10;

/// Most sources that are shown; no chain of errors is that long.
const MOST_SOURCES: usize = 8;

/// Status, code, summary and causes of an error response.
pub(super) fn api_message(status: StatusCode, okta: &OktaError) -> String {
    let mut message = match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    };
    if status.is_redirection() {
        message.push_str(" (redirects are not followed)");
    }
    message.push_str(&code_and_causes(okta));
    if let Some(scope) = &okta.missing_scope {
        message.push_str(": the access token lacks the scope ");
        message.push_str(&one_line(scope));
    }
    message
}

/// Code and summary, each after a colon, and the causes: one after a colon too, several numbered.
pub(super) fn code_and_causes(okta: &OktaError) -> String {
    let texts = okta.code().into_iter().chain(okta.summary());
    let mut message: String = texts.map(|text| format!(": {}", one_line(text))).collect();
    message.push_str(&causes(&okta.causes));
    message
}

fn causes(causes: &[String]) -> String {
    if let [cause] = causes {
        return format!(": {}", one_line(cause));
    }
    let shown = causes.iter().take(MOST_CAUSES).zip(1..);
    let mut text: String = shown
        .map(|(cause, number)| format!("; cause {number}: {}", one_line(cause)))
        .collect();
    if let Some(more @ 1..) = causes.len().checked_sub(MOST_CAUSES) {
        text.push_str(&format!("; and {more} more"));
    }
    text
}

/// The beginning of a text of the server, fit for a message: one line, and not a long one.
pub(crate) fn one_line(text: &str) -> String {
    cut(text, MOST_TEXT)
}

/// The beginning of a text that may have some of the server's in it.
pub(super) fn reason(text: &str) -> String {
    cut(text, MOST_REASON)
}

fn cut(text: &str, longest: usize) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(longest)
        .collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let (Some(method), Some(path)) = (&inner.method, &inner.path) {
            write!(f, "{method} {path}")?;
            if let Some(operation) = inner.operation {
                write!(f, " ({operation})")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&inner.message)?;
        if let Some(note) = &inner.note {
            write!(f, "; {note}")?;
        }
        if let Some(progress) = self.untold_progress() {
            write!(f, " ({progress})")?;
        }
        if let Some(id) = &inner.request_id {
            write!(f, " [request id {}]", one_line(id))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self}")?;
        let mut source = self.source();
        for _ in 0..MOST_SOURCES {
            let Some(cause) = source else {
                break;
            };
            write!(f, ", caused by: {cause}")?;
            source = cause.source();
        }
        f.write_str(")")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_ref()
            .map(|source| &**source as &(dyn StdError + 'static))
    }
}
