//! JSON objects.

use serde_json::{Map, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;
