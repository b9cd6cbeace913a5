//! Objects that come in kinds as one: every kind that any place has.

use std::collections::BTreeMap;

use super::{Member, at};
use crate::Error;
use crate::api::{Field, Type, TypeKind, Union, Variant};

/// A union with the kinds of all places, which are told apart alike and have a base in common.
pub(super) fn merge(name: &str, places: &[(&Member, &Union)]) -> Result<Union, Error> {
    let [(first, union), rest @ ..] = places else {
        return Err(Error::unsupported(name, "is a type of no place"));
    };
    let mut merged = (*union).clone();
    for (member, other) in rest {
        for (what, left, right) in [
            (
                "its discriminator",
                &union.discriminator,
                &other.discriminator,
            ),
            ("what all kinds share", &union.base, &other.base),
        ] {
            if left != right {
                return Err(Error::Contradiction {
                    name: name.to_owned(),
                    what: what.to_owned(),
                    first: at(&first.place, &format!("`{left}`")),
                    second: at(&member.place, &format!("`{right}`")),
                });
            }
        }
        merged.variants.extend(other.variants.iter().cloned());
    }
    joined(name, merged)
}

/// A union in which no two kinds are of the same type: what is one type is one kind.
pub(super) fn joined(name: &str, mut union: Union) -> Result<Union, Error> {
    let mut variants = Vec::<Variant>::new();
    for variant in union.variants {
        match variants.iter_mut().find(|known| known.ty == variant.ty) {
            Some(known) => {
                let new = |value: &String| !known.values.contains(value);
                let added: Vec<_> = variant.values.into_iter().filter(new).collect();
                known.values.extend(added);
                known.values.sort();
            }
            None => variants.push(variant),
        }
    }
    tell_apart(name, &variants)?;
    union.variants = variants;
    Ok(union)
}

/// Kinds have values of their own.
fn tell_apart(name: &str, variants: &[Variant]) -> Result<(), Error> {
    let mut known = BTreeMap::<&str, &Variant>::new();
    for variant in variants {
        for value in &variant.values {
            match known.insert(value, variant) {
                Some(other) if other.ty != variant.ty => {
                    return Err(Error::Contradiction {
                        name: name.to_owned(),
                        what: format!("kind `{value}`"),
                        first: format!("`{}`", other.ty),
                        second: format!("`{}`", variant.ty),
                    });
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Gives every union the fields that its base has now.
pub(super) fn refresh_base_fields(types: &mut BTreeMap<String, Type>) -> Result<(), Error> {
    let mut bases = BTreeMap::<String, Vec<Field>>::new();
    for ty in types.values() {
        let TypeKind::Union(union) = &ty.kind else {
            continue;
        };
        let Some(TypeKind::Record(base)) = types.get(&union.base).map(|base| &base.kind) else {
            return Err(Error::unsupported(
                &union.base,
                "is no object, but the base of a union",
            ));
        };
        bases.insert(ty.name.clone(), base.fields.clone());
    }
    for (name, fields) in bases {
        if let Some(TypeKind::Union(union)) = types.get_mut(&name).map(|ty| &mut ty.kind) {
            union.base_fields = fields;
        }
    }
    Ok(())
}
