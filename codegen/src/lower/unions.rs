//! Objects that come in kinds, told apart by a discriminator.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds;
use super::merge::{self, Flat, Property};
use super::shape::{self, Shape};
use crate::Error;
use crate::document::{Document, Schema};

/// What a union is made of.
pub(super) struct Plan {
    /// The property that tells its kinds apart.
    pub discriminator: String,
    /// What all kinds share.
    pub base: Flat,
    /// Its kinds, by schema.
    pub kinds: Vec<Kind>,
}

/// A kind of a union.
pub(super) struct Kind {
    /// Name of its schema.
    pub target: String,
    /// Whether that is a union itself, whose kinds another property tells apart.
    pub is_union: bool,
    /// Values of the discriminator that choose it.
    pub values: Vec<String>,
}

/// What the union at a place is made of; `component` is its name, if it has one of its own.
pub(super) fn plan(
    document: &Document,
    place: &str,
    component: Option<&str>,
    schema: &Schema,
) -> Result<Plan, Error> {
    let Some(discriminator) = &schema.discriminator else {
        return Err(Error::unsupported(place, "has no discriminator"));
    };
    let property = &discriminator.property_name;
    let mut seen: BTreeSet<&str> = component.into_iter().collect();
    let mut found = BTreeMap::<&str, Found>::new();
    collect(document, schema, property, &mut seen, &mut found)?;

    let mut base = merge::flatten(document, schema, component.unwrap_or(place))?;
    if base.properties.is_empty() {
        base = shared_by_all(document, found.keys().copied())?;
    }
    base.properties
        .entry(property.clone())
        .or_insert_with(|| text_property(place));

    let kinds = found.into_iter().map(|(target, found)| Kind {
        target: target.to_owned(),
        is_union: found.is_union,
        values: found.values,
    });
    Ok(Plan {
        discriminator: property.clone(),
        base,
        kinds: kinds.collect(),
    })
}

#[derive(Default)]
struct Found {
    is_union: bool,
    values: Vec<String>,
}

/// The kinds of a union. A kind that is a union by the same property has its kinds counted in.
fn collect<'d>(
    document: &'d Document,
    schema: &'d Schema,
    property: &str,
    seen: &mut BTreeSet<&'d str>,
    found: &mut BTreeMap<&'d str, Found>,
) -> Result<(), Error> {
    for (value, target) in kinds::mapping(document, schema)? {
        // The schema itself stands for kinds that have nothing of their own.
        if seen.contains(target) {
            continue;
        }
        let kind = document.schema(target)?;
        let is_union = shape::resolved(document, kind)? == Shape::Union;
        if is_union && by(kind, property) {
            seen.insert(target);
            collect(document, kind, property, seen, found)?;
            continue;
        }
        let known = found.entry(target).or_default();
        known.is_union = is_union && kind.discriminator.is_some();
        if !known.values.iter().any(|known| known == value) {
            known.values.push(value.to_owned());
        }
    }
    Ok(())
}

fn by(schema: &Schema, property: &str) -> bool {
    let discriminator = schema.discriminator.as_ref();
    discriminator.is_some_and(|discriminator| discriminator.property_name == property)
}

/// Properties that every kind has, and declares alike.
fn shared_by_all<'a>(
    document: &Document,
    kinds: impl Iterator<Item = &'a str>,
) -> Result<Flat, Error> {
    let mut shared: Option<Flat> = None;
    for kind in kinds {
        let flat = merge::flatten(document, document.schema(kind)?, kind)?;
        shared = Some(match shared {
            None => flat,
            Some(mut shared) => {
                shared.properties.retain(|name, property| {
                    flat.properties
                        .get(name)
                        .is_some_and(|other| other.schema == property.schema)
                });
                shared.custom &= flat.custom;
                shared
            }
        });
    }
    let mut shared = shared.unwrap_or_default();
    for property in shared.properties.values_mut() {
        property.required = false;
    }
    Ok(shared)
}

fn text_property(owner: &str) -> Property {
    let schema = Schema {
        kind: Some("string".to_owned()),
        ..Schema::default()
    };
    Property {
        owner: owner.to_owned(),
        schema,
        required: false,
    }
}
