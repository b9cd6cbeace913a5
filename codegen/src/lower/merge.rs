//! Several schemas as one: `allOf` adds up, `oneOf` and `anyOf` without a discriminator become
//! an object that may have the properties of each.

use std::collections::BTreeMap;

use super::shape;
use crate::Error;
use crate::document::{AdditionalProperties, Document, Schema};

/// A property, with the name of the type that declares it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Property {
    /// Type that declares it: what its own inline types are named after.
    pub owner: String,
    /// Schema of its value.
    pub schema: Schema,
    /// Whether it has to be there on write.
    pub required: bool,
}

/// An object after merging.
#[derive(Debug, Clone, Default)]
pub(super) struct Flat {
    /// Properties by JSON name.
    pub properties: BTreeMap<String, Property>,
    /// Whether orgs add properties of their own.
    pub custom: bool,
}

/// Adds up all that a schema says of an object.
pub(super) fn flatten(document: &Document, schema: &Schema, owner: &str) -> Result<Flat, Error> {
    let mut flat = Flat::default();
    let kinds = Kinds::Apart;
    collect(document, schema, owner, &mut flat, kinds, &mut Vec::new())?;
    Ok(flat)
}

/// What becomes of the kinds of an object that has a discriminator.
#[derive(Clone, Copy)]
enum Kinds {
    /// They are types of their own.
    Apart,
    /// They are alternatives like any other: the object is itself one of several.
    Merged,
}

fn collect(
    document: &Document,
    schema: &Schema,
    owner: &str,
    flat: &mut Flat,
    kinds: Kinds,
    seen: &mut Vec<String>,
) -> Result<(), Error> {
    if let Some(target) = schema.target() {
        // A child names its base, and the base its children: each is visited once.
        if seen.iter().any(|name| name == target) {
            return Ok(());
        }
        seen.push(target.to_owned());
        let target_schema = document.schema(target)?;
        collect(document, target_schema, target, flat, kinds, seen)?;
        seen.pop();
        return Ok(());
    }
    for part in &schema.all_of {
        collect(document, part, owner, flat, kinds, seen)?;
    }
    if !schema.tells_kinds_apart() || matches!(kinds, Kinds::Merged) {
        for alternative in schema.alternatives() {
            let mut one = Flat::default();
            collect(document, alternative, owner, &mut one, Kinds::Merged, seen)?;
            for (name, mut property) in one.properties {
                property.required = false;
                add_alternative(document, flat, name, property, owner)?;
            }
            flat.custom |= one.custom;
        }
    }
    flat.custom |= schema.extensible
        || (!schema.properties.is_empty()
            && schema.additional_properties == Some(AdditionalProperties::Allowed(true)));
    for (name, value) in &schema.properties {
        let property = Property {
            owner: owner.to_owned(),
            schema: value.clone(),
            required: false,
        };
        add_override(flat, name.clone(), property);
    }
    for name in &schema.required {
        if let Some(property) = flat.properties.get_mut(name) {
            property.required = true;
        }
    }
    Ok(())
}

/// A later part of `allOf` may say more of a property than an earlier one.
fn add_override(flat: &mut Flat, name: String, mut property: Property) {
    if let Some(earlier) = flat.properties.get(&name) {
        property.required |= earlier.required;
        property.schema.read_only |= earlier.schema.read_only;
        property.schema.nullable |= earlier.schema.nullable;
        if property.schema.is_untyped() {
            property.schema = Schema {
                read_only: property.schema.read_only,
                nullable: property.schema.nullable,
                ..earlier.schema.clone()
            };
            property.owner.clone_from(&earlier.owner);
        }
    }
    flat.properties.insert(name, property);
}

/// The same property of two alternatives has the type of both, or any type.
fn add_alternative(
    document: &Document,
    flat: &mut Flat,
    name: String,
    property: Property,
    owner: &str,
) -> Result<(), Error> {
    let merged = match flat.properties.get(&name) {
        None => property,
        Some(earlier) if *earlier == property => property,
        Some(earlier) => Property {
            schema: either(document, &earlier.schema, &property.schema)?,
            owner: owner.to_owned(),
            required: false,
        },
    };
    flat.properties.insert(name, merged);
    Ok(())
}

/// A schema that takes what either takes.
///
/// Objects that more than two alternatives describe differently have too little in common to be one
/// type.
fn either(document: &Document, left: &Schema, right: &Schema) -> Result<Schema, Error> {
    if left == right {
        return Ok(left.clone());
    }
    // What is said beside a reference holds for the place where it stands, and not for both.
    let (one, other) = (behind(document, left)?, behind(document, right)?);
    let mut both = Schema {
        read_only: one.read_only && other.read_only,
        nullable: one.nullable || other.nullable,
        ..Schema::default()
    };
    let is_choice = left.reference.is_none() && !left.one_of.is_empty();
    let is_object = shape::resolved(document, left)?.is_object();
    if is_choice && is_object {
        return Ok(both);
    }
    both.one_of = if is_choice {
        left.one_of.clone()
    } else {
        vec![left.clone()]
    };
    both.one_of.push(right.clone());
    Ok(both)
}

fn behind<'a>(document: &'a Document, schema: &'a Schema) -> Result<&'a Schema, Error> {
    schema
        .target()
        .map_or(Ok(schema), |target| document.schema(target))
}
