//! Points in time, kept as they came.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Utc};
use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Fit, Mismatch, Opened, Opening, Place, Scalar, Slot, View};

/// A point in time as Okta wrote it: parsed when asked for, sent back to the byte.
///
/// Okta writes RFC 3339 nearly everywhere, `2026-03-27 03:16:16.0` in a few places, an empty
/// string for *never*, and milliseconds since 1970 in some older answers.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Timestamp(Written);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Written {
    // What Okta writes takes 24 bytes, and so needs no allocation.
    Text(CompactString),
    Milliseconds(i64),
}

/// Text that is no point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no timestamp: expected RFC 3339, such as `2026-01-31T09:30:00.000Z`")]
pub struct TimestampError {
    text: String,
}

impl Timestamp {
    /// The point in time; `None` if Okta wrote an empty string, which means never.
    ///
    /// # Errors
    /// If the text is in none of the forms that Okta uses.
    pub fn to_utc(&self) -> Result<Option<DateTime<Utc>>, TimestampError> {
        let text = match &self.0 {
            Written::Text(text) if text.is_empty() => return Ok(None),
            Written::Text(text) => text,
            Written::Milliseconds(milliseconds) => {
                return DateTime::from_timestamp_millis(*milliseconds)
                    .map(Some)
                    .ok_or_else(|| TimestampError {
                        text: milliseconds.to_string(),
                    });
            }
        };
        DateTime::parse_from_rfc3339(text)
            .map(|time| time.to_utc())
            // Offsets without a colon: `+0000`.
            .or_else(|_| DateTime::parse_from_str(text, "%FT%T%.f%z").map(|time| time.to_utc()))
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%F %T%.f").map(|t| t.and_utc()))
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%FT%T%.f").map(|t| t.and_utc()))
            .map(Some)
            .map_err(|_| TimestampError {
                text: text.to_string(),
            })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Written::Text(text) => formatter.write_str(text),
            Written::Milliseconds(milliseconds) => milliseconds.fmt(formatter),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Written as RFC 3339 in UTC with milliseconds.
impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(Written::Text(
            time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
                .into(),
        ))
    }
}

/// Kept as it is.
impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(Written::Text(text.into()))
    }
}

/// Kept as it is.
impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(Written::Text(text.into()))
    }
}

impl Place for Timestamp {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        self.0 = match scalar {
            Scalar::Text(text) => Written::Text(text.into()),
            Scalar::Integer(milliseconds) => Written::Milliseconds(milliseconds),
            _ => {
                return Err(Mismatch {
                    expected: "a timestamp",
                });
            }
        };
        Ok(())
    }

    fn open(&mut self, _: Opening) -> Opened<'_> {
        Opened::Refused(Mismatch {
            expected: "a timestamp",
        })
    }

    fn view(&self) -> View<'_> {
        match &self.0 {
            Written::Text(text) => View::Text(text),
            Written::Milliseconds(milliseconds) => View::Integer(*milliseconds),
        }
    }
}

impl Slot for Timestamp {
    fn vacant() -> Self {
        Self(Written::Text(CompactString::const_new("")))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::deserialize(deserializer)
    }
}
