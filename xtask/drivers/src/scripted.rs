//! Calls of operations that end in memory: what callers get of an answer, and what is sent of a
//! body.

use std::io;
use std::sync::LazyLock;

use bytes::Bytes;
use okta_sdk::models::DecodeError;
use okta_sdk::testing::{Answer, Script};
use okta_sdk::{Error, Method, RawResponse};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::caller::{self, Given, Scope};
use crate::operations;
use crate::round_trip::{decode_error, unreadable};

static RUNTIME: LazyLock<io::Result<Runtime>> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build());

/// Okta's document, and the id of an operation in it.
type Key<'a> = (&'a str, &'a str);

/// What callers get of the first page of a list: each item, one that cannot be read as its bytes.
/// `None` if the operation has no pages.
///
/// # Errors
/// If the answer cannot be read.
pub fn page(operation: Key<'_>, json: &[u8]) -> Result<Option<Value>, DecodeError> {
    let answer = Answer::with_body(200, Bytes::copy_from_slice(json));
    let script = Script::new().answer_with(operation.1, answer);
    let (_, entry) = known(operation)?;
    let answer = call(&script, operation, entry, Scope::Required)?;
    let items = answer
        .items
        .map(|items| items.into_iter().map(item).collect());
    items.transpose()
}

fn item(item: Result<Value, Error>) -> Result<Value, DecodeError> {
    item.or_else(|error| match error.raw() {
        Some(raw) => serde_json::from_slice(raw).map_err(|error| unreadable(&error)),
        None => Err(decode_error(&error)),
    })
}

/// What an operation sends when it is given a body.
///
/// # Errors
/// If the body does not fit the operation's type, or holds an id that is absent.
pub fn sent(operation: Key<'_>, json: &[u8]) -> Result<Value, DecodeError> {
    let body: Value = serde_json::from_slice(json).map_err(|error| unreadable(&error))?;
    let (_, entry) = known(operation)?;
    let mut entry = entry.clone();
    entry["body"]["given"] = body;
    let script = Script::new().answer(operation.1, 200, Value::Null);
    let outcome = call(&script, operation, &entry, Scope::All);
    match (
        script.requests().last().and_then(|request| request.json()),
        outcome,
    ) {
        (Some(sent), _) => Ok(sent),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(DecodeError::misfit("$", "nothing was sent")),
    }
}

/// An answer whose body is of no interest.
///
/// # Errors
/// What the call gives.
pub(crate) fn any_answer() -> Result<RawResponse, Error> {
    let client = Script::new().answer("GET /", 200, Value::Null).client()?;
    let runtime = RUNTIME
        .as_ref()
        .map_err(|error| Error::other("no runtime", io::Error::from(error.kind())))?;
    runtime.block_on(client.request(Method::GET, "/").raw())
}

fn known((document, operation): Key<'_>) -> Result<(caller::Call, &'static Value), DecodeError> {
    operations::of(document, operation)
        .ok_or_else(|| DecodeError::misfit("$", "no operation has this id"))
}

fn call(
    script: &Script,
    operation: Key<'_>,
    entry: &Value,
    scope: Scope,
) -> Result<caller::Answer, DecodeError> {
    let client = script.client().map_err(|error| decode_error(&error))?;
    let (call, _) = known(operation)?;
    let pending =
        (call.call)(&client, &Given::new(entry, scope)).map_err(|error| unreadable(&error))?;
    let runtime = RUNTIME
        .as_ref()
        .map_err(|error| DecodeError::misfit("$", error.to_string()))?;
    runtime
        .block_on(pending.answer())
        .map_err(|error| decode_error(&error))
}
