//! What answers are decoded into.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use okta_auth::RawResponse;

use crate::Error;
use crate::codec::{self, DecodeError, Slot, Strictness};

mod sealed {
    pub trait Sealed {}

    impl<T: crate::codec::Slot> Sealed for T {}
    impl Sealed for () {}
    impl Sealed for super::Text {}
    impl Sealed for bytes::Bytes {}
}

/// What is known of an answer before it is read; nothing by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected {
    pub(crate) strictness: Strictness,
    /// Whether there has to be a body: nothing must not look like a value without members.
    pub(crate) body: bool,
}

/// What a call can give: a model, a list of them, nothing, text or bytes.
pub trait Output: sealed::Sealed + Sized + Send + 'static {
    /// Decodes a successful answer, whichever 2xx it is.
    ///
    /// # Errors
    /// A decode error with the JSON path and the bytes of the answer.
    fn from_response(response: &RawResponse, expected: Expected) -> Result<Self, Error>;
}

impl<T: Slot + Send + 'static> Output for T {
    fn from_response(response: &RawResponse, expected: Expected) -> Result<Self, Error> {
        if expected.body && response.body.trim_ascii().is_empty() {
            let body = Some(response.body.clone());
            return Err(Error::decode("$", "expected a value, found nothing", body));
        }
        codec::decode(&response.body, expected.strictness).map_err(decode_error)
    }
}

impl Output for () {
    fn from_response(_: &RawResponse, _: Expected) -> Result<Self, Error> {
        Ok(())
    }
}

impl Output for Bytes {
    fn from_response(response: &RawResponse, _: Expected) -> Result<Self, Error> {
        Ok(response.body.clone())
    }
}

impl Output for Text {
    fn from_response(response: &RawResponse, _: Expected) -> Result<Self, Error> {
        match std::str::from_utf8(&response.body) {
            Ok(text) => Ok(Self(text.to_owned())),
            Err(error) => Err(Error::decode("$", "the text is not UTF-8", None).with_source(error)),
        }
    }
}

pub(crate) fn decode_error(error: DecodeError) -> Error {
    Error::decode(error.path, error.reason, error.raw)
}

/// An answer that is text, such as XML.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
