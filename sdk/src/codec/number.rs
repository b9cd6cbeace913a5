//! Numbers that are not always whole.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Fit, Mismatch, Opened, Opening, Place, Scalar, Slot, View};

/// A JSON number that keeps how it was written: `1` does not come back as `1.0`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(serde_json::Number);

impl Number {
    /// The nearest `f64`; `None` if there is none.
    pub fn as_f64(&self) -> Option<f64> {
        self.0.as_f64()
    }

    /// The number, if it is whole and fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.as_i64()
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self(value.into())
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(value.into())
    }
}

/// JSON has no infinities and no NaN: they become zero, as no API takes them.
impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self(serde_json::Number::from_f64(value).unwrap_or_else(|| 0.into()))
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl Place for Number {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        const EXPECTED: Mismatch = Mismatch {
            expected: "a number",
        };
        self.0 = match scalar {
            Scalar::Integer(value) => value.into(),
            Scalar::Unsigned(value) => value.into(),
            Scalar::Float(value) => serde_json::Number::from_f64(value).ok_or(EXPECTED)?,
            Scalar::Absent | Scalar::Null | Scalar::Bool(_) | Scalar::Text(_) => {
                return Err(EXPECTED);
            }
        };
        Ok(())
    }

    fn open(&mut self, _: Opening) -> Opened<'_> {
        Opened::Refused(Mismatch {
            expected: "a number",
        })
    }

    fn view(&self) -> View<'_> {
        View::Number(&self.0)
    }
}

impl Slot for Number {
    fn vacant() -> Self {
        Self(0.into())
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_json::Number::deserialize(deserializer).map(Self)
    }
}
