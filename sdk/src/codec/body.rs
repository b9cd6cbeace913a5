//! Whole bodies: what requests send and responses hold.

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use super::decode::from_slice;
use super::encode::{Audience, Encode};
use super::{DecodeError, Place, Slot};

/// Encodes a request body: all a model holds, but for properties that only the server writes.
pub fn encode_body(value: &dyn Place) -> Bytes {
    let mut json = Vec::with_capacity(256);
    let encode = Encode {
        view: value.view(),
        audience: Audience::Server,
    };
    let written = encode.serialize(&mut serde_json::Serializer::new(&mut json));
    // Keys are strings, numbers are finite and the writer is memory: nothing is left to fail.
    debug_assert!(written.is_ok(), "a model could not be encoded");
    json.into()
}

/// Decodes a response body. An empty one gives a model without any property.
///
/// # Errors
/// If it is not JSON, or a value does not fit.
pub fn decode<T: Slot>(json: &[u8]) -> Result<T, DecodeError> {
    let mut value = T::vacant();
    if !json.trim_ascii().is_empty() {
        from_slice(&mut value, json)?;
    }
    Ok(value)
}

/// Elements of a list, each by itself: a bad one does not spoil its neighbours.
pub type Elements<T> = Vec<Result<T, DecodeError>>;

/// Decodes a response body that is a list, or an object that has one in `property`.
///
/// An element that does not fit is an `Err` with its raw JSON.
///
/// # Errors
/// If the body is not JSON, or not a list.
pub fn decode_list<T: Slot>(
    json: &[u8],
    property: Option<&str>,
) -> Result<Elements<T>, DecodeError> {
    if json.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    // Most pages have nothing wrong: decode them in one pass.
    let mut all = Vec::<T>::new();
    if property.is_none() && from_slice(&mut all, json).is_ok() {
        return Ok(all.into_iter().map(Ok).collect());
    }
    let (elements, prefix) = split(json, property)?;
    Ok(elements
        .into_iter()
        .enumerate()
        .map(|(index, raw)| decode_element(raw, &format!("{prefix}[{index}]")))
        .collect())
}

/// Cuts a list into the text of its elements, and says at which JSON path it stands.
fn split<'a>(
    json: &'a [u8],
    property: Option<&str>,
) -> Result<(Vec<&'a RawValue>, String), DecodeError> {
    let not_a_list = |path: &str, error: &serde_json::Error| DecodeError {
        path: path.to_owned(),
        reason: format!("expected an array: {error}"),
        raw: serde_json::from_slice(json).ok(),
    };
    let Some(property) = property else {
        let elements = serde_json::from_slice(json).map_err(|error| not_a_list("$", &error))?;
        return Ok((elements, "$".to_owned()));
    };
    let path = format!("$.{property}");
    let object: std::collections::BTreeMap<String, &RawValue> =
        serde_json::from_slice(json).map_err(|error| not_a_list("$", &error))?;
    let elements = match object.get(property) {
        None => Vec::new(),
        Some(list) if list.get() == "null" => Vec::new(),
        Some(list) => {
            serde_json::from_str(list.get()).map_err(|error| not_a_list(&path, &error))?
        }
    };
    Ok((elements, path))
}

fn decode_element<T: Slot>(raw: &RawValue, path: &str) -> Result<T, DecodeError> {
    let mut value = T::vacant();
    from_slice(&mut value, raw.get().as_bytes()).map_err(|error| {
        let element = serde_json::from_str(raw.get()).ok();
        error.inside(path, element)
    })?;
    Ok(value)
}
