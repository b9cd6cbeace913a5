//! Models from any serde format.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

use super::reader::read_document;
use super::{Slot, Strictness};

/// Decodes a model from any serde format that describes itself.
///
/// Whatever the format, the value is read as JSON text: what fits and what does not is decided in
/// one place. Answers of Okta do not come this way.
///
/// # Errors
/// If the value is of another type than the model; the message says the JSON path.
pub fn deserialize<'de, T: Slot, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = Value::deserialize(deserializer)?.to_string();
    let mut value = T::vacant();
    read_document(&mut value, json.as_bytes(), Strictness::Lenient).map_err(D::Error::custom)?;
    Ok(value)
}
