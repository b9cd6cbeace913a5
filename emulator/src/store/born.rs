//! What an org has before anybody asks: a collection gets its first items, and settings their first
//! values, when they are looked at for the first time.

mod collections;
mod settings;

use serde_json::{Map, Value, json};

use super::{adding, kinds, objects};
use crate::document::{Kind, Operation, Schema, document, nameless};
use crate::org::Org;
use crate::org::events::Caller;

/// Puts into a collection what every org has there, once.
pub(super) fn start(org: &mut Org, template: &str, path: &str) {
    if !org.store.started.insert(path.to_owned()) {
        return;
    }
    let mut items = collections::items(org, &nameless(template), path);
    items.extend(of_values(template));
    if items.is_empty() {
        return;
    }
    let (now, caller) = (
        org.now,
        std::mem::replace(&mut org.caller, Caller::system()),
    );
    org.now = org
        .groups
        .get(*org.everyone)
        .map_or(now, |everyone| everyone.created);
    for item in items {
        adding::add(org, template, path, &item);
    }
    (org.now, org.caller) = (now, caller);
}

/// A collection whose items are named by the values of an enum has an item for each of them.
fn of_values(template: &str) -> Vec<Value> {
    let item = format!("{template}/{{}}");
    let key = kinds::of(template).key;
    let Some(operation) = document().operation(&item, "GET") else {
        return Vec::new();
    };
    let name = operation.path.rsplit('/').next().unwrap_or_default();
    let name = name.trim_start_matches('{').trim_end_matches('}');
    if collections::CHOSEN.contains(&nameless(template).as_str()) {
        return Vec::new();
    }
    let values = values_of(operation, name).into_iter();
    values.map(|value| json!({ key: value })).collect()
}

/// The values that a parameter of a path can have; none if it can have any.
pub(super) fn values_of(operation: &'static Operation, name: &str) -> Vec<&'static str> {
    let Some(schema) = operation.in_path.get(name) else {
        return Vec::new();
    };
    let values = document().shape(schema, None).values;
    values.iter().filter_map(Value::as_str).collect()
}

/// The first values of what a path has one of. What can be deleted is not there until somebody
/// writes it, unless the org has it from the start.
pub(super) fn single(org: &Org, template: &str, base: &str, can_go: bool) -> Option<Value> {
    let template = nameless(template);
    if let Some(object) = settings::of(org, &template, base) {
        return Some(object);
    }
    let schema = document().operation(&template, "GET")?.answers()?;
    (!can_go).then(|| defaults(org, schema))
}

/// An object with a value for each member that is a switch, a choice or a list.
fn defaults(org: &Org, schema: &Schema) -> Value {
    let shape = document().shape(schema, None);
    if shape.kind != Kind::Object {
        return objects::completed(org, schema, &json!({}), true);
    }
    let mut object = Map::new();
    for (name, schema) in &shape.properties {
        let member = document().shape(schema, None);
        let first = member.default.or(member.values.first()).cloned();
        let value = match member.kind {
            _ if member.write_only => None,
            Kind::Boolean => Some(first.unwrap_or(Value::Bool(false))),
            Kind::List => Some(first.unwrap_or_else(|| json!([]))),
            _ => first,
        };
        object.extend(value.map(|value| ((*name).to_owned(), value)));
    }
    objects::completed(org, schema, &Value::Object(object), true)
}
