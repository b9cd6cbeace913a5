//! Values inside a schema that are not what they seem.

use serde_json::{Map, Value};

use super::fault::Fault;

/// Whether `value`, found under `key` in `schema`, is a remark where a value
/// belongs: `format: Opaque token`, or `default: Last` for an integer.
pub(super) fn is_prose(key: &str, value: &Value, schema: &Map<String, Value>) -> bool {
    let Some(text) = value.as_str() else {
        return false;
    };
    match key {
        "format" => is_remark(text),
        "default" => {
            matches!(kind(schema), Some("integer" | "number" | "boolean"))
                || schema
                    .get("format")
                    .and_then(Value::as_str)
                    .is_some_and(is_remark)
        }
        _ => false,
    }
}

fn is_remark(text: &str) -> bool {
    text.contains(' ')
}

fn kind(schema: &Map<String, Value>) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}

/// `value`, or each member of it when it is a list, as a value of the JSON
/// type that `of` names.
///
/// `enum: [1, true]` in a string type means the texts `1` and `true`. YAML
/// reads a number and a boolean; written back like that, they would no longer
/// be values of their own type. A fraction (`1.10`) has lost its spelling
/// already, and is a fault.
pub(super) fn of_type(
    value: &Value,
    of: Option<&Value>,
    path: &str,
    faults: &mut Vec<Fault>,
) -> Value {
    if of.and_then(Value::as_str) != Some("string") {
        return value.clone();
    }
    match value {
        Value::Array(members) => members
            .iter()
            .enumerate()
            .map(|(at, member)| text(member, &format!("{path}/{at}"), faults))
            .collect(),
        value => text(value, path, faults),
    }
}

fn text(value: &Value, path: &str, faults: &mut Vec<Fault>) -> Value {
    match value {
        Value::Bool(yes) => Value::from(yes.to_string()),
        Value::Number(number) => {
            if number.is_f64() {
                let what = format!(
                    "{number} stands in a string type and reads as a number; put it in quotes"
                );
                faults.push(Fault::new(path, what));
            }
            Value::from(number.to_string())
        }
        other => other.clone(),
    }
}
