//! Which types answers hold.

use std::collections::BTreeSet;

use crate::api::{Api, Success, TypeKind, TypeRef};

/// The types that programs may be given to read: those of answers, and those that no operation
/// refers to, as bodies of hooks. Others are only sent.
pub(super) fn read(api: &Api) -> BTreeSet<&str> {
    let mut open: Vec<&str> = Vec::new();
    for operation in &api.operations {
        if let Success::Json(ty) | Success::WrappedList { ty, .. } = &operation.success {
            open.extend(named(ty));
        }
    }
    for ty in api.types.values().filter(|ty| ty.features.is_empty()) {
        open.push(&ty.name);
    }
    let mut read = BTreeSet::new();
    while let Some(name) = open.pop() {
        if read.insert(name)
            && let Some(ty) = api.types.get(name)
        {
            match &ty.kind {
                TypeKind::Record(record) => {
                    open.extend(record.fields.iter().filter_map(|field| named(&field.ty)));
                }
                TypeKind::Union(union) => {
                    open.extend(union.variants.iter().map(|variant| variant.ty.as_str()));
                    open.push(&union.base);
                }
                TypeKind::Enum(_) => {}
            }
        }
    }
    read
}

/// The type that a reference leads to, through lists and maps.
fn named(ty: &TypeRef) -> Option<&str> {
    match ty {
        TypeRef::Named(name) => Some(name),
        TypeRef::List(inner)
        | TypeRef::Map(inner)
        | TypeRef::OneOrMany(inner)
        | TypeRef::Nullable(inner) => named(inner),
        _ => None,
    }
}
