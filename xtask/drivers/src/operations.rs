//! Every operation of Okta's document: how it is called, and what is known of the call.

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

/// Every operation with its entry in the table.
pub fn all() -> impl Iterator<Item = (Call, &'static Value)> {
    calls::CALLS
        .iter()
        .copied()
        .flatten()
        .copied()
        .filter_map(|call| {
            let entry = TABLE
                .iter()
                .find(|entry| entry["operation"] == call.operation)?;
            Some((call, entry))
        })
}
