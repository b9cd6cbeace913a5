//! Arguments of queries.

/// A list as Okta reads it in a query: joined by commas.
#[allow(dead_code)] // unused if no feature with such a parameter is on
pub(crate) fn joined(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(",")
}
