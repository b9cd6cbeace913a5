//! Members of objects: a field and a setter each, and a method that clears what can be null.

use std::collections::{BTreeMap, BTreeSet};

use super::allot::Allotment;
use crate::api::Field;
use crate::case;
use crate::reserved::OF_MODELS;

/// Names fields that have no identifier yet, and says what was named.
pub(super) fn propose(fields: &[Field], known: &mut BTreeMap<String, String>) -> Vec<String> {
    let clearing: Vec<String> = fields
        .iter()
        .filter(|field| field.nullable)
        .map(|field| match known.get(&field.name) {
            Some(ident) => clear(ident),
            None => clear(&case::snake(&field.name)),
        })
        .collect();
    let reserved: Vec<&str> = OF_MODELS
        .iter()
        .copied()
        .chain(clearing.iter().map(String::as_str))
        .collect();
    let named: BTreeSet<String> = known.keys().cloned().collect();
    let mut allotment = Allotment::new(known, &reserved);
    for field in fields.iter().filter(|field| !named.contains(&field.name)) {
        let mut wished = case::snake(&field.name);
        while !allotment.is_free(&wished) || field.nullable && allotment.has(&clear(&wished)) {
            wished.push('_');
        }
        if field.nullable {
            allotment.reserve(clear(&wished));
        }
        allotment.give(&field.name, wished);
    }
    allotment.added()
}

/// The method that sets a member to null.
fn clear(ident: &str) -> String {
    format!("clear_{}", ident.trim_start_matches('_'))
}
