//! Rust names where places were.

use crate::api::{Body, Operation, Success, TypeKind, TypeRef};
use crate::lower::Root;
use crate::names::Names;

/// Puts Rust names where operations refer to places.
pub(in crate::lower) fn rename_in_operations(operations: &mut [Operation], names: &Names) {
    for operation in operations {
        let parameters = operation
            .path_params
            .iter_mut()
            .chain(&mut operation.query_params)
            .chain(&mut operation.header_params);
        parameters.for_each(|parameter| rename(&mut parameter.ty, names));
        if let Some(Body::Json { ty, .. }) = &mut operation.body {
            rename(ty, names);
        }
        match &mut operation.success {
            Success::Json(ty) => rename(ty, names),
            Success::WrappedList { ty, item, .. } => {
                rename(ty, names);
                rename(item, names);
            }
            Success::Empty | Success::Text(_) | Success::Bytes(_) => {}
        }
    }
}

/// Puts Rust names where roots are places.
pub(in crate::lower) fn rename_in_roots(roots: &mut [Root], names: &Names) {
    for root in roots {
        rename(&mut root.ty, names);
    }
}

/// Puts Rust names where a type refers to places.
pub(super) fn rename_in_type(kind: &mut TypeKind, names: &Names) {
    match kind {
        TypeKind::Enum(_) => {}
        TypeKind::Record(record) => {
            let fields = record.fields.iter_mut();
            fields.for_each(|field| rename(&mut field.ty, names));
        }
        TypeKind::Union(union) => {
            rename_place(&mut union.base, names);
            for variant in &mut union.variants {
                rename_place(&mut variant.ty, names);
            }
        }
    }
}

fn rename(ty: &mut TypeRef, names: &Names) {
    match ty {
        TypeRef::Named(place) => rename_place(place, names),
        TypeRef::List(inner)
        | TypeRef::Map(inner)
        | TypeRef::OneOrMany(inner)
        | TypeRef::Nullable(inner) => rename(inner, names),
        _ => {}
    }
}

fn rename_place(place: &mut String, names: &Names) {
    if let Some(name) = names.rust_type(place) {
        *place = name.to_owned();
    }
}
