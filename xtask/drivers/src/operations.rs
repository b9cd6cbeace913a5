//! Every operation of Okta's document: how it is called, and what is known of the call.

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

static BY_ID: LazyLock<BTreeMap<&str, &'static Value>> = LazyLock::new(|| {
    let entries = TABLE.iter();
    let named = entries.filter_map(|entry| Some((entry["operation"].as_str()?, entry)));
    named.collect()
});

/// An operation with its entry in the table, by its id.
#[must_use]
pub fn of(id: &str) -> Option<(Call, &'static Value)> {
    let entry = *BY_ID.get(id)?;
    let call = calls::CALLS.iter().copied().flatten();
    let call = call.copied().find(|call| call.operation == id)?;
    Some((call, entry))
}

/// Every operation with its entry in the table.
pub fn all() -> impl Iterator<Item = (Call, &'static Value)> {
    calls::CALLS
        .iter()
        .copied()
        .flatten()
        .copied()
        .filter_map(|call| {
            let entry = *BY_ID.get(call.operation)?;
            Some((call, entry))
        })
}
