//! Checks that models keep all they are given: JSON through a model and back.
//!
//! Not part of the public API; `cargo xtask corpus` drives it with recorded exchanges.

use serde_json::Value;

use crate::codec::{self, DecodeError, Slot, Strictness};

pub use crate::generated::round_trip::models::MODELS;
pub use crate::generated::round_trip::of;
pub use crate::output::Expected;

/// JSON through a model and back.
pub type Passage = fn(&[u8]) -> Result<Value, DecodeError>;

/// What an operation sends and answers.
#[derive(Debug, Clone, Copy)]
pub struct Exchange {
    /// Through the type of its JSON request body.
    pub request: Option<Passage>,
    /// Through the type of its JSON answer.
    pub response: Option<Passage>,
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
///
/// # Errors
/// If the JSON does not fit the model.
pub(crate) fn through<T: Slot>(json: &[u8]) -> Result<Value, DecodeError> {
    let model = codec::decode::<T>(json, Strictness::Lenient)?;
    codec::serialize(&model, serde_json::value::Serializer)
        .map_err(|error| DecodeError::misfit("$", error.to_string()))
}
