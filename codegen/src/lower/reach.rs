//! Which cargo features need which types, and which of them requests hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Body, Operation, Success, Type, TypeKind, TypeRef};

/// Gives every type the features of the operations that reach it.
///
/// A type that no operation reaches belongs to no feature.
pub(super) fn assign_features(types: &mut BTreeMap<String, Type>, operations: &[Operation]) {
    let references: BTreeMap<String, BTreeSet<String>> = types
        .iter()
        .map(|(name, ty)| (name.clone(), of_type(ty)))
        .collect();
    for operation in operations {
        let mut open: Vec<String> = of_operation(operation).into_iter().collect();
        while let Some(name) = open.pop() {
            let Some(ty) = types.get_mut(&name) else {
                continue;
            };
            if ty.features.insert(operation.feature.clone()) {
                open.extend(references.get(&name).into_iter().flatten().cloned());
            }
        }
    }
}

/// Marks the members of the types that a request body may hold.
pub(super) fn mark_requested(types: &mut BTreeMap<String, Type>, operations: &[Operation]) {
    for name in requested(types, operations) {
        if let Some(TypeKind::Record(record)) = types.get_mut(&name).map(|ty| &mut ty.kind) {
            let fields = record.fields.iter_mut();
            fields.for_each(|field| field.requested = true);
        }
    }
}

/// The types that a request body may hold.
pub(super) fn requested(
    types: &BTreeMap<String, Type>,
    operations: &[Operation],
) -> BTreeSet<String> {
    let mut open = BTreeSet::new();
    for operation in operations {
        if let Some(Body::Json { ty, .. }) = &operation.body {
            named(ty, &mut open);
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop_first() {
        if let Some(ty) = types.get(&name)
            && seen.insert(name)
        {
            open.append(&mut of_type(ty));
        }
    }
    seen
}

fn of_operation(operation: &Operation) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for param in operation
        .path_params
        .iter()
        .chain(&operation.query_params)
        .chain(&operation.header_params)
    {
        named(&param.ty, &mut names);
    }
    if let Some(Body::Json { ty, .. }) = &operation.body {
        named(ty, &mut names);
    }
    match &operation.success {
        Success::Json(ty) => named(ty, &mut names),
        Success::WrappedList { ty, item, .. } => {
            named(ty, &mut names);
            named(item, &mut names);
        }
        Success::Empty | Success::Text(_) | Success::Bytes(_) => {}
    }
    names
}

fn of_type(ty: &Type) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    match &ty.kind {
        TypeKind::Enum(_) => {}
        TypeKind::Record(record) => {
            record
                .fields
                .iter()
                .for_each(|field| named(&field.ty, &mut names));
        }
        TypeKind::Union(union) => {
            names.insert(union.base.clone());
            names.extend(union.variants.iter().map(|variant| variant.ty.clone()));
        }
    }
    names
}

fn named(ty: &TypeRef, names: &mut BTreeSet<String>) {
    match ty {
        TypeRef::Named(name) => {
            names.insert(name.clone());
        }
        TypeRef::List(inner)
        | TypeRef::Map(inner)
        | TypeRef::OneOrMany(inner)
        | TypeRef::Nullable(inner) => named(inner, names),
        TypeRef::String
        | TypeRef::Id
        | TypeRef::Secret
        | TypeRef::Bool
        | TypeRef::Integer
        | TypeRef::Number
        | TypeRef::Timestamp
        | TypeRef::Json
        | TypeRef::SecretJson => {}
    }
}
