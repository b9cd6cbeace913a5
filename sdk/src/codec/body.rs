//! Whole bodies: what requests send and responses hold.

use bytes::Bytes;
use serde::Serialize;

use super::encode::{Audience, Encode};
use super::reader::read_document;
use super::unfit::missing;
use super::{DecodeError, Place, Slot, Strictness};

/// Encodes a request body: all that a model holds, but for what Okta refuses to be sent.
///
/// # Errors
/// The JSON path of an id that was given although it is absent.
pub fn encode_body(value: &dyn Place) -> Result<Bytes, String> {
    if let Some(member) = missing(value) {
        return Err(member);
    }
    let mut json = Vec::with_capacity(256);
    let encode = Encode {
        view: value.view(),
        audience: Audience::Server,
    };
    let written = encode.serialize(&mut serde_json::Serializer::new(&mut json));
    // Keys are strings, numbers are finite and the writer is memory: nothing is left to fail.
    debug_assert!(written.is_ok(), "a model could not be encoded");
    Ok(json.into())
}

/// Decodes a response body. An empty one gives a model without any member.
///
/// # Errors
/// If it is not JSON, or is of another type than the model. With [`Strictness::Strict`] also if
/// a value in it does not fit.
pub fn decode<T: Slot>(json: &[u8], strictness: Strictness) -> Result<T, DecodeError> {
    let mut value = T::vacant();
    if !json.trim_ascii().is_empty() {
        read_document(&mut value, json, strictness)?;
    }
    Ok(value)
}
