//! Operations and parameters that have another name in Okta's document and are the same: what they
//! are called in Rust stays.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Names;
use crate::document::without_names;

/// HTTP method and path, without the names of its parameters.
type Request = (String, String);

/// Gives operations and path parameters that the document before called otherwise the names that
/// they had, and says which. An operation is known by its request, a parameter by its place in the
/// path.
pub fn carry_over(names: &mut Names, previous: &Value, document: &Value) -> Vec<String> {
    let (before, now) = (requests(previous), requests(document));
    let mut carried = Vec::new();
    for (request, (id, path)) in &now {
        let Some((old_id, old_path)) = before.get(request) else {
            continue;
        };
        let is_gone = now.values().all(|(id, _)| id != old_id);
        if id != old_id && is_gone && !names.operations.contains_key(id) {
            if let Some(name) = names.operations.remove(old_id) {
                names.operations.insert(id.clone(), name);
                carried.push(format!("`{id}` is what was `{old_id}`"));
            }
            if let Some(parameters) = names.parameters.remove(old_id) {
                names.parameters.insert(id.clone(), parameters);
            }
        }
        let Some(parameters) = names.parameters.get_mut(id) else {
            continue;
        };
        for (name, old_name) in parameters_in(path).zip(parameters_in(old_path)) {
            if name != old_name
                && !parameters.contains_key(name)
                && let Some(ident) = parameters.remove(old_name)
            {
                parameters.insert(name.to_owned(), ident);
                carried.push(format!("`{id}`: `{name}` is what was `{old_name}`"));
            }
        }
    }
    carried
}

/// Operation id and path of each request.
fn requests(document: &Value) -> BTreeMap<Request, (String, String)> {
    let mut requests = BTreeMap::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                let request = (method.clone(), without_names(path));
                requests.insert(request, (id.to_owned(), path.clone()));
            }
        }
    }
    requests
}

fn parameters_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
}
