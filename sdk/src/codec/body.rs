//! Whole bodies: what requests send and responses hold.

use bytes::Bytes;

use super::encode::{Audience, json_of};
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
    Ok(json_of(value, Audience::Server).into())
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
