//! Differences of types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::refs::{Refs, entries, items, name_of};
use super::{Changes, Subject};

/// Whether a program makes values of a type, or only gets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    Written,
}

/// Formats that make another Rust type of a scalar.
const TYPED_FORMATS: &[&str] = &[
    "binary",
    "byte",
    "date",
    "date-time",
    "double",
    "float",
    "int32",
    "int64",
    "password",
];

/// Compares the named schemas.
pub(super) fn compare_components(changes: &mut Changes, old: &Refs<'_>, new: &Refs<'_>) {
    let (before, after) = (old.schemas(), new.schemas());
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        changes.compatible(Subject::Schema, name, "added");
    }
    for (name, was) in &before {
        let Some(is) = after.get(name) else {
            changes.breaking(Subject::Schema, name, "removed");
            continue;
        };
        // Only what programs write today can break for those who write it.
        let usage = if old.written.contains(name) {
            Use::Written
        } else {
            Use::Read
        };
        compare(changes, Subject::Schema, name, was, is, usage);
    }
}

/// Compares two schemas that stand at the same place. References are compared
/// by name: what is behind them is compared once, by [`compare_components`].
pub(super) fn compare(
    changes: &mut Changes,
    subject: Subject,
    at: &str,
    was: &Value,
    is: &Value,
    usage: Use,
) {
    let (type_was, type_is) = (type_of(was), type_of(is));
    if type_was != type_is {
        changes.breaking(subject, at, format!("type {type_was} is now {type_is}"));
        return;
    }
    if reference(was).is_some() {
        return;
    }
    set(changes, Subject::EnumValue, at, &values(was), &values(is));
    for keyword in ["allOf", "anyOf", "oneOf"] {
        set(
            changes,
            subject,
            at,
            &members(was, keyword),
            &members(is, keyword),
        );
    }
    properties(changes, at, was, is, usage);
    discriminator(changes, at, was, is);
    for (keyword, below) in [("items", "[]"), ("additionalProperties", "{}")] {
        let (was, is) = (was.get(keyword), is.get(keyword));
        if let (Some(was @ Value::Object(_)), Some(is @ Value::Object(_))) = (was, is) {
            compare(changes, subject, &format!("{at}{below}"), was, is, usage);
        }
    }
}

/// Members that are gone break, members that came do not.
fn set(
    changes: &mut Changes,
    subject: Subject,
    at: &str,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) {
    for value in after.difference(before) {
        changes.compatible(subject, at, format!("{value} added"));
    }
    for value in before.difference(after) {
        changes.breaking(subject, at, format!("{value} removed"));
    }
}

fn values(schema: &Value) -> BTreeSet<String> {
    items(schema.get("enum")).map(Value::to_string).collect()
}

/// The references in `allOf`, `anyOf` or `oneOf`.
fn members(schema: &Value, keyword: &str) -> BTreeSet<String> {
    items(schema.get(keyword))
        .filter_map(|member| reference(member))
        .map(str::to_owned)
        .collect()
}

/// Properties of an object, those of the inline parts of `allOf` included, and
/// whether they are required.
fn properties_of(schema: &Value) -> BTreeMap<&str, (&Value, bool)> {
    let parts = || std::iter::once(schema).chain(items(schema.get("allOf")));
    let required: BTreeSet<&str> = parts()
        .flat_map(|part| items(part.get("required")))
        .filter_map(Value::as_str)
        .collect();
    parts()
        .flat_map(|part| entries(part.get("properties")))
        .map(|(name, property)| (name, (property, required.contains(name))))
        .collect()
}

