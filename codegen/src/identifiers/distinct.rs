//! Nothing has the identifier of something else: the list of names is also written by hand.

use std::collections::BTreeSet;

use super::parameters;
use crate::Error;
use crate::api::{Api, TypeKind};

pub(super) fn check(api: &Api) -> Result<(), Error> {
    let mut calls = BTreeSet::new();
    for operation in &api.operations {
        once(&operation.id, parameters::idents(operation))?;
        if !calls.insert(operation.call.as_str()) {
            return Err(twice(&operation.id, &operation.call));
        }
    }
    for (name, ty) in &api.types {
        match &ty.kind {
            TypeKind::Record(record) => once(name, record.fields.iter().map(|it| &*it.ident))?,
            TypeKind::Enum(values) => once(name, values.iter().map(|it| &*it.variant))?,
            TypeKind::Union(union) => once(name, union.variants.iter().map(|it| &*it.variant))?,
        }
    }
    Ok(())
}

fn once<'a>(owner: &str, idents: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut known = BTreeSet::new();
    for ident in idents {
        if !known.insert(ident) {
            return Err(twice(owner, ident));
        }
    }
    Ok(())
}

fn twice(owner: &str, ident: &str) -> Error {
    let detail = format!("two things would be called `{ident}`: rename one in names.yaml");
    Error::unsupported(owner, detail)
}
