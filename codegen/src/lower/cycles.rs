//! Types that contain themselves need a box somewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Type, TypeKind, TypeRef};

/// Boxes every field through which a record would contain itself.
pub(super) fn break_up(types: &mut BTreeMap<String, Type>) {
    let inside: BTreeMap<String, BTreeSet<String>> = types
        .iter()
        .map(|(name, ty)| {
            let contained = match &ty.kind {
                TypeKind::Record(record) => record
                    .fields
                    .iter()
                    .filter_map(|field| by_value(&field.ty))
                    .collect(),
                TypeKind::Enum(_) | TypeKind::Union(_) => BTreeSet::new(),
            };
            (name.clone(), contained)
        })
        .collect();
    for (name, ty) in types {
        let TypeKind::Record(record) = &mut ty.kind else {
            continue;
        };
        for field in &mut record.fields {
            field.boxed =
                by_value(&field.ty).is_some_and(|contained| reaches(&inside, &contained, name));
        }
    }
}

/// The named type that a value of this type contains without indirection.
fn by_value(ty: &TypeRef) -> Option<String> {
    match ty {
        TypeRef::Named(name) => Some(name.clone()),
        TypeRef::Nullable(inner) => by_value(inner),
        _ => None,
    }
}

fn reaches(inside: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(inside.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}
