//! Objects that come in kinds, told apart by a discriminator.

use std::collections::BTreeMap;

use super::merge::{self, Flat, Property};
use super::place;
use super::types::{Tags, Types};
use crate::Error;
use crate::api::{Type, TypeKind, TypeRef, Union, Variant};
use crate::document::{Schema, last_segment};
use crate::names::Names;

/// Lowers a schema with a discriminator, and defines the record of all other kinds.
pub(super) fn lower(
    types: &mut Types<'_>,
    name: &str,
    component: Option<&str>,
    schema: &Schema,
) -> Result<Union, Error> {
    let Some(discriminator) = &schema.discriminator else {
        return Err(Error::unsupported(name, "has no discriminator"));
    };
    let property = discriminator.property_name.clone();
    let mut kinds = BTreeMap::<&str, Vec<String>>::new();
    for (value, reference) in &discriminator.mapping {
        let target = last_segment(reference);
        // The schema itself stands for kinds that have nothing of their own.
        if Some(target) != component {
            kinds.entry(target).or_default().push(value.clone());
        }
    }

    let mut base = merge::flatten(types.document, schema, component.unwrap_or(name))?;
    if base.properties.is_empty() {
        base = shared_by_all(types, kinds.keys().copied())?;
    }
    base.properties
        .entry(property.clone())
        .or_insert_with(|| text_property(name));
    let base_name = place::base(name);
    let base_record = types.record(&base)?;
    let base_fields = base_record.fields.clone();
    types.insert(
        &base_name,
        None,
        &Schema::default(),
        TypeKind::Record(base_record),
    )?;
    types.locate(
        &TypeRef::Named(base_name.clone()),
        &format!("what all kinds of `{}` share", types.rust_name(name)),
    );

    let mut variants = Vec::new();
    for (target, values) in kinds {
        let TypeRef::Named(ty) = types.component(target)? else {
            return Err(Error::unsupported(
                name,
                format!("kind `{target}` is no object"),
            ));
        };
        types.tag(&ty, &property, &values);
        variants.push(Variant {
            variant: String::new(),
            values,
            ty,
        });
    }
    Ok(Union {
        discriminator: property,
        variants,
        base: base_name,
        base_fields,
    })
}

/// Has constructors set the property that a union tells their record by, where all unions that
/// have the record as a kind tell it by one value.
pub(super) fn fix_tags(
    types: &mut BTreeMap<String, Type>,
    tags: Tags,
    names: &Names,
) -> Result<(), Error> {
    let mut shared = Tags::new();
    for ((place, property), values) in tags {
        let name = names.rust_type(&place).unwrap_or(&place).to_owned();
        shared.entry((name, property)).or_default().extend(values);
    }
    for ((name, property), values) in shared {
        let Some(TypeKind::Record(record)) = types.get_mut(&name).map(|ty| &mut ty.kind) else {
            return Err(Error::unsupported(
                name,
                "is a kind of a union, but no object",
            ));
        };
        let field = record
            .fields
            .iter_mut()
            .find(|field| field.name == property);
        if let (Some(field), 1, Some(value)) = (field, values.len(), values.first()) {
            field.required = false;
            record.fixed.push((property, value.clone()));
        }
    }
    Ok(())
}

/// Properties that every kind has, and declares alike.
fn shared_by_all<'a>(
    types: &Types<'_>,
    kinds: impl Iterator<Item = &'a str>,
) -> Result<Flat, Error> {
    let mut shared: Option<Flat> = None;
    for kind in kinds {
        let flat = merge::flatten(types.document, types.document.schema(kind)?, kind)?;
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
