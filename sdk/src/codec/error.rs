//! Why JSON could not be decoded, and where.

use std::fmt;

use serde_json::Value;

use super::Mismatch;
use super::order::Orders;

/// A value that does not fit, or text that is not JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodeError {
    /// JSON path of the value, such as `$.profile.login`; `$` is the whole document.
    pub path: String,
    /// What was wrong there.
    pub reason: String,
    /// The value, or for an element of a list the whole element.
    pub raw: Option<Value>,
}

impl DecodeError {
    /// Text that is not JSON.
    pub(super) fn syntax(error: &dyn fmt::Display) -> Self {
        Self {
            path: "$".to_owned(),
            reason: format!("not valid JSON: {error}"),
            raw: None,
        }
    }

    /// The same failure seen from the list that holds the element.
    pub(super) fn inside(mut self, prefix: &str, raw: Option<Value>) -> Self {
        let rest = self.path.strip_prefix('$').unwrap_or(&self.path);
        self.path = format!("{prefix}{rest}");
        self.raw = raw.or(self.raw);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for DecodeError {}

/// The way back from a value that did not fit to the top of the document, and what was learned
/// on the way into it.
#[derive(Default)]
pub(super) struct Trail {
    pub(super) orders: Orders,
    failure: Option<(String, Value)>,
    /// Innermost first.
    segments: Vec<String>,
}

impl Trail {
    pub(super) fn with_orders(orders: Orders) -> Self {
        Self {
            orders,
            ..Self::default()
        }
    }

    pub(super) fn fail(&mut self, mismatch: Mismatch, raw: Value) {
        let found = match &raw {
            Value::String(_) => "a string",
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        let reason = format!("expected {}, found {found}", mismatch.expected);
        self.failure = Some((reason, raw));
    }

    pub(super) fn through_key(&mut self, key: &str) {
        let plain = key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        self.segments.push(if plain && !key.is_empty() {
            format!(".{key}")
        } else {
            format!("[{}]", Value::from(key))
        });
    }

    pub(super) fn through_index(&mut self, index: usize) {
        self.segments.push(format!("[{index}]"));
    }

    /// What did not fit, and where; the trail is then as before.
    pub(super) fn take_error(&mut self) -> Option<DecodeError> {
        let (reason, raw) = self.failure.take()?;
        let segments = std::mem::take(&mut self.segments);
        let path = std::iter::once("$")
            .chain(segments.iter().rev().map(String::as_str))
            .collect();
        Some(DecodeError {
            path,
            reason,
            raw: Some(raw),
        })
    }
}
