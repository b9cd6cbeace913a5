//! What a field is compared with.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::models::Timestamp;

/// A value in an expression: text, a truth value, a whole number or a point in time. An enum of the
/// models is text by its `as_str()`. `Display` is as it stands in the expression, with quotes and
/// escapes; `Debug` does not show it.
#[derive(Clone)]
pub struct Value(String);

impl Value {
    fn text(text: &str) -> Self {
        // The grammar takes its strings from JSON.
        Self(json!(text).to_string())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Value")
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self(value.to_string())
    }
}

/// As RFC 3339 in UTC with milliseconds.
impl From<DateTime<Utc>> for Value {
    fn from(time: DateTime<Utc>) -> Self {
        Timestamp::from(time).into()
    }
}

/// As Okta wrote it.
impl From<&Timestamp> for Value {
    fn from(time: &Timestamp) -> Self {
        Self::text(&time.to_string())
    }
}

/// As Okta wrote it.
impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::from(&time)
    }
}

macro_rules! whole_numbers {
    ($($number:ty)*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self(number.to_string())
            }
        }
    )*};
}

whole_numbers!(i8 i16 i32 i64 u8 u16 u32 u64 usize isize);
