//! Types of calls, and of the paths that they take.

use std::collections::{BTreeMap, BTreeSet};

use super::parameters;
use crate::api::{Api, Operation, TypeRef};
use crate::case;
use crate::names::{Names, Taken};

/// Names the call of every operation, and the struct of what identifies its object if that takes
/// several parameters.
pub(super) fn propose(api: &Api, names: &mut Names, others: &Taken) -> Vec<String> {
    let mut added = Vec::new();
    let mut taken = taken(names);
    for Operation { id, document, .. } in &api.operations {
        let Some(name) = names
            .operations
            .get_mut(id)
            .filter(|name| name.call.is_none())
        else {
            continue;
        };
        let mut call = case::struct_name(id);
        if others.calls.contains(&call) {
            call.insert_str(0, document.prefix);
        }
        while !taken.insert(call.clone()) {
            call.push_str("Call");
        }
        added.push(format!("`{id}`: its call is `{call}`"));
        name.call = Some(call);
    }

    let mut paths = paths(api, names);
    for operation in &api.operations {
        let Some(fields) = fields(operation, names) else {
            continue;
        };
        let Some(name) = names.operations.get_mut(&operation.id) else {
            continue;
        };
        if name.path.is_some() {
            continue;
        }
        let mut path = struct_name(operation, &fields);
        if others.paths.contains(&path) {
            path.insert_str(0, operation.document.prefix);
        }
        while paths.get(&path).is_some_and(|other| *other != fields) {
            path.push_str("Path");
        }
        paths.insert(path.clone(), fields);
        added.push(format!("`{}`: its path is `{path}`", operation.id));
        name.path = Some(path);
    }
    added
}

/// Gives the operation the types of its call and path.
pub(super) fn assign(operation: &mut Operation, names: &Names, missing: &mut Vec<String>) {
    let name = names.operation(&operation.id);
    match name.and_then(|name| name.call.clone()) {
        Some(call) => operation.call = call,
        None => missing.push(format!("{} (its call)", operation.id)),
    }
    if operation.identifying().count() > 1 {
        operation.path_struct = name.and_then(|name| name.path.clone());
        if operation.path_struct.is_none() {
            missing.push(format!("{} (its path)", operation.id));
        }
    }
}

/// Types that are in one module with the calls: other calls, and handles.
fn taken(names: &Names) -> BTreeSet<String> {
    let calls = names
        .operations
        .values()
        .filter_map(|name| name.call.clone());
    calls
        .chain(names.handles().into_keys().map(case::handle_type))
        .collect()
}

/// Identifiers of the fields of a path, and which of them are booleans.
type Fields = Vec<(String, bool)>;

/// The fields of each path that has a name.
fn paths(api: &Api, names: &Names) -> BTreeMap<String, Fields> {
    let named = api.operations.iter().filter_map(|operation| {
        let name = names.operation(&operation.id)?.path.clone()?;
        Some((name, fields(operation, names)?))
    });
    named.collect()
}

/// The fields of an operation's path, if it needs a struct.
fn fields(operation: &Operation, names: &Names) -> Option<Fields> {
    let fields: Fields = operation
        .identifying()
        .filter_map(|param| {
            let ident = parameters::ident_of(operation, param, names)?;
            Some((ident, param.ty == TypeRef::Bool))
        })
        .collect();
    (fields.len() > 1).then_some(fields)
}

/// `UserGroup` of `user_id` and `group_id`.
fn struct_name(operation: &Operation, fields: &Fields) -> String {
    let stems = fields.iter().map(|(ident, _)| stem(&operation.path, ident));
    case::struct_name(&stems.collect::<String>())
}

/// `user_id` to `User`, `role_id_or_label` to `Role`; an `id` is named by what stands before it in
/// the path, as in `/users/{id}`.
fn stem(path: &str, ident: &str) -> String {
    if ident == "id" {
        let before = path.split("/{id}").next().unwrap_or_default();
        let what = before.rsplit('/').next().unwrap_or_default();
        return case::pascal(what.strip_suffix('s').unwrap_or(what));
    }
    let stem = match ident.find("_id") {
        Some(end) if ident[end + 3..].is_empty() || ident[end + 3..].starts_with('_') => {
            &ident[..end]
        }
        _ => ident,
    };
    case::pascal(stem)
}
