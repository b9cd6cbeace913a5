//! Differences of operations, their parameters and bodies.

use std::collections::BTreeMap;

use serde_json::Value;

use super::refs::{Place, Refs, entries, items};
use super::schemas::{self, Use};
use super::{Changes, Subject};

pub(super) fn compare(changes: &mut Changes, old: &Refs<'_>, new: &Refs<'_>) {
    let (before, after) = (old.operations(), new.operations());
    for id in after.keys().filter(|id| !before.contains_key(*id)) {
        changes.compatible(Subject::Operation, id, "added");
    }
    for (id, was) in &before {
        let Some(is) = after.get(id) else {
            changes.breaking(Subject::Operation, id, "removed");
            continue;
        };
        moved(changes, id, was, is);
        parameters(
            changes,
            id,
            &parameters_of(old, was),
            &parameters_of(new, is),
        );
        request_body(changes, id, body_of(old, was), body_of(new, is));
        responses(changes, id, &successes(old, was), &successes(new, is));
    }
}

/// Another path or method is another request, but the same call in Rust, as
/// long as the parameters stay.
fn moved(changes: &mut Changes, id: &str, was: &Place<'_>, is: &Place<'_>) {
    let was = format!("{} {}", was.method.to_uppercase(), was.path);
    let is = format!("{} {}", is.method.to_uppercase(), is.path);
    if was != is {
        changes.compatible(Subject::Operation, id, format!("{was} is now {is}"));
    }
}

/// Parameters by name and location.
type Parameters<'d> = BTreeMap<(&'d str, &'d str), &'d Value>;

fn parameters_of<'d>(refs: &Refs<'d>, place: &Place<'d>) -> Parameters<'d> {
    items(place.item.get("parameters"))
        .chain(items(place.operation.get("parameters")))
        .map(|parameter| refs.resolve(parameter))
        .filter_map(|parameter| {
            let name = parameter.get("name")?.as_str()?;
            let location = parameter.get("in")?.as_str()?;
            Some(((name, location), parameter))
        })
        .collect()
}

fn parameters(changes: &mut Changes, id: &str, before: &Parameters<'_>, after: &Parameters<'_>) {
    let at = |(name, location): &(&str, &str)| format!("{id}: {name} in {location}");
    for (key, parameter) in after {
        if !before.contains_key(key) {
            added(
                changes,
                Subject::Parameter,
                &at(key),
                is_required(parameter),
            );
        }
    }
    for (key, was) in before {
        let at = at(key);
        let Some(is) = after.get(key) else {
            changes.breaking(Subject::Parameter, &at, "removed");
            continue;
        };
        requirement(
            changes,
            Subject::Parameter,
            &at,
            is_required(was),
            is_required(is),
        );
        let (was, is) = (was.get("schema"), is.get("schema"));
        if let (Some(was), Some(is)) = (was, is) {
            schemas::compare(changes, Subject::Parameter, &at, was, is, Use::Written);
        }
    }
}

fn body_of<'d>(refs: &Refs<'d>, place: &Place<'d>) -> Option<&'d Value> {
    let body = place.operation.get("requestBody")?;
    Some(refs.resolve(body))
}

fn request_body(changes: &mut Changes, id: &str, was: Option<&Value>, is: Option<&Value>) {
    match (was, is) {
        (None, None) => {}
        (None, Some(is)) => added(changes, Subject::RequestBody, id, is_required(is)),
        (Some(_), None) => changes.breaking(Subject::RequestBody, id, "removed"),
        (Some(was), Some(is)) => {
            requirement(
                changes,
                Subject::RequestBody,
                id,
                is_required(was),
                is_required(is),
            );
            content(changes, Subject::RequestBody, id, was, is, Use::Written);
        }
    }
}

/// The successful responses by status. Errors are one type for all operations.
fn successes<'d>(refs: &Refs<'d>, place: &Place<'d>) -> BTreeMap<&'d str, &'d Value> {
    entries(place.operation.get("responses"))
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(status, response)| (status, refs.resolve(response)))
        .collect()
}

fn responses(
    changes: &mut Changes,
    id: &str,
    before: &BTreeMap<&str, &Value>,
    after: &BTreeMap<&str, &Value>,
) {
    let at = |status: &str| format!("{id}: {status}");
    for status in after.keys().filter(|status| !before.contains_key(*status)) {
        changes.compatible(Subject::Response, &at(status), "added");
    }
    for (status, was) in before {
        let at = at(status);
        match after.get(status) {
            Some(is) => content(changes, Subject::Response, &at, was, is, Use::Read),
            None => changes.breaking(Subject::Response, &at, "removed"),
        }
    }
}

/// Compares what a body can hold, media type by media type.
fn content(changes: &mut Changes, subject: Subject, at: &str, was: &Value, is: &Value, usage: Use) {
    let before: BTreeMap<_, _> = entries(was.get("content")).collect();
    let after: BTreeMap<_, _> = entries(is.get("content")).collect();
    for media in after.keys().filter(|media| !before.contains_key(*media)) {
        // An answer that was empty gets a type in place of `()`.
        let text = format!("{media} added");
        changes.push(subject, at, text, usage == Use::Read && before.is_empty());
    }
    for (media, was) in &before {
        let Some(is) = after.get(media) else {
            changes.breaking(subject, at, format!("{media} removed"));
            continue;
        };
        if let (Some(was), Some(is)) = (was.get("schema"), is.get("schema")) {
            schemas::compare(changes, subject, at, was, is, usage);
        }
    }
}

fn is_required(value: &Value) -> bool {
    value.get("required") == Some(&Value::Bool(true))
}

/// What is required is an argument of the method; what is not, a setter.
fn added(changes: &mut Changes, subject: Subject, at: &str, required: bool) {
    let change = if required { "added, required" } else { "added" };
    changes.push(subject, at, change.to_owned(), required);
}

fn requirement(changes: &mut Changes, subject: Subject, at: &str, was: bool, is: bool) {
    match (was, is) {
        (false, true) => changes.breaking(subject, at, "is now required"),
        (true, false) => changes.breaking(subject, at, "is now optional: an argument less"),
        _ => {}
    }
}
