//! Which cargo features need which types, and which of them requests hold.

use std::collections::{BTreeMap, BTreeSet};

use super::{Places, Root};
use crate::api::{Body, Operation, Type, TypeKind};
use crate::{Error, roots};

/// Gives every type the features of the operations and roots that reach it.
pub(super) fn assign_features(
    types: &mut BTreeMap<String, Type>,
    operations: &[Operation],
    roots: &[Root],
) {
    let references: BTreeMap<String, BTreeSet<String>> = types
        .iter()
        .map(|(name, ty)| (name.clone(), ty.references()))
        .collect();
    let operations = operations
        .iter()
        .map(|operation| (operation.references(), &operation.feature));
    let roots = roots.iter().map(|root| (of_root(root), &root.feature));
    for (names, feature) in operations.chain(roots) {
        let mut open: Vec<String> = names.into_iter().collect();
        while let Some(name) = open.pop() {
            let Some(ty) = types.get_mut(&name) else {
                continue;
            };
            if ty.features.insert(feature.clone()) {
                open.extend(references.get(&name).into_iter().flatten().cloned());
            }
        }
    }
}

/// Makes sure that there are operations of the features that roots name.
pub(super) fn check_roots(
    roots: &[Root],
    features: &BTreeMap<String, BTreeSet<String>>,
) -> Result<(), Error> {
    for Root {
        schema, feature, ..
    } in roots
    {
        if !features.contains_key(feature) {
            let known: Vec<&str> = features.keys().map(String::as_str).collect();
            return Err(Error::unsupported(
                format!("{}: `{schema}`", roots::FILE),
                format!(
                    "no operation is of feature `{feature}`; write one of {}",
                    known.join(", ")
                ),
            ));
        }
    }
    Ok(())
}

/// The types that operations and roots reach.
pub(super) fn reached(places: &Places) -> BTreeSet<String> {
    let operations = places.operations.iter().flat_map(Operation::references);
    let roots = places.roots.iter().flat_map(of_root);
    closure(&places.types, operations.chain(roots).collect())
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
            ty.names(&mut open);
        }
    }
    closure(types, open)
}

/// These types, and all that they refer to.
fn closure(types: &BTreeMap<String, Type>, mut open: BTreeSet<String>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop_first() {
        if let Some(ty) = types.get(&name)
            && seen.insert(name)
        {
            open.append(&mut ty.references());
        }
    }
    seen
}

fn of_root(root: &Root) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    root.ty.names(&mut names);
    names
}
