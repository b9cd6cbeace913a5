//! JSON through the SDK's types and back: whether they keep all that they are given.
//!
//! Everything here goes the ways that programs go: answers through [`Output`], serde's traits, and
//! calls of operations over a transport that answers what it is told (see [`crate::scripted`]).

use std::sync::LazyLock;

use bytes::Bytes;
use okta_sdk::models::DecodeError;
use okta_sdk::{Error, Output, RawResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use crate::generated::round_trip::operations::of;
use crate::scripted;

/// JSON through a model and back.
pub type Passage = fn(&[u8]) -> Result<Value, DecodeError>;

/// JSON through a model and back to text.
pub type Rewriting = fn(&[u8]) -> Result<String, String>;

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
    /// Of a list, each item decoded by itself; one that cannot be read as it came.
    pub each: Option<Passage>,
    /// Decoded as a whole, and everything that it holds.
    pub whole: Passage,
    /// Decoded as answers are, and written as text.
    pub by_reader: Rewriting,
    /// Decoded by `serde_json`, and written as text.
    pub by_serde: Rewriting,
}

impl Journey {
    /// Of a model, which serde reads by a way of its own.
    pub(crate) const fn of_model<T: Output + Serialize + DeserializeOwned>() -> Self {
        Self {
            each: None,
            whole: through::<T>,
            by_reader: by_reader::<T>,
            by_serde: by_serde::<T>,
        }
    }

    /// Of a map or any JSON.
    pub(crate) const fn of_value<T: Output + Serialize>() -> Self {
        Self {
            each: None,
            whole: through::<T>,
            by_reader: by_reader::<T>,
            by_serde: by_value::<T>,
        }
    }

    /// Of a list, by the type of its items.
    pub(crate) const fn of_list<T: Output + Serialize>() -> Self
    where
        Vec<T>: Output,
    {
        Self {
            each: Some(each::<T>),
            ..Self::of_value::<Vec<T>>()
        }
    }
}

/// The passage of each type, with its name.
macro_rules! passages {
    ($($name:ident),* $(,)?) => {
        &[$((stringify!($name), crate::round_trip::through::<$name>)),*]
    };
}
pub(crate) use passages;

/// Decodes a model, and gives everything that it holds.
pub(crate) fn through<T: Output + Serialize>(json: &[u8]) -> Result<Value, DecodeError> {
    let model = decoded::<T>(json).map_err(|error| decode_error(&error))?;
    serde_json::to_value(&model).map_err(|error| unreadable(&error))
}

fn each<T: Output + Serialize>(json: &[u8]) -> Result<Value, DecodeError> {
    let items: Vec<Value> = serde_json::from_slice(json).map_err(|error| unreadable(&error))?;
    let items = items.into_iter().map(|item| {
        let kept = through::<T>(item.to_string().as_bytes());
        kept.unwrap_or(item)
    });
    Ok(items.collect())
}

fn by_reader<T: Output + Serialize>(json: &[u8]) -> Result<String, String> {
    written(&decoded::<T>(json).map_err(|error| error.to_string())?)
}

fn by_serde<T: Serialize + DeserializeOwned>(json: &[u8]) -> Result<String, String> {
    written(&serde_json::from_slice::<T>(json).map_err(|error| error.to_string())?)
}

/// Read by `serde_json` first: lists and maps are read by serde's own implementations, which judge
/// by other rules.
fn by_value<T: Output + Serialize>(json: &[u8]) -> Result<String, String> {
    let value: Value = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    by_reader::<T>(value.to_string().as_bytes())
}

fn written(model: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(model).map_err(|error| error.to_string())
}

/// An answer decoded as any operation decodes it.
fn decoded<T: Output>(json: &[u8]) -> Result<T, Error> {
    static ANSWER: LazyLock<Result<RawResponse, Error>> = LazyLock::new(scripted::any_answer);

    let mut response = ANSWER.clone()?;
    response.body = Bytes::copy_from_slice(json);
    // What is expected is the least that there is: an empty body is a model without members.
    T::from_response(&response, Default::default())
}

/// What a failed call says of decoding.
pub(crate) fn decode_error(error: &Error) -> DecodeError {
    let path = error.json_path().unwrap_or("$");
    let text = error.to_string();
    let reason = text.split_once(&format!(" at {path}: "));
    DecodeError::misfit(path, reason.map_or(text.as_str(), |(_, reason)| reason))
}

/// What `serde_json` says.
pub(crate) fn unreadable(error: &serde_json::Error) -> DecodeError {
    let text = error.to_string();
    // A model's own error starts with the path.
    DecodeError::misfit("$", text.strip_prefix("$: ").unwrap_or(&text))
}
