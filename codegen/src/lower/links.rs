//! Links: Okta sends one object or an array of them for the same relation, as HAL allows.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Type, TypeKind, TypeRef};

/// Makes every link with an address inside `_links` one or many.
///
/// Source: draft-kelly-json-hal section 4.1.1; recorded answers of factors, whose `resend` is an
/// array where several ways to resend exist.
pub(super) fn may_repeat(types: &mut BTreeMap<String, Type>) {
    let with_address: BTreeSet<String> = types
        .values()
        .filter(|ty| has_field(ty, "href"))
        .map(|ty| ty.name.clone())
        .collect();
    let holders: BTreeSet<String> = types
        .values()
        .filter_map(|ty| match &ty.kind {
            TypeKind::Record(record) => Some(&record.fields),
            TypeKind::Union(union) => Some(&union.base_fields),
            TypeKind::Enum(_) => None,
        })
        .flatten()
        .filter(|field| field.name == "_links")
        .filter_map(|field| match &field.ty {
            TypeRef::Named(name) if !with_address.contains(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    for name in holders {
        let Some(Type {
            kind: TypeKind::Record(record),
            ..
        }) = types.get_mut(&name)
        else {
            continue;
        };
        for field in &mut record.fields {
            if matches!(&field.ty, TypeRef::Named(link) if with_address.contains(link)) {
                let one = std::mem::replace(&mut field.ty, TypeRef::Json);
                field.ty = TypeRef::OneOrMany(Box::new(one));
            }
        }
    }
}

fn has_field(ty: &Type, name: &str) -> bool {
    match &ty.kind {
        TypeKind::Record(record) => record.fields.iter().any(|field| field.name == name),
        TypeKind::Enum(_) | TypeKind::Union(_) => false,
    }
}
