//! What changes the status of an object.

use serde_json::{Value, json};

use super::asked::Asked;
use super::logged::{self, Deed};
use super::{born, kinds, objects, singles};
use crate::call::Reply;
use crate::document::segments::{ends_with_parameter, parent, segment};
use crate::document::{Shape, document};
use crate::org::Org;
use crate::problem::Problem;

/// The last part of the path, and what becomes of a member: of several values the one that it can
/// have.
const VERBS: [(&str, &str, &[&str]); 18] = [
    ("activate", "status", &["ACTIVE", "ENABLED", "enabled"]),
    (
        "deactivate",
        "status",
        &["INACTIVE", "DEACTIVATED", "DISABLED", "disabled"],
    ),
    ("suspend", "status", &["SUSPENDED"]),
    ("unsuspend", "status", &["ACTIVE"]),
    ("enable", "status", &["ENABLED"]),
    ("disable", "status", &["DISABLED"]),
    ("pause", "status", &["Paused"]),
    ("resume", "status", &["InProgress"]),
    ("retry", "status", &["Scheduled"]),
    ("stop", "status", &["Cancelled"]),
    ("start-import", "status", &["TRIGGERED"]),
    ("subscribe", "status", &["subscribed"]),
    ("unsubscribe", "status", &["unsubscribed"]),
    ("verify", "validationStatus", &["VERIFIED"]),
    ("setAsPrimary", "isPrimary", &[]),
    ("refresh", "", &[]),
    ("mark-error", "status", &["INACTIVE"]),
    ("{lifecycle}", "", &[]),
];

pub(super) fn is_verb(segment: &str) -> bool {
    VERBS.iter().any(|(verb, ..)| *verb == segment)
}

pub(super) fn switch(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let (template, path) = object_above(asked.template(), &asked.path);
    if !ends_with_parameter(template) {
        return single(org, asked, template, path);
    }
    let collection = (parent(template), parent(path));
    born::start(org, collection.0, collection.1);
    let key = segment(path);
    let Some(before) = org
        .store
        .item(collection.1, &key)
        .map(|item| item.body.clone())
    else {
        // What is modelled by hand was found on the way; only its status has no meaning.
        return match document().operation(template, "GET").is_some() {
            true => asked.answer_at(org, &json!({ "id": key }), path),
            false => Err(kinds::not_found(collection.0, &key)),
        };
    };
    let schema = kinds::item_schema(collection.0);
    let object = objects::changed(org, schema, switched(collection.0, before, &asked.key()));
    if let Some(item) = org.store.item_mut(collection.1, &key) {
        item.body.clone_from(&object);
    }
    if let Some(deed) = Deed::of_verb(&asked.key()) {
        logged::record(org, collection.0, deed, &object);
    }
    asked.answer_at(org, &object, path)
}

/// Template and path of what is switched: `…/lifecycle/activate` and `…/activate` are of `…`.
fn object_above<'p>(template: &'p str, path: &'p str) -> (&'p str, &'p str) {
    let (template, path) = (parent(template), parent(path));
    match template.ends_with("/lifecycle") {
        true => (parent(template), parent(path)),
        false => (template, path),
    }
}

fn single(org: &mut Org, asked: &Asked<'_>, template: &str, path: &str) -> Result<Reply, Problem> {
    let before = singles::at(org, template, path, &asked.call.base, false);
    let object = switched(template, before.unwrap_or_else(|| json!({})), &asked.key());
    singles::put(org, path, &object);
    asked.answer_at(org, &object, path)
}

/// The object with its new status.
fn switched(template: &str, mut object: Value, verb: &str) -> Value {
    let found = VERBS
        .iter()
        .find(|(known, ..)| known.eq_ignore_ascii_case(verb));
    let Some(&(verb, member, values)) = found else {
        return object;
    };
    if verb == "setAsPrimary" {
        object[member] = json!(true);
    } else if let Some(value) = fitting(template, &object, member, values) {
        object[member] = json!(value);
    } else if let Some(deed) = Deed::of_verb(verb)
        && shape_of(template, &object).is_some_and(|it| it.properties.contains_key("enabled"))
    {
        object["enabled"] = json!(deed == Deed::Activate);
    }
    object
}

fn shape_of(template: &str, object: &Value) -> Option<Shape<'static>> {
    let schema = kinds::item_schema(template).or_else(|| {
        let read = document().operation(template, "GET");
        read.and_then(|read| read.answers())
    });
    Some(document().shape(schema?, Some(object)))
}

/// The first of the values that the member can have.
fn fitting(
    template: &str,
    object: &Value,
    member: &str,
    values: &[&'static str],
) -> Option<&'static str> {
    let shape = shape_of(template, object)?;
    let allowed = document().shape(shape.properties.get(member)?, None).values;
    let fits = |value: &&&str| allowed.is_empty() || allowed.contains(&json!(value));
    values.iter().find(fits).copied()
}
