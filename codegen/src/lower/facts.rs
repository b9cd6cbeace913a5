//! Sentences of the documentation, made from facts.

use serde_json::Value;

use crate::api::{Fact, Facts, Lifecycle, Limits};
use crate::document::{self, Schema};

/// What limits and defaults say of a value.
pub(super) fn of_value(schema: &Schema) -> Facts {
    let count = |count: u64| Value::from(count);
    let least_length = schema.min_length.filter(|&n| n > 0).map(count);
    let least_items = schema.min_items.filter(|&n| n > 0).map(count);
    let lines = [
        limits(least_length, schema.max_length.map(count)).map(Fact::Characters),
        limits(schema.minimum.clone(), schema.maximum.clone()).map(Fact::Value),
        limits(least_items, schema.max_items.map(count)).map(Fact::Elements),
        (schema.format.as_deref())
            .and_then(format_line)
            .map(Fact::Format),
        schema.default.as_ref().and_then(default),
    ];
    Facts {
        lines: lines.into_iter().flatten().collect(),
        deprecated: schema.deprecated,
        words: None,
        prose: None,
    }
}

fn limits(least: Option<Value>, most: Option<Value>) -> Option<Limits> {
    let text = |limit: Value| limit.to_string();
    (least.is_some() || most.is_some()).then(|| Limits {
        least: least.map(text),
        most: most.map(text),
    })
}

fn default(value: &Value) -> Option<Fact> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::String(text) if text.is_empty() || text.contains('`') => None,
        Value::String(text) => Some(Fact::Default(text.clone())),
        other => Some(Fact::Default(other.to_string())),
    }
}

fn format_line(format: &str) -> Option<&'static str> {
    Some(match format {
        "uri" | "url" => "A URI.",
        "email" => "An email address.",
        "base64" => "Base64.",
        "uuid" => "A UUID.",
        _ => return None,
    })
}

/// Release cycle as the documentation says it.
pub(super) fn of_lifecycle(lifecycle: Option<&document::Lifecycle>) -> Lifecycle {
    let Some(lifecycle) = lifecycle else {
        return Lifecycle::default();
    };
    Lifecycle {
        stage: lifecycle.lifecycle.clone(),
        identity_engine_only: lifecycle
            .skus
            .iter()
            .any(|sku| sku == "Okta Identity Engine"),
        skus: lifecycle.skus.clone(),
    }
}
