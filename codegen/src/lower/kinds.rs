//! Which kinds an object comes in, and what tells them apart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Error;
use crate::document::{Document, Schema, name_in};

/// Names of the schemas that a schema with a discriminator says are its kinds.
pub(super) fn targets(schema: &Schema) -> BTreeSet<&str> {
    match &schema.discriminator {
        Some(discriminator) if !discriminator.mapping.is_empty() => discriminator
            .mapping
            .values()
            .map(|to| name_in(to))
            .collect(),
        _ => schema.alternatives().filter_map(Schema::target).collect(),
    }
}

/// The kind of each value of a discriminator.
///
/// Where the document has no mapping, the kinds' own values of the property tell them apart; where
/// they have none, or share one, their names do, as `OpenAPI` has it.
///
/// # Errors
/// If a kind is not in the document.
pub(super) fn mapping<'d>(
    document: &'d Document,
    schema: &'d Schema,
) -> Result<BTreeMap<&'d str, &'d str>, Error> {
    let Some(discriminator) = &schema.discriminator else {
        return Ok(BTreeMap::new());
    };
    if !discriminator.mapping.is_empty() {
        let mapping = discriminator.mapping.iter();
        return Ok(mapping
            .map(|(value, to)| (value.as_str(), name_in(to)))
            .collect());
    }
    let mut own = BTreeMap::new();
    let mut named = BTreeMap::new();
    let mut told = true;
    for target in targets(schema) {
        named.insert(target, target);
        let kind = document.schema(target)?;
        let values = values_of(
            document,
            kind,
            &discriminator.property_name,
            &mut Vec::new(),
        )?;
        told &= !values.is_empty();
        for value in values {
            told &= own
                .insert(value, target)
                .is_none_or(|other| other == target);
        }
    }
    Ok(if told { own } else { named })
}

/// The values that a schema lists for one of its properties.
fn values_of<'d>(
    document: &'d Document,
    schema: &'d Schema,
    property: &str,
    open: &mut Vec<&'d str>,
) -> Result<BTreeSet<&'d str>, Error> {
    if let Some(target) = schema.target() {
        if open.contains(&target) {
            return Ok(BTreeSet::new());
        }
        open.push(target);
        let values = values_of(document, document.schema(target)?, property, open);
        open.pop();
        return values;
    }
    let own = schema.properties.get(property);
    let own = own.map(|own| listed(document, own)).transpose()?;
    if let Some(own) = own.filter(|own| !own.is_empty()) {
        return Ok(own);
    }
    for part in &schema.all_of {
        let values = values_of(document, part, property, open)?;
        if !values.is_empty() {
            return Ok(values);
        }
    }
    Ok(BTreeSet::new())
}

/// The texts that a schema, or what it refers to, lists.
fn listed<'d>(document: &'d Document, schema: &'d Schema) -> Result<BTreeSet<&'d str>, Error> {
    let schema = match schema.target() {
        Some(target) => document.schema(target)?,
        None => schema,
    };
    Ok(schema.values.iter().filter_map(Value::as_str).collect())
}
