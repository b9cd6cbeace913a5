//! Whether a server's answers are what Okta's document says: each operation is called once with what it
//! needs, and its answer is held against the schema of the response.
//!
//! A difference is an operation, a place, and what is wrong there, however often. The known ones are in a
//! file: none may be added to it without saying so, and those that are gone are taken out.

mod answer;
mod known;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use okta_sdk::Client;
use serde_json::Value;

use crate::arrange::Arranger;
use crate::operations;
pub use answer::Answer;
pub use known::{Changes, Known};
pub use schema::Schemas;

/// What is wrong, by operation: places and kinds.
pub type Differences = BTreeMap<String, BTreeSet<String>>;

/// Calls every operation of the management document whose body is JSON, and says what is wrong with the
/// answers.
///
/// # Errors
/// If the document cannot be read, or the arranger cannot start. An operation that cannot be arranged, or
/// is refused, is a difference.
pub async fn differences(okta: &Client, schemas: &Schemas) -> Result<Differences> {
    let arranger = Arranger::new(okta).await?;
    let mut differences = Differences::new();
    for (call, entry) in operations::in_order(operations::MANAGEMENT) {
        if !takes_json(entry) {
            continue;
        }
        let found = match arranger.answer(&call, entry).await {
            Ok(answer) => schemas.differences(call.operation, &answer)?,
            Err(_) => BTreeSet::from(["not answered".to_owned()]),
        };
        if !found.is_empty() {
            differences.insert(call.operation.to_owned(), found);
        }
    }
    Ok(differences)
}

/// Files are sent by the tests of every operation, and their answers have no schema to speak of.
fn takes_json(entry: &Value) -> bool {
    let kind = entry["body"]["content_type"].as_str();
    kind.is_none_or(|kind| kind.contains("json"))
}
