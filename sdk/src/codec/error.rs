//! Why JSON could not be decoded, and where.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

/// A value that does not fit, or text that is not JSON.
#[derive(Clone, PartialEq)]
pub struct DecodeError {
    /// JSON path of the value, such as `$.profile.login`; `$` is the whole document.
    pub path: String,
    /// What was wrong there.
    pub reason: String,
    /// The text that could not be decoded: of a list the element, else the document. It may hold
    /// secrets, and is not shown.
    pub raw: Option<Bytes>,
    /// Whether the text is not JSON, so that another copy of it may be better.
    pub(crate) malformed: bool,
}

impl DecodeError {
    /// Text that is not JSON.
    pub(super) fn syntax(error: &dyn fmt::Display) -> Self {
        Self {
            path: "$".to_owned(),
            reason: format!("not valid JSON: {error}"),
            raw: None,
            malformed: true,
        }
    }

    /// A value of another type than the required one.
    pub fn misfit(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
            raw: None,
            malformed: false,
        }
    }

    /// Says which text it was.
    pub(crate) fn with_raw(self, raw: Bytes) -> Self {
        Self {
            raw: Some(raw),
            ..self
        }
    }

    /// The same failure seen from the list that holds the element.
    pub(super) fn inside(mut self, prefix: &str) -> Self {
        let rest = self.path.strip_prefix('$').unwrap_or(&self.path);
        self.path = format!("{prefix}{rest}");
        self
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DecodeError")
            .field("path", &self.path)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for DecodeError {}

/// The way back from a value that did not fit to the top of the document.
#[derive(Default)]
pub(super) struct Trail {
    reason: String,
    /// Innermost first.
    steps: Vec<String>,
}

impl Trail {
    pub(super) fn fail(&mut self, expected: &str, found: &str) {
        self.reason = format!("expected {expected}, found {found}");
    }

    pub(super) fn through_key(&mut self, key: &str) {
        self.steps.push(step(key));
    }

    pub(super) fn through_index(&mut self, index: usize) {
        self.steps.push(format!("[{index}]"));
    }

    /// Forgets what did not fit.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What did not fit, and where; the trail is then as before.
    pub(super) fn take_error(&mut self) -> DecodeError {
        let Self { reason, steps } = std::mem::take(self);
        let path: String = std::iter::once("$")
            .chain(steps.iter().rev().map(String::as_str))
            .collect();
        DecodeError::misfit(path, reason)
    }
}

/// The step of a JSON path to a member.
pub(super) fn step(key: &str) -> String {
    let plain = key
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if plain && !key.is_empty() {
        format!(".{key}")
    } else {
        format!("[{}]", Value::from(key))
    }
}
