//! Identifiers of fields and variants, no two of a type alike.

use std::collections::BTreeSet;

use crate::api::{EnumValue, Field};
use crate::case;

/// What every model has, whatever its properties are called.
const TAKEN: &[&str] = &[
    "clone",
    "custom",
    "default",
    "eq",
    "extra",
    "fmt",
    "get_custom",
    "new",
];

/// Gives every field its identifier. The fields are all that a record has, sorted by JSON name.
pub(super) fn name_fields(fields: &mut [Field]) {
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|&name| name.to_owned()).collect();
    for field in fields {
        let mut ident = case::snake(&field.name);
        while !taken.insert(ident.clone()) {
            ident.push('_');
        }
        field.ident = ident;
    }
}

/// Adds a value to an enum, unless it is there.
pub(super) fn add_value(values: &mut Vec<EnumValue>, value: &str) {
    if values.iter().any(|known| known.value == value) {
        return;
    }
    let mut variant = case::variant(value);
    while values.iter().any(|known| known.variant == variant) {
        variant.push('_');
    }
    values.push(EnumValue {
        value: value.to_owned(),
        variant,
    });
}
