//! Objects on their way in and out: what a request may write, what the server adds, what is shown.

use serde_json::{Map, Value, json};

use super::kinds::Kind;
use crate::document::{Filling, Kind as JsonKind, Schema, Shape, complete, document};
use crate::object::Object;
use crate::org::Org;

/// Members that say when an object was made, and when it was changed.
const MADE: [&str; 3] = ["created", "createdDate", "createdAt"];
const CHANGED: [&str; 3] = ["lastUpdated", "lastUpdate", "lastUpdatedDate"];
/// Members that say who did it.
const MAKER: [&str; 1] = ["createdBy"];
const CHANGER: [&str; 2] = ["lastUpdatedBy", "updatedBy"];
/// Members that the server makes and that look random.
const RANDOM: [&str; 4] = ["client_secret", "clientSecret", "keyId", "token"];
/// The status of what was just made, if it is one of those that there are.
const FIRST_STATUS: [&str; 4] = ["ACTIVE", "CREATED", "ENABLED", "PENDING_ACTIVATION"];

/// A request's body without what only the server writes.
pub(super) fn writable(schema: &Schema, body: &Value) -> Value {
    let shape = document().shape(schema, Some(body));
    match body {
        Value::Object(object) => {
            let own = object.iter().filter(|(name, _)| !shape.is_of_server(name));
            let own = own.map(|(name, value)| (name.clone(), writable_member(&shape, name, value)));
            Value::Object(own.collect())
        }
        Value::Array(items) => match shape.items {
            Some(schema) => items.iter().map(|item| writable(schema, item)).collect(),
            None => body.clone(),
        },
        scalar => scalar.clone(),
    }
}

fn writable_member(shape: &Shape<'_>, name: &str, value: &Value) -> Value {
    match shape.properties.get(name).copied().or(shape.additional) {
        Some(schema) => writable(schema, value),
        None => value.clone(),
    }
}

/// A new object: what was given, and what the server adds.
pub(super) fn new(org: &mut Org, schema: Option<&Schema>, kind: Kind, given: &Value) -> Value {
    let Some(schema) = schema else {
        return identified(org, kind, given.clone());
    };
    let mut object = object_of(given);
    let shape = document().shape(schema, Some(given));
    let maker = org.caller.actor.id.clone();
    let now = stamp(org);
    put_all(&mut object, &shape, &MADE, &now);
    put_all(&mut object, &shape, &CHANGED, &now);
    put_all(&mut object, &shape, &MAKER, &maker);
    put_all(&mut object, &shape, &CHANGER, &maker);
    for name in RANDOM {
        if shape.required.contains(name) || shape.is_of_server(name) {
            let secret = org.ids.secret(40);
            put(&mut object, &shape, name, &secret);
        }
    }
    if let Some(status) = first_status(&shape) {
        put(&mut object, &shape, "status", &status);
    }
    let object = identified(org, kind, Value::Object(object));
    completed(org, schema, &object, true)
}

/// An object with the key by which its path names it.
fn identified(org: &mut Org, kind: Kind, mut object: Value) -> Value {
    if key(kind, &object).is_some() {
        return object;
    }
    let id = match kind.prefix {
        "" => org.ids.secret(43),
        prefix => org.ids.object(prefix),
    };
    let mut parts = kind.key.rsplit('.');
    let own = parts.next().unwrap_or_default();
    let key = parts.fold(json!({ own: id }), |inner, part| json!({ part: inner }));
    merge(&mut object, &key);
    object
}