fn properties(changes: &mut Changes, at: &str, was: &Value, is: &Value, usage: Use) {
    let (before, after) = (properties_of(was), properties_of(is));
    // A property that a program must give is an argument of the constructor.
    let argument = |property: &Value, required: bool| {
        usage == Use::Written && required && !flag(property, "readOnly")
    };
    for (name, (property, required)) in &after {
        if before.contains_key(name) {
            continue;
        }
        let at = format!("{at}.{name}");
        if argument(property, *required) {
            changes.breaking(Subject::Property, &at, "added, required in requests");
        } else {
            changes.compatible(Subject::Property, &at, "added");
        }
    }
    for (name, (was, was_required)) in &before {
        let at = format!("{at}.{name}");
        let Some((is, is_required)) = after.get(name) else {
            changes.breaking(Subject::Property, &at, "removed");
            continue;
        };
        let arguments = argument(was, *was_required) != argument(is, *is_required);
        switch(
            changes,
            &at,
            "required",
            *was_required,
            *is_required,
            arguments,
        );
        let (was_flag, is_flag) = (flag(was, "readOnly"), flag(is, "readOnly"));
        let lost_setter = is_flag && usage == Use::Written;
        switch(
            changes,
            &at,
            "read-only",
            was_flag,
            is_flag,
            lost_setter || arguments,
        );
        switch(
            changes,
            &at,
            "nullable",
            flag(was, "nullable"),
            flag(is, "nullable"),
            true,
        );
        compare(changes, Subject::Property, &at, was, is, usage);
    }
}

fn switch(changes: &mut Changes, at: &str, word: &str, was: bool, is: bool, breaks: bool) {
    if was != is {
        let change = format!("is {} {word}", if is { "now" } else { "no longer" });
        changes.push(Subject::Property, at, change, breaks);
    }
}

fn discriminator(changes: &mut Changes, at: &str, was: &Value, is: &Value) {
    let property = |schema: &Value| {
        let name = schema.pointer("/discriminator/propertyName");
        name.and_then(Value::as_str).unwrap_or("none").to_owned()
    };
    let (was_property, is_property) = (property(was), property(is));
    if was_property != is_property {
        let change = format!("property {was_property} is now {is_property}");
        changes.breaking(Subject::Discriminator, at, change);
    }
    let before: BTreeMap<_, _> = entries(was.pointer("/discriminator/mapping")).collect();
    let after: BTreeMap<_, _> = entries(is.pointer("/discriminator/mapping")).collect();
    for kind in after.keys().filter(|kind| !before.contains_key(*kind)) {
        changes.compatible(Subject::Discriminator, at, format!("{kind} added"));
    }
    for (kind, was) in &before {
        match after.get(kind) {
            None => changes.breaking(Subject::Discriminator, at, format!("{kind} removed")),
            Some(is) if is != was => {
                let target = |value: &Value| name_of(value.as_str().unwrap_or_default()).to_owned();
                let change = format!("{kind} is now {} instead of {}", target(is), target(was));
                changes.breaking(Subject::Discriminator, at, change);
            }
            Some(_) => {}
        }
    }
}

fn flag(schema: &Value, name: &str) -> bool {
    schema.get(name) == Some(&Value::Bool(true))
}

/// The named schema that this one is, directly or as the only part of `allOf`
/// that says anything about the type.
fn reference(schema: &Value) -> Option<&str> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return Some(name_of(reference));
    }
    let mut named = None;
    for part in items(schema.get("allOf")) {
        match part.get("$ref").and_then(Value::as_str) {
            Some(reference) if named.is_none() => named = Some(name_of(reference)),
            Some(_) => return None,
            None if ["properties", "enum", "items"]
                .iter()
                .any(|key| part.get(key).is_some()) =>
            {
                return None;
            }
            None => {}
        }
    }
    named.filter(|_| schema.get("properties").is_none())
}

/// What a schema is in a few words; the same words mean the same Rust type, as
/// far as no properties, values or kinds differ.
fn type_of(schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        return name.to_owned();
    }
    let format = schema.get("format").and_then(Value::as_str);
    let format = format.filter(|format| TYPED_FORMATS.contains(format));
    let kind = schema.get("type").and_then(Value::as_str);
    let has = |key: &str| schema.get(key).is_some();
    match (kind, format) {
        _ if has("oneOf") || has("anyOf") => "union".to_owned(),
        (Some("array"), _) => "list".to_owned(),
        _ if has("properties") || has("allOf") || has("discriminator") => "object".to_owned(),
        (Some("object") | None, _) if has("additionalProperties") => "map".to_owned(),
        (Some("string") | None, _) if has("enum") => "enum".to_owned(),
        (Some(kind), Some(format)) => format!("{kind} ({format})"),
        (Some(kind), None) => kind.to_owned(),
        (None, _) => "any".to_owned(),
    }
}
