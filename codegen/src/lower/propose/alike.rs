//! Whether two places look like the same thing.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Field, Type, TypeKind, TypeRef};
use crate::lower::place;

/// The smallest size at which equality is more than chance.
const ENOUGH: usize = 2;

/// Whether two places are alike: objects field for field and all the way down, enums value for
/// value where the members that hold them have the same name.
pub(super) fn are_alike(types: &BTreeMap<String, Type>, left: &str, right: &str) -> bool {
    let (Some(one), Some(other)) = (types.get(left), types.get(right)) else {
        return false;
    };
    let says_enough = match (&one.kind, &other.kind) {
        (TypeKind::Enum(left_values), TypeKind::Enum(_)) => {
            left_values.len() >= ENOUGH && place::last_name(left) == place::last_name(right)
        }
        (TypeKind::Record(record), TypeKind::Record(_)) => record.fields.len() >= ENOUGH,
        _ => false,
    };
    says_enough
        && Comparison {
            types,
            assumed: BTreeSet::new(),
        }
        .places(left, right)
}

struct Comparison<'a> {
    types: &'a BTreeMap<String, Type>,
    /// Pairs that are being compared: what contains itself is alike if the rest is.
    assumed: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Comparison<'a> {
    fn places(&mut self, left: &'a str, right: &'a str) -> bool {
        if left == right || !self.assumed.insert((left, right)) {
            return true;
        }
        let (Some(one), Some(other)) = (self.types.get(left), self.types.get(right)) else {
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
            // The kinds of a union are schemas: they are the same, or they are not.
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

    fn refs(&mut self, left: &'a TypeRef, right: &'a TypeRef) -> bool {
        match (left, right) {
            (TypeRef::Named(left), TypeRef::Named(right)) => self.places(left, right),
            (TypeRef::List(left), TypeRef::List(right))
            | (TypeRef::Map(left), TypeRef::Map(right))
            | (TypeRef::OneOrMany(left), TypeRef::OneOrMany(right))
            | (TypeRef::Nullable(left), TypeRef::Nullable(right)) => self.refs(left, right),
            _ => left == right,
        }
    }
}
