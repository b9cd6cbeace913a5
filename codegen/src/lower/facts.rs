//! Sentences of the documentation, made from facts.

use serde_json::Value;

use crate::api::{Facts, Lifecycle};
use crate::document::{self, Schema};

/// What limits and defaults say of a value.
pub(super) fn of_value(schema: &Schema) -> Facts {
    let mut lines = Vec::new();
    match (schema.min_length.filter(|&n| n > 0), schema.max_length) {
        (Some(min), Some(max)) if min == max => lines.push(format!("Exactly {min} characters.")),
        (Some(min), Some(max)) => lines.push(format!("{min} to {max} characters.")),
        (Some(min), None) => lines.push(format!("At least {min} characters.")),
        (None, Some(max)) => lines.push(format!("At most {max} characters.")),
        (None, None) => {}
    }
    match (&schema.minimum, &schema.maximum) {
        (Some(min), Some(max)) => lines.push(format!("{min} to {max}.")),
        (Some(min), None) => lines.push(format!("At least {min}.")),
        (None, Some(max)) => lines.push(format!("At most {max}.")),
        (None, None) => {}
    }
    match (schema.min_items.filter(|&n| n > 0), schema.max_items) {
        (Some(min), Some(max)) if min == max => {
            lines.push(format!("Exactly {}.", elements(min)));
        }
        (Some(min), Some(max)) => lines.push(format!("{min} to {max} elements.")),
        (Some(min), None) => lines.push(format!("At least {}.", elements(min))),
        (None, Some(max)) => lines.push(format!("At most {}.", elements(max))),
        (None, None) => {}
    }
    if let Some(format) = schema.format.as_deref().and_then(format_line) {
        lines.push(format.to_owned());
    }
    if let Some(default) = &schema.default {
        match default {
            Value::Null | Value::Array(_) | Value::Object(_) => {}
            Value::String(text) if text.is_empty() || text.contains('`') => {}
            Value::String(text) => lines.push(format!("Default `{text}`.")),
            other => lines.push(format!("Default `{other}`.")),
        }
    }
    Facts {
        lines,
        deprecated: schema.deprecated,
        words: None,
        prose: None,
    }
}

fn elements(count: u64) -> String {
    if count == 1 {
        "1 element".to_owned()
    } else {
        format!("{count} elements")
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
