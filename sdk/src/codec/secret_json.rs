//! Credentials that are JSON.

use std::fmt;

use serde_json::Value;

use super::{Fit, Opened, Opening, Place, Scalar, Slot, View};

/// A credential that is JSON, such as the key file of a service account. It is sent, and never
/// shown.
#[derive(Clone, PartialEq)]
pub struct SecretJson(Value);

impl SecretJson {
    /// The credential itself.
    pub const fn expose(&self) -> &Value {
        &self.0
    }
}

impl From<Value> for SecretJson {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl fmt::Debug for SecretJson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl Place for SecretJson {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        self.0.accept(scalar)
    }

    fn open(&mut self, opening: Opening) -> Opened<'_> {
        self.0.open(opening)
    }

    fn view(&self) -> View<'_> {
        View::SecretJson(&self.0)
    }
}

impl Slot for SecretJson {
    fn vacant() -> Self {
        Self(Value::Null)
    }
}
