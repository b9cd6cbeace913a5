//! Finding one's way in a document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// A document and what its references point to.
pub(super) struct Refs<'d> {
    document: &'d Value,
    /// Names of the schemas that some request body holds.
    pub(super) written: BTreeSet<&'d str>,
}

/// One operation where it stands.
pub(super) struct Place<'d> {
    pub(super) path: &'d str,
    pub(super) method: &'d str,
    pub(super) item: &'d Value,
    pub(super) operation: &'d Value,
}

impl<'d> Refs<'d> {
    pub(super) fn new(document: &'d Value) -> Self {
        let mut refs = Self {
            document,
            written: BTreeSet::new(),
        };
        let mut open: Vec<&str> = Vec::new();
        for place in refs.operations().values() {
            if let Some(body) = place.operation.get("requestBody") {
                collect_schemas(refs.resolve(body), &mut open);
            }
        }
        while let Some(name) = open.pop() {
            if refs.written.insert(name)
                && let Some(schema) = refs.schemas().get(name)
            {
                collect_schemas(schema, &mut open);
            }
        }
        refs
    }

    /// Every operation by its id.
    pub(super) fn operations(&self) -> BTreeMap<&'d str, Place<'d>> {
        let mut operations = BTreeMap::new();
        for (path, item) in entries(self.document.get("paths")) {
            for (method, operation) in entries(Some(item)) {
                if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                    let place = Place {
                        path,
                        method,
                        item,
                        operation,
                    };
                    operations.insert(id, place);
                }
            }
        }
        operations
    }

    /// Every named schema.
    pub(super) fn schemas(&self) -> BTreeMap<&'d str, &'d Value> {
        entries(self.document.pointer("/components/schemas")).collect()
    }

    /// What `value` refers to, or `value` itself. A reference to nowhere
    /// stands for itself.
    pub(super) fn resolve(&self, value: &'d Value) -> &'d Value {
        (value.get("$ref").and_then(Value::as_str))
            .and_then(|reference| self.document.pointer(reference.trim_start_matches('#')))
            .unwrap_or(value)
    }
}

/// The name that a reference ends in.
pub(super) fn name_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// The entries of a map; none if it is something else or missing.
pub(super) fn entries(map: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    map.and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
        .map(|(key, value)| (key.as_str(), value))
}

/// The items of a list; none if it is something else or missing.
pub(super) fn items(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

/// Adds the name of every schema that `value` refers to.
fn collect_schemas<'d>(value: &'d Value, into: &mut Vec<&'d str>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_str() {
                    Some(reference) if key == "$ref" => into.push(name_of(reference)),
                    _ => collect_schemas(value, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_schemas(item, into)),
        _ => {}
    }
}
