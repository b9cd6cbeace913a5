//! What the answers of all kinds are made of.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

/// A command of an answer.
pub(super) fn command(kind: &str, value: impl Into<Value>) -> Value {
    json!({ "type": kind, "value": value.into() })
}

/// The JSON of an answer; `None` if it has neither commands nor an error.
pub(super) fn body(commands: Vec<Value>, error: Option<Value>) -> Option<Value> {
    let mut body = serde_json::Map::new();
    if !commands.is_empty() {
        body.insert("commands".to_owned(), commands.into());
    }
    if let Some(error) = error {
        body.insert("error".to_owned(), error);
    }
    (!body.is_empty()).then_some(Value::Object(body))
}

/// An error that has nothing but its text.
pub(super) fn error(summary: &str) -> Value {
    json!({ "errorSummary": summary })
}

/// An operation of a patch.
#[derive(Clone, Serialize)]
pub(super) struct Operation {
    op: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

impl Operation {
    pub(super) fn add(path: String, value: Value) -> Self {
        let value = Some(value);
        Self {
            op: "add",
            path,
            value,
        }
    }

    pub(super) fn replace(path: String, value: Value) -> Self {
        let value = Some(value);
        Self {
            op: "replace",
            path,
            value,
        }
    }

    pub(super) fn remove(path: String) -> Self {
        Self {
            op: "remove",
            path,
            value: None,
        }
    }
}

/// The commands for a patch: none for an empty one.
pub(super) fn patch(kind: &str, operations: &[Operation]) -> Option<Value> {
    (!operations.is_empty()).then(|| json!({ "type": kind, "value": operations }))
}

/// The path of a claim. A slash or tilde in its name is escaped as in a JSON pointer
/// (RFC 6901, section 3).
pub(super) fn claim(name: &str) -> String {
    format!("/claims/{}", name.replace('~', "~0").replace('/', "~1"))
}

// Without the value, which may be about a person.
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.op, self.path)
    }
}
