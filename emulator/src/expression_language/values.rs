//! Values, whose numbers are the same however they are written.

use serde_json::{Number, Value, json};

use super::scope::ExpressionError;

/// Whether two values are the same. Numbers are, however they are written.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => left.total_cmp(&right).is_eq(),
        _ => left == right,
    }
}

pub(super) fn as_number(value: &Value) -> Result<f64, ExpressionError> {
    let number = value.as_f64();
    number.ok_or_else(|| ExpressionError::new(format!("{} is no number", text(value))))
}

/// A number as JSON has it: whole ones without a fraction.
pub(super) fn number(number: f64) -> Value {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < LARGEST {
        #[expect(clippy::cast_possible_truncation, reason = "whole, and small enough")]
        return json!(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// A value as text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(it) => number(it.as_f64().unwrap_or_default()).to_string(),
        other => other.to_string(),
    }
}
