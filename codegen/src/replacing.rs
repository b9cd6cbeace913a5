//! Reading, changing and replacing: which operation replaces what another one reads, and what
//! becomes of its members.

use std::collections::BTreeMap;

use crate::api::{Api, Body, Operation, Record, Success, TypeKind, TypeRef};

/// Two operations on the same path, one of which reads what the other replaces or updates.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// The operation that reads.
    pub read: &'a Operation,
    /// What it reads.
    pub from: &'a str,
    /// The operation that writes.
    pub write: &'a Operation,
    /// What it takes.
    pub to: &'a str,
}

/// Every such pair whose types are objects, by the path.
pub fn pairs(api: &Api) -> Vec<Pair<'_>> {
    let read: BTreeMap<&str, (&Operation, &str)> = api
        .operations
        .iter()
        .filter(|operation| operation.http_method == "GET")
        .filter_map(|operation| match &operation.success {
            Success::Json(TypeRef::Named(from)) => {
                Some((operation.path.as_str(), (operation, from.as_str())))
            }
            _ => None,
        })
        .collect();
    let pairs = api.operations.iter().filter(|write| replaces(write));
    pairs
        .filter_map(|write| {
            let (read, from) = *read.get(write.path.as_str())?;
            match &write.body {
                Some(Body::Json {
                    ty: TypeRef::Named(to),
                    required: true,
                    ..
                }) => Some(Pair {
                    read,
                    from,
                    write,
                    to,
                }),
                _ => None,
            }
        })
        .collect()
}

fn replaces(operation: &Operation) -> bool {
    match operation.http_method.as_str() {
        "PUT" => true,
        "POST" => ["update", "replace"]
            .iter()
            .any(|verb| operation.id.starts_with(verb)),
        _ => false,
    }
}

/// JSON paths of the members that `from` declares and `to` does not, such as `profile.login`.
pub fn left_behind(api: &Api, from: &str, to: &str) -> Vec<String> {
    let mut paths = Vec::new();
    collect(api, from, to, "", &mut vec![], &mut paths);
    paths.sort();
    paths.dedup();
    paths
}

fn collect(
    api: &Api,
    from: &str,
    to: &str,
    prefix: &str,
    above: &mut Vec<String>,
    paths: &mut Vec<String>,
) {
    // Types may hold themselves.
    if from == to || above.iter().any(|name| name == from) {
        return;
    }
    let (Some(from_record), Some(to_record)) = (record(api, from, None), record(api, to, None))
    else {
        return;
    };
    above.push(from.to_owned());
    for field in &from_record.fields {
        let path = format!("{prefix}{}", field.name);
        let other = to_record
            .fields
            .iter()
            .find(|other| other.name == field.name);
        match other {
            None => paths.push(path),
            Some(other) => {
                if let (Some(from), Some(to)) = (named(&field.ty), named(&other.ty)) {
                    collect(api, from, to, &format!("{path}."), above, paths);
                }
            }
        }
    }
    above.pop();
}

fn named(ty: &TypeRef) -> Option<&str> {
    match ty {
        TypeRef::Named(name) => Some(name),
        TypeRef::List(item) | TypeRef::Map(item) | TypeRef::OneOrMany(item) => named(item),
        _ => None,
    }
}

/// The record of a type; of a union the kind that `tag` names, or what all kinds share.
pub fn record<'a>(api: &'a Api, name: &str, tag: Option<&str>) -> Option<&'a Record> {
    match &api.types.get(name)?.kind {
        TypeKind::Record(record) => Some(record),
        TypeKind::Enum(_) => None,
        TypeKind::Union(union) => {
            let kind = union.variants.iter().find(|variant| {
                tag.is_some_and(|tag| variant.values.iter().any(|value| value == tag))
            });
            record(api, kind.map_or(&union.base, |kind| &kind.ty), None)
        }
    }
}

/// JSON name of the member that tells the kinds of a union.
pub fn discriminator<'a>(api: &'a Api, name: &str) -> Option<&'a str> {
    match &api.types.get(name)?.kind {
        TypeKind::Union(union) => Some(&union.discriminator),
        _ => None,
    }
}