/// The key of an object.
pub(super) fn key(kind: Kind, object: &Value) -> Option<String> {
    let pointer = format!("/{}", kind.key.replace('.', "/"));
    match object.pointer(&pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The object after a change by `given`: dates and names of who changed it are new.
pub(super) fn changed(org: &Org, schema: Option<&Schema>, given: Value) -> Value {
    let Some(schema) = schema else { return given };
    let shape = document().shape(schema, Some(&given));
    let mut object = object_of(&given);
    for name in CHANGED {
        object.remove(name);
    }
    put_all(&mut object, &shape, &CHANGED, &stamp(org));
    put_all(&mut object, &shape, &CHANGER, &org.caller.actor.id);
    completed(org, schema, &Value::Object(object), false)
}

/// What stays of an object that is replaced: whatever the server alone writes.
pub(super) fn kept(schema: Option<&Schema>, before: &Value, kind: Kind) -> Object {
    let key = kind.key.split('.').next().unwrap_or_default();
    let shape = schema.map(|schema| document().shape(schema, Some(before)));
    let members = object_of(before).into_iter().filter(|(name, _)| {
        let of_server = shape.as_ref().is_some_and(|shape| shape.is_of_server(name));
        name == key || name == "status" || MADE.contains(&name.as_str()) || of_server
    });
    members.collect()
}

/// Members of an object that what replaces it cannot have, since the request knows a part of it only.
pub(super) fn beyond(takes: Option<&Schema>, schema: Option<&Schema>, before: &Value) -> Object {
    let (Some(takes), Some(schema)) = (takes, schema) else {
        return Object::new();
    };
    let (takes, shape) = (
        document().shape(takes, Some(before)),
        document().shape(schema, Some(before)),
    );
    let members = object_of(before).into_iter().filter(|(name, _)| {
        shape.properties.contains_key(name.as_str())
            && !takes.properties.contains_key(name.as_str())
    });
    members.collect()
}

/// An update by RFC 7396: null removes, objects are merged, everything else replaces.
pub(super) fn merge(into: &mut Value, from: &Value) {
    let Some(update) = from.as_object() else {
        *into = from.clone();
        return;
    };
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    if let Some(members) = into.as_object_mut() {
        for (name, value) in update {
            match value {
                Value::Null => drop(members.remove(name)),
                value => merge(members.entry(name.clone()).or_insert(Value::Null), value),
            }
        }
    }
}

/// An object as an answer shows it: what the schema asks for, and where it is.
pub(super) fn shown(org: &Org, schema: &Schema, object: &Value, href: &str) -> Value {
    let shape = document().shape(schema, Some(object));
    let mut object = object.clone();
    if shape.properties.contains_key("_links")
        && let Some(members) = object.as_object_mut()
    {
        let links = members.entry("_links").or_insert_with(|| json!({}));
        links["self"] = own_link(href);
    }
    let mut shown = completed(org, schema, &object, false);
    hide(&mut shown);
    shown
}

/// The value of the secret header of a hook is never shown, though the document does not say so.
fn hide(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(members) => {
            if let Some(scheme) = members.get_mut("authScheme").and_then(Value::as_object_mut) {
                scheme.remove("value");
            }
            members.values_mut().for_each(hide);
        }
        _ => {}
    }
}

/// The link of an object to itself, with what can be done there.
fn own_link(href: &str) -> Value {
    let path = href.splitn(4, '/').nth(3).unwrap_or_default();
    let methods = document().methods(&format!("/{path}"));
    json!({ "href": href, "hints": { "allow": methods } })
}

/// A value with all that its schema asks for.
pub(super) fn completed(org: &Org, schema: &Schema, given: &Value, defaults: bool) -> Value {
    let now = stamp(org);
    let filling = Filling {
        now: &now,
        defaults,
    };
    complete(document(), schema, Some(given), filling)
}

/// A date as Okta writes it.
pub(super) fn stamp(org: &Org) -> String {
    let date = json!(org.now);
    date.as_str().unwrap_or_default().to_owned()
}

pub(super) fn object_of(value: &Value) -> Object {
    value.as_object().cloned().unwrap_or_default()
}

fn put_all(object: &mut Object, shape: &Shape<'_>, names: &[&str], text: &str) {
    for name in names {
        put(object, shape, name, text);
    }
}

/// Sets a member that the schema has and that nobody gave.
fn put(object: &mut Object, shape: &Shape<'_>, name: &str, text: &str) {
    let Some(schema) = shape.properties.get(name) else {
        return;
    };
    let member = document().shape(schema, None);
    if matches!(member.kind, JsonKind::Text | JsonKind::Any) && !member.write_only {
        object.entry(name).or_insert_with(|| json!(text));
    }
}

fn first_status(shape: &Shape<'_>) -> Option<String> {
    let values = document()
        .shape(shape.properties.get("status")?, None)
        .values;
    let known = FIRST_STATUS
        .iter()
        .find(|status| values.contains(&json!(status)));
    let first = || values.first()?.as_str().map(str::to_owned);
    known.map(|status| (*status).to_owned()).or_else(first)
}
