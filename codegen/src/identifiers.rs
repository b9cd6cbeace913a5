//! Identifiers of what has a name on the wire: parameters, members, values, kinds.
//!
//! Each is computed once, when it is new, and then belongs to `names.yaml`: what Okta adds
//! later takes another identifier, and never the one of something else.

mod allot;
mod distinct;
mod fields;
mod kinds;
mod operations;
mod parameters;

use std::collections::BTreeMap;

use crate::Error;
use crate::api::{Api, TypeKind};
use crate::case;
use crate::names::{Members, Names, Taken};
use allot::{Allotment, lookup};

/// Names what the list of names does not name yet, and says what was named. `others` are the names
/// of Okta's other documents.
pub fn propose(api: &Api, names: &mut Names, others: &Taken) -> Vec<String> {
    let mut added = Vec::new();
    for operation in &api.operations {
        added.append(&mut parameters::propose(operation, names));
    }
    added.append(&mut operations::propose(api, names, others));
    for (name, ty) in &api.types {
        let mut report = |new: Vec<String>| {
            added.extend(new.into_iter().map(|member| format!("`{name}`: {member}")));
        };
        match &ty.kind {
            TypeKind::Record(record) => {
                let known = names.fields.entry(name.clone()).or_default();
                report(fields::propose(&record.fields, known));
            }
            TypeKind::Enum(values) => {
                let known = names.variants.entry(name.clone()).or_default();
                let mut allotment = Allotment::new(known, &[]);
                for value in values {
                    allotment.give(&value.value, case::variant(&value.value));
                }
                report(allotment.added());
            }
            TypeKind::Union(union) => {
                let known = names.kinds.entry(name.clone()).or_default();
                let kinds: Vec<&str> = union.variants.iter().map(|kind| kind.ty.as_str()).collect();
                report(kinds::propose(name, &kinds, known));
            }
        }
    }
    // What has nothing that could be named has no entry.
    for section in [
        &mut names.parameters,
        &mut names.fields,
        &mut names.variants,
        &mut names.kinds,
    ] {
        section.retain(|_, members| !members.is_empty());
    }
    added
}

/// Gives everything its identifier.
///
/// # Errors
/// If the list of names lacks one, or gives one twice.
pub fn assign(api: &mut Api, names: &Names) -> Result<(), Error> {
    let mut missing = Vec::new();
    for operation in &mut api.operations {
        parameters::assign(operation, names, &mut missing);
        operations::assign(operation, names, &mut missing);
    }
    let mut find = |members: &Members, ty: &str, member: &str| {
        lookup(members, ty, member).unwrap_or_else(|| {
            missing.push(format!("{ty}.{member}"));
            String::new()
        })
    };
    for (name, ty) in &mut api.types {
        match &mut ty.kind {
            TypeKind::Record(record) => {
                for field in &mut record.fields {
                    field.ident = find(&names.fields, name, &field.name);
                }
            }
            TypeKind::Enum(values) => {
                for value in values {
                    value.variant = find(&names.variants, name, &value.value);
                }
            }
            TypeKind::Union(union) => {
                for kind in &mut union.variants {
                    kind.variant = find(&names.kinds, name, &kind.ty);
                }
                union.variants.sort_by(|a, b| a.variant.cmp(&b.variant));
            }
        }
    }
    if !missing.is_empty() {
        return Err(Error::Nameless { members: missing });
    }
    name_base_fields(api);
    distinct::check(api)
}

/// The fields of a union's base are those of its record.
fn name_base_fields(api: &mut Api) {
    let mut idents = BTreeMap::<String, BTreeMap<String, String>>::new();
    for ty in api.types.values() {
        if let TypeKind::Record(record) = &ty.kind {
            let fields = record.fields.iter();
            let fields = fields.map(|field| (field.name.clone(), field.ident.clone()));
            idents.insert(ty.name.clone(), fields.collect());
        }
    }
    for ty in api.types.values_mut() {
        let TypeKind::Union(union) = &mut ty.kind else {
            continue;
        };
        for field in &mut union.base_fields {
            let ident = idents.get(&union.base).and_then(|of| of.get(&field.name));
            field.ident = ident.cloned().unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests;
