//! Whether two places look like the same thing.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Field, Type, TypeKind, TypeRef};
use crate::lower::place;
use crate::names::type_name;

/// The smallest size at which equality is more than chance.
const ENOUGH: usize = 2;

/// Whether two places are alike: objects field for field and all the way down, enums value for
/// value where the members that hold them have the same name.
pub(super) fn are_alike(types: &BTreeMap<String, Type>, left: &str, right: &str) -> bool {
    let (Some(one), Some(other)) = (types.get(left), types.get(right)) else {
        return false;
    };
    say_enough(one, other) && Comparison::of(types, types).places(left, right)
}

/// Whether it is more than chance if two types are equal.
fn say_enough(left: &Type, right: &Type) -> bool {
    match (&left.kind, &right.kind) {
        (TypeKind::Enum(values), TypeKind::Enum(_)) => {
            let named = |ty| place::last_name(ty);
            values.len() >= ENOUGH && named(&left.name) == named(&right.name)
        }
        (TypeKind::Record(record), TypeKind::Record(_)) => record.fields.len() >= ENOUGH,
        _ => false,
    }
}

/// Whether a place that is gone, `old` of an earlier document, is the same as a new one. Of two
/// that say little, the members have to have the same name.
pub(super) fn has_moved(
    earlier: &BTreeMap<String, Type>,
    old: &str,
    types: &BTreeMap<String, Type>,
    new: &str,
) -> bool {
    let says_enough = match earlier.get(old).map(|ty| &ty.kind) {
        Some(TypeKind::Enum(values)) => values.len() >= ENOUGH,
        Some(TypeKind::Record(record)) => record.fields.len() >= ENOUGH,
        Some(TypeKind::Union(_)) => true,
        None => false,
    };
    let named_alike = || {
        let last = |place| type_name(place::last_name(place));
        last(new).ends_with(&last(old))
    };
    (says_enough || named_alike()) && Comparison::of(earlier, types).places(old, new)
}

struct Comparison<'a> {
    /// The types that what is on the left refers to.
    left: &'a BTreeMap<String, Type>,
    right: &'a BTreeMap<String, Type>,
    /// Pairs that are being compared: what contains itself is alike if the rest is.
    assumed: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Comparison<'a> {
    fn of(left: &'a BTreeMap<String, Type>, right: &'a BTreeMap<String, Type>) -> Self {
        Self {
            left,
            right,
            assumed: BTreeSet::new(),
        }
    }

    fn places(&mut self, left: &'a str, right: &'a str) -> bool {
        if left == right || !self.assumed.insert((left, right)) {
            return true;
        }
        let (Some(one), Some(other)) = (self.left.get(left), self.right.get(right)) else {
            return false;
        };
        match (&one.kind, &other.kind) {
            (TypeKind::Enum(left), TypeKind::Enum(right)) => {
                let left: BTreeSet<_> = left.iter().map(|value| &value.value).collect();
                left == right.iter().map(|value| &value.value).collect()
            }
            (TypeKind::Record(left), TypeKind::Record(right)) => {
                left.custom_properties == right.custom_properties
                    && left.fields.len() == right.fields.len()
                    && left
                        .fields
                        .iter()
                        .zip(&right.fields)
                        .all(|(left, right)| self.fields(left, right))
            }
            (TypeKind::Union(left), TypeKind::Union(right)) => {
                left.discriminator == right.discriminator
                    && left.variants.len() == right.variants.len()
                    // Kinds are schemas: they are the same, or they are not.
                    && left
                        .variants
                        .iter()
                        .zip(&right.variants)
                        .all(|(left, right)| left.ty == right.ty && left.values == right.values)
            }
            _ => false,
        }
    }

    fn fields(&mut self, left: &'a Field, right: &'a Field) -> bool {
        left.name == right.name
            && left.nullable == right.nullable
            && left.required == right.required
            && left.write_only == right.write_only
            && self.refs(&left.ty, &right.ty)
    }

    /// Whether two types would be one if they are equal: what is spelled out in both would, as the
    /// same member of one type; a schema only if it says enough by itself.
    fn will_share(&self, left: &str, right: &str) -> bool {
        match (self.left.get(left), self.right.get(right)) {
            (Some(left), Some(right)) => {
                left.schema.is_none() && right.schema.is_none() || say_enough(left, right)
            }
            _ => false,
        }
    }

    fn refs(&mut self, left: &'a TypeRef, right: &'a TypeRef) -> bool {
        match (left, right) {
            (TypeRef::Named(left), TypeRef::Named(right)) => {
                left == right || self.will_share(left, right) && self.places(left, right)
            }
            (TypeRef::List(left), TypeRef::List(right))
            | (TypeRef::Map(left), TypeRef::Map(right))
            | (TypeRef::OneOrMany(left), TypeRef::OneOrMany(right))
            | (TypeRef::Nullable(left), TypeRef::Nullable(right)) => self.refs(left, right),
            _ => left == right,
        }
    }
}
