//! Arguments and setters of calls.

use super::allot::{Allotment, lookup};
use crate::api::{Body, Operation, Param};
use crate::case;
use crate::names::Names;
use crate::reserved::{OF_CALLS, OF_METHODS};

pub(super) fn propose(operation: &Operation, names: &mut Names) -> Vec<String> {
    let known = names.parameters.entry(operation.id.clone()).or_default();
    let reserved: Vec<&str> = [OF_CALLS, OF_METHODS, others(operation)].concat();
    let mut allotment = Allotment::new(known, &reserved);
    for (place, params) in places(operation) {
        for param in params {
            allotment.give(&key(place, param, operation), case::snake(&param.name));
        }
    }
    let added = allotment.added();
    let owner = &operation.id;
    added
        .into_iter()
        .map(|param| format!("`{owner}`: {param}"))
        .collect()
}

pub(super) fn assign(operation: &mut Operation, names: &Names, missing: &mut Vec<String>) {
    let id = &operation.id;
    let mut idents = Vec::new();
    for (place, params) in places(operation) {
        for param in params {
            let key = key(place, param, operation);
            let ident = lookup(&names.parameters, id, &key);
            idents.push(ident.unwrap_or_else(|| {
                missing.push(format!("{id}?{key}"));
                String::new()
            }));
        }
    }
    let params = operation
        .path_params
        .iter_mut()
        .chain(&mut operation.query_params)
        .chain(&mut operation.header_params);
    for (param, ident) in params.zip(idents) {
        param.ident = ident;
    }
}

/// The identifier of a parameter of the path or the query, if the list has it.
pub(super) fn ident_of(operation: &Operation, param: &Param, names: &Names) -> Option<String> {
    let place = if param.in_path { PATH } else { QUERY };
    lookup(
        &names.parameters,
        &operation.id,
        &key(place, param, operation),
    )
}

/// All that is given to an operation, and what its call has beside it.
pub(super) fn idents(operation: &Operation) -> impl Iterator<Item = &str> {
    let params = places(operation).into_iter().flat_map(|(_, params)| params);
    let optional = params.clone().filter(|param| !param.required);
    // An argument is in nobody's way but that of the body.
    let beside_setters = optional.clone().next().map_or(&[][..], |_| OF_CALLS);
    let of_call = beside_setters
        .iter()
        .copied()
        .filter(move |name| optional.clone().any(|param| param.ident == *name));
    params
        .map(|param| param.ident.as_str())
        .chain(others(operation).iter().copied())
        .chain(of_call)
}

/// What else the method and the call of an operation have.
fn others(operation: &Operation) -> &'static [&'static str] {
    match operation.body {
        Some(Body::Bytes { .. }) => &["body", "content_type"],
        Some(Body::Json { .. }) => &["body"],
        Some(Body::Multipart { .. }) => &["file"],
        None => &[],
    }
}

const PATH: &str = "path";
const QUERY: &str = "query";
const HEADER: &str = "header";

fn places(operation: &Operation) -> [(&'static str, &[Param]); 3] {
    [
        (PATH, &operation.path_params),
        (QUERY, &operation.query_params),
        (HEADER, &operation.header_params),
    ]
}

/// What a parameter is listed by: its name, unless another place has one of that name.
fn key(place: &'static str, param: &Param, operation: &Operation) -> String {
    let first = places(operation)
        .into_iter()
        .find(|(_, params)| params.iter().any(|other| other.name == param.name));
    match first {
        Some((first, _)) if first != place => format!("{} in {place}", param.name),
        _ => param.name.clone(),
    }
}
