//! Checks that models keep all they are given: JSON through a model and back.
//!
//! Not part of the public API; `cargo xtask corpus` drives it with recorded exchanges.

use bytes::Bytes;
use serde_json::Value;

use crate::codec::{self, DecodeError, Elements, Place, Slot, Strictness};

pub use crate::generated::round_trip::models::MODELS;
pub use crate::generated::round_trip::of;
pub use crate::output::Expected;

/// JSON through a model and back.
pub type Passage = fn(&[u8]) -> Result<Value, DecodeError>;

/// What an operation sends and answers.
#[derive(Debug, Clone, Copy)]
pub struct Exchange {
    /// Through the type of its JSON request body.
    pub request: Option<Journey>,
    /// Through the type of its JSON answer.
    pub response: Option<Journey>,
}

/// The ways of a JSON body through its type and back.
#[derive(Debug, Clone, Copy)]
pub struct Journey {
    /// Decoded as a whole, and everything that it holds.
    pub whole: Passage,
    /// Decoded as callers get it: of a list each item by itself, one that cannot be read as its
    /// bytes.
    pub received: Passage,
    /// Decoded, and what a request with it sends.
    pub sent: Passage,
    /// Decoded by the reader, and written as text.
    pub by_reader: Rewriting,
    /// Decoded by `serde_json`, and written as text.
    pub by_serde: Rewriting,
}

/// JSON through a model and back to text.
pub type Rewriting = fn(&[u8]) -> Result<String, String>;

impl Journey {
    pub(crate) const fn of_body<T: Slot>() -> Self {
        Self {
            whole: through::<T>,
            received: through::<T>,
            sent: sent::<T>,
            by_reader: by_reader::<T>,
            by_serde: by_serde::<T>,
        }
    }

    pub(crate) const fn of_list<T: Slot>() -> Self {
        Self {
            whole: through::<Vec<T>>,
            received: items::<T>,
            sent: sent::<Vec<T>>,
            by_reader: by_reader::<Vec<T>>,
            by_serde: by_serde::<Vec<T>>,
        }
    }
}

/// A named type.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// Its name in Rust.
    pub name: &'static str,
    /// Through it.
    pub passage: Passage,
    /// What it looks like in JSON.
    pub form: Form,
}

/// What a named type looks like in JSON.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// An object.
    Record(&'static [Property]),
    /// A string, with the values that Okta's document names.
    Enum(&'static [&'static str]),
    /// An object whose kind one of its properties tells.
    Union {
        /// JSON name of that property.
        discriminator: &'static str,
        /// Its values, and the type of the kind.
        kinds: &'static [(&'static str, &'static str)],
        /// Type of every other kind.
        base: &'static str,
    },
}

/// A property of an object.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// JSON name.
    pub name: &'static str,
    /// Whether null differs from absent.
    pub nullable: bool,
    /// What it holds.
    pub kind: Kind,
}

/// What a property holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A string.
    Text,
    /// A boolean.
    Bool,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A point in time.
    Timestamp,
    /// Anything.
    Json,
    /// A named type.
    Model(&'static str),
    /// An array.
    List(&'static Kind),
    /// An object with arbitrary keys.
    Map(&'static Kind),
    /// One value, or an array of them.
    OneOrMany(&'static Kind),
    /// A value or null.
    Nullable(&'static Kind),
}

/// Decodes a model, and gives everything that it holds.
pub(crate) fn through<T: Slot>(json: &[u8]) -> Result<Value, DecodeError> {
    shown(&codec::decode::<T>(json, Strictness::Lenient)?)
}

/// Decodes a list an item at a time, as streams do.
fn items<T: Slot>(json: &[u8]) -> Result<Value, DecodeError> {
    let body = Bytes::copy_from_slice(json);
    let mut elements = Elements::open(body, None, Strictness::Lenient)?;
    let mut shown = Vec::new();
    let mut slot = None::<T>;
    while let Some(item) = elements.next_in(&mut slot) {
        shown.push(match (item?, &slot) {
            (Ok(()), Some(item)) => self::shown(item)?,
            (Ok(()), None) => Value::Null,
            (Err(error), _) => parsed(error.raw.as_deref().unwrap_or_default())?,
        });
    }
    Ok(Value::Array(shown))
}

/// Decodes a model, and gives what a request with it sends.
fn sent<T: Slot>(json: &[u8]) -> Result<Value, DecodeError> {
    let model = codec::decode::<T>(json, Strictness::Lenient)?;
    let body = codec::encode_body(&model)
        .map_err(|member| DecodeError::misfit(member, "an id that is missing"))?;
    parsed(&body)
}

fn by_reader<T: Slot>(json: &[u8]) -> Result<String, String> {
    let model = codec::decode::<T>(json, Strictness::Lenient);
    written(&model.map_err(|error| error.to_string())?)
}

fn by_serde<T: Slot>(json: &[u8]) -> Result<String, String> {
    let mut json = serde_json::Deserializer::from_slice(json);
    let model = codec::deserialize::<T, _>(&mut json).map_err(|error| error.to_string())?;
    json.end().map_err(|error| error.to_string())?;
    written(&model)
}

fn written(model: &dyn Place) -> Result<String, String> {
    let mut json = Vec::new();
    codec::serialize(model, &mut serde_json::Serializer::new(&mut json))
        .map_err(|error| error.to_string())?;
    String::from_utf8(json).map_err(|error| error.to_string())
}

fn shown(model: &dyn Place) -> Result<Value, DecodeError> {
    codec::serialize(model, serde_json::value::Serializer).map_err(|error| unreadable(&error))
}

fn parsed(json: &[u8]) -> Result<Value, DecodeError> {
    serde_json::from_slice(json).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> DecodeError {
    DecodeError::misfit("$", error.to_string())
}
