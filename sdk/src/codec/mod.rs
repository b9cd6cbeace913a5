//! One codec for every model.
//!
//! A generated model says only which JSON properties it has and where it keeps them: its
//! [`Shape`]. Everything that decoding and encoding have to get right is written once, here:
//! unknown properties are kept, null and absent are distinguished where that matters, an unknown
//! variant of a union falls back to what all variants share, and an error knows its JSON path.
//!
//! ```text
//!  JSON ──▶ reader.rs ──▶ dyn Place ──▶ dyn Record / List / Dictionary / Union   (the models)
//!  JSON ◀── encode.rs ◀── View      ◀──┘
//! ```
//!
//! The traits are object safe and the reader is not generic over models, so that a model costs
//! the compiler a table instead of two derived state machines.

mod body;
mod carry;
mod deserialize;
mod elements;
mod encode;
mod error;
mod extra;
mod inspect;
mod lossy;
pub(crate) mod macros;
mod members;
mod nullable;
mod number;
mod one_or_many;
mod order;
mod place;
mod reader;
mod scalars;
mod scan;
mod secret_json;
#[cfg(test)]
mod tests;
mod timestamp;
mod unfit;

pub use body::{decode, encode_body};
#[allow(unused_imports)] // some parts of the API replace nothing
pub use carry::carried;
pub use deserialize::deserialize;
pub use elements::{Element, Elements};
pub use encode::serialize;
pub use error::DecodeError;
pub use extra::Extra;
pub use inspect::{debug, equal};
pub use nullable::Nullable;
pub use number::Number;
pub use one_or_many::OneOrMany;
pub use place::{
    Dictionary, Fit, List, Mismatch, Opened, Opening, Place, Property, Record, Scalar, Shape, Slot,
    Strictness, Union, View,
};
pub use secret_json::SecretJson;
pub use timestamp::{Timestamp, TimestampError};
pub use unfit::unfit;
