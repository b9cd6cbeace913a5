//! Reading with one operation and replacing with another.

use std::sync::LazyLock;

use futures::future::BoxFuture;
use okta_sdk::{Client, Error};
use serde_json::Value;

use crate::caller::Given;
use crate::generated::replacing;

/// Two operations, and how what the first reads is sent by the second.
#[derive(Clone, Copy, Debug)]
pub struct Replacing {
    /// Okta's document that has both.
    pub document: &'static str,
    /// Okta's id of the operation that reads.
    pub read: &'static str,
    /// Okta's id of the operation that writes.
    pub write: &'static str,
    /// Reads and writes, unchanged.
    pub run: for<'a> fn(Client, &'a Given<'a>) -> BoxFuture<'a, Result<(), Error>>,
}

static TABLE: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let table = include_str!("generated/replacing/pairs.json");
    // Generated together with the functions: a table that cannot be read has no pair, which the
    // tests count.
    serde_json::from_str(table).unwrap_or_default()
});

/// Every pair with its entry in the table.
pub fn all() -> impl Iterator<Item = (Replacing, &'static Value)> {
    replacing::REPLACING
        .iter()
        .copied()
        .filter_map(|replacing| {
            let entry = TABLE.iter().find(|entry| {
                entry["document"] == replacing.document
                    && entry["read"] == replacing.read
                    && entry["write"] == replacing.write
            })?;
            Some((replacing, entry))
        })
}
