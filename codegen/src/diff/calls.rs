//! What a call does, beside what the compiler sees of it.

use std::collections::BTreeSet;

use super::facts;
use super::operations::Pair;
use super::report::{Changes, Class, Group};
use crate::api::{Body, Operation, Param, Success};

pub(super) fn compare(changes: &mut Changes, group: &Group, at: &str, pair: &Pair<'_>) {
    let Pair { was, is } = pair;
    request(changes, group, at, was, is);
    scopes(changes, group, at, was, is);
    match (was.api_token, is.api_token) {
        (true, false) => changes.behaves(group, at, "no longer takes an API token"),
        (false, true) => changes.compatible(group, at, "takes an API token too"),
        _ => {}
    }
    lifecycle(changes, group, at, was, is);
    bodies(changes, group, at, was, is);
    answers(changes, group, at, was, is);
    parameters(changes, group, at, &was.path_params, &is.path_params);
    parameters(changes, group, at, &was.query_params, &is.query_params);
    parameters(changes, group, at, &was.header_params, &is.header_params);
}

/// What is sent where, and how often.
fn request(changes: &mut Changes, group: &Group, at: &str, was: &Operation, is: &Operation) {
    let (before, now) = (shown(was), shown(is));
    if before != now {
        changes.behaves(group, at, format!("sends {now} now; before {before}"));
    }
    match (was.two_step, is.two_step) {
        (false, true) => changes.behaves(group, at, "is not repeated after a lost answer any more"),
        (true, false) => changes.behaves(group, at, "is repeated after a lost answer now"),
        _ => {}
    }
    if was.ends_with != is.ends_with {
        let change = match &is.ends_with {
            Some(parameter) => format!("its list has no end without `{parameter}` now"),
            None => "its list has an end without a parameter now".to_owned(),
        };
        changes.behaves(group, at, change);
    }
}

fn shown(operation: &Operation) -> String {
    format!("`{} {}`", operation.http_method, operation.path)
}

/// Any one of the scopes allows the call.
fn scopes(changes: &mut Changes, group: &Group, at: &str, was: &Operation, is: &Operation) {
    let set =
        |operation: &Operation| -> BTreeSet<String> { operation.scopes.iter().cloned().collect() };
    let (before, now) = (set(was), set(is));
    if before == now {
        return;
    }
    let list = |scopes: &BTreeSet<String>| match scopes.is_empty() {
        true => "none".to_owned(),
        false => {
            let scopes: Vec<String> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
            scopes.join(" or ")
        }
    };
    let change = format!("scope: {} now; before {}", list(&now), list(&before));
    let class = if before.is_subset(&now) && !before.is_empty() {
        Class::Compatible
    } else {
        Class::BehavesOtherwise
    };
    changes.add(class, group, at, change);
}

fn lifecycle(changes: &mut Changes, group: &Group, at: &str, was: &Operation, is: &Operation) {
    let (before, now) = (&was.lifecycle, &is.lifecycle);
    if before.stage != now.stage {
        let stage = |stage: &Option<String>| stage.clone().unwrap_or_else(|| "none".to_owned());
        let change = format!(
            "stage: {} now; before {}",
            stage(&now.stage),
            stage(&before.stage)
        );
        changes.compatible(group, at, change);
    }
    for sku in now.skus.iter().filter(|sku| !before.skus.contains(sku)) {
        changes.behaves(group, at, format!("needs {sku} now"));
    }
    for sku in before.skus.iter().filter(|sku| !now.skus.contains(sku)) {
        changes.compatible(group, at, format!("no longer needs {sku}"));
    }
}

/// How a body is sent.
fn bodies(changes: &mut Changes, group: &Group, at: &str, was: &Operation, is: &Operation) {
    let (before, now) = (content_types(was), content_types(is));
    if let (Some(sent), Some(sends)) = (before.first(), now.first())
        && sent != sends
    {
        changes.behaves(group, at, format!("sends `{sends}` now; before `{sent}`"));
    }
    for content_type in before.iter().skip(1).filter(|it| !now.contains(it)) {
        changes.behaves(group, at, format!("no longer takes `{content_type}`"));
    }
    for content_type in now.iter().skip(1).filter(|it| !before.contains(it)) {
        changes.compatible(group, at, format!("takes `{content_type}` too"));
    }
    if let (Some(Body::Multipart { field: before }), Some(Body::Multipart { field: now })) =
        (&was.body, &is.body)
        && before != now
    {
        let change = format!("sends the file as `{now}` now; before as `{before}`");
        changes.behaves(group, at, change);
    }
}

/// Content types of what is sent, the default first.
fn content_types(operation: &Operation) -> Vec<&str> {
    match &operation.body {
        Some(Body::Json { content_type, .. }) => vec![content_type],
        Some(Body::Multipart { .. }) => vec!["multipart/form-data"],
        Some(Body::Bytes { content_types, .. }) => {
            content_types.iter().map(String::as_str).collect()
        }
        None => Vec::new(),
    }
}

/// How an answer is read.
fn answers(changes: &mut Changes, group: &Group, at: &str, was: &Operation, is: &Operation) {
    match (&was.success, &is.success) {
        (
            Success::Text(before) | Success::Bytes(before),
            Success::Text(now) | Success::Bytes(now),
        ) if before != now => {
            let change = format!("asks for `{now}` now; before for `{before}`");
            changes.behaves(group, at, change);
        }
        _ => {}
    }
    let list = |operation: &Operation| match &operation.success {
        Success::WrappedList { property, .. } => format!("in `{property}`"),
        _ => "the whole answer".to_owned(),
    };
    let (before, now) = (list(was), list(is));
    if before != now {
        changes.behaves(group, at, format!("its list is {now} now; before {before}"));
    }
}

fn parameters(changes: &mut Changes, group: &Group, at: &str, was: &[Param], is: &[Param]) {
    for now in is {
        let Some(before) = was.iter().find(|param| param.name == now.name) else {
            continue;
        };
        let at = format!("{at}.{}(…)", now.ident);
        // What is an argument has no setter, and no deprecation that a compiler shows.
        if now.required && before.facts.deprecated != now.facts.deprecated {
            let not = if now.facts.deprecated {
                ""
            } else {
                "no longer "
            };
            changes.compatible(group, &at, format!("{not}deprecated"));
        }
        if before.explode != now.explode && before.ty == now.ty {
            let change = if now.explode {
                "sends one parameter for each element now; before all in one"
            } else {
                "sends all elements in one parameter now; before one for each"
            };
            changes.behaves(group, &at, change);
        }
        facts::compare(changes, group, &at, true, (&before.facts, &now.facts));
    }
}
