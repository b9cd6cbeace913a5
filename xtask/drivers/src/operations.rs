//! Every operation of Okta's documents: how it is called, and what is known of the call.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::caller::Call;
use crate::generated::calls;

static TABLE: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let table = include_str!("generated/calls/operations.json");
    // Generated together with the functions: a table that cannot be read has no operation, which
    // the tests count.
    serde_json::from_str(table).unwrap_or_default()
});

/// The document that is meant if nothing is said.
pub const MANAGEMENT: &str = "management";

/// By document and operation id.
static BY_ID: LazyLock<BTreeMap<(&str, &str), &'static Value>> = LazyLock::new(|| {
    let entries = TABLE.iter();
    let named = entries.filter_map(|entry| {
        let key = (entry["document"].as_str()?, entry["operation"].as_str()?);
        Some((key, entry))
    });
    named.collect()
});

/// An operation of a document with its entry in the table, by its id.
#[must_use]
pub fn of(document: &str, id: &str) -> Option<(Call, &'static Value)> {
    let entry = *BY_ID.get(&(document, id))?;
    let mut calls = calls::CALLS.iter().copied().flatten();
    let call = calls.find(|call| call.document == document && call.operation == id)?;
    Some((*call, entry))
}

/// Every operation with its entry in the table.
pub fn all() -> impl Iterator<Item = (Call, &'static Value)> {
    calls::CALLS
        .iter()
        .copied()
        .flatten()
        .copied()
        .filter_map(|call| {
            let entry = *BY_ID.get(&(call.document, call.operation))?;
            Some((call, entry))
        })
}

/// The operations of a document in an order in which none takes from the others what they need:
/// those that delete come last, and at the end the one that takes the token.
pub fn in_order(document: &str) -> Vec<(Call, &'static Value)> {
    let of_document = all().filter(|(call, _)| call.document == document);
    let mut operations: Vec<_> = of_document.collect();
    operations.sort_by_key(|(call, entry)| {
        (
            call.operation == "revokeCurrentApiToken",
            entry["method"] == "DELETE",
        )
    });
    operations
}
