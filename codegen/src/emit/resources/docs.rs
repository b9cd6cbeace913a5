//! Documentation out of facts.

use std::collections::BTreeSet;

use super::operation::item;
use crate::api::{Body, Operation, Param};
use crate::case;
use crate::descriptions;

const REFERENCE: &str = "https://developer.okta.com/docs/api/openapi/okta-management/management";

/// Documentation of a handle.
pub(super) fn handle(name: &str, operations: &[&Operation]) -> Vec<String> {
    let tags: BTreeSet<&str> = operations
        .iter()
        .map(|operation| operation.tag.as_str())
        .collect();
    let links: Vec<String> = tags
        .iter()
        .map(|tag| format!("[{tag}]({REFERENCE}/tags/{}/)", tag.to_lowercase()))
        .collect();
    lines(vec![
        format!("{}.", sentence(name)),
        String::new(),
        format!("Okta's reference: {}.", links.join(", ")),
    ])
}

/// Documentation of a method.
pub(super) fn method(operation: &Operation) -> Vec<String> {
    let mut text = vec![
        format!(
            "{}: `{} {}`.",
            sentence(&operation.id),
            operation.http_method,
            operation.path
        ),
        String::new(),
    ];
    if let Some(prose) = &operation.prose {
        text.extend(descriptions::lines(prose));
        text.push(String::new());
    }
    let arguments: Vec<String> = operation
        .path_params
        .iter()
        .chain(operation.query_params.iter().filter(|param| param.required))
        .chain(
            operation
                .header_params
                .iter()
                .filter(|param| param.required),
        )
        .filter(|param| !param.facts.lines.is_empty())
        .map(|param| format!("- `{}`: {}", param.ident, param.facts.sentences()))
        .chain(operation.body.as_ref().and_then(body))
        .collect();
    if !arguments.is_empty() {
        text.extend(arguments);
        text.push(String::new());
    }
    if item(operation).is_some() {
        text.push(match &operation.ends_with {
            None => "A list: `all` gives its items, and `stream` one after another.".to_owned(),
            Some(parameter) => format!(
                "A list that goes on for ever, unless `{parameter}` is given: `stream` gives its \
                 items one after another."
            ),
        });
        text.push(String::new());
    }
    if operation.two_step {
        text.push(
            "Sent again it does another thing, so it is not repeated after it may have arrived."
                .to_owned(),
        );
        text.push(String::new());
    }
    text.extend(access(operation));
    text.push(format!(
        "[Okta's reference]({REFERENCE}/{}/{})",
        operation.tag.to_lowercase(),
        operation.id.to_lowercase()
    ));
    lines(text)
}

/// Documentation of a call's struct.
pub(super) fn call(operation: &Operation, handle: &str) -> Vec<String> {
    lines(vec![format!(
        "A call of [`{handle}::{}`]: `{} {}`.",
        operation.method, operation.http_method, operation.path
    )])
}

/// Documentation of a setter.
pub(super) fn setter(place: &str, param: &Param) -> Vec<String> {
    lines(vec![format!(
        "{place} `{}`. {}",
        param.name,
        param.facts.sentences()
    )])
}

/// What to know of a body that is not a model.
fn body(body: &Body) -> Option<String> {
    match body {
        Body::Bytes {
            content_types,
            required: true,
        } => Some(format!("- `body`: {}.", content_types.join(" or "))),
        _ => None,
    }
}

/// Who may call it, and in which orgs.
fn access(operation: &Operation) -> Vec<String> {
    let mut text = Vec::new();
    let scopes: Vec<String> = operation
        .scopes
        .iter()
        .map(|scope| format!("`{scope}`"))
        .collect();
    match (scopes.as_slice(), operation.api_token) {
        ([], false) => text.push("Needs no credentials.".to_owned()),
        ([], true) => text.push("Needs an API token; OAuth 2.0 is not accepted.".to_owned()),
        ([scope], true) => text.push(format!("OAuth 2.0 scope: {scope}.")),
        (scopes, true) => text.push(format!("OAuth 2.0 scopes: {}.", scopes.join(" or "))),
        (scopes, false) => text.push(format!(
            "OAuth 2.0 scopes: {}; an API token is not accepted.",
            scopes.join(" or ")
        )),
    }
    match operation.lifecycle.stage.as_deref() {
        None | Some("GA") => {}
        Some("EA") => text.push("Early access (EA).".to_owned()),
        Some("BETA") => text.push("Beta.".to_owned()),
        Some("LIMITED_GA") => text.push("Limited general availability (LIMITED_GA).".to_owned()),
        Some("DEPRECATED") => text.push("Deprecated by Okta.".to_owned()),
        Some(other) => text.push(format!("Lifecycle stage: {other}.")),
    }
    if !operation.lifecycle.skus.is_empty() {
        text.push(format!("Needs {}.", operation.lifecycle.skus.join(", ")));
    }
    let mut text = vec![text.join(" ")];
    text.push(String::new());
    text
}

/// `listUsers` to `List users`.
fn sentence(name: &str) -> String {
    case::capitalize(&case::words(name).join(" "))
}

/// As doc comments have them: a space first, and no line that looks like code.
fn lines(text: Vec<String>) -> Vec<String> {
    text.into_iter()
        .map(|line| {
            if line.is_empty() {
                line
            } else {
                format!(" {}", line.trim())
            }
        })
        .collect()
}
