//! Documentation out of facts.

use std::collections::BTreeSet;

use super::index::Models;
use super::operation::item;
use crate::api::{Api, Body, Operation, Param};
use crate::case;
use crate::descriptions;
use crate::emit::wrap::wrapped;

/// Documentation of a handle.
pub(super) fn handle(api: &Api, name: &str, operations: &[&Operation]) -> Vec<String> {
    let tags: BTreeSet<(&str, &str)> = operations
        .iter()
        .map(|operation| (operation.tag.as_str(), operation.document.reference))
        .collect();
    let links: Vec<String> = tags
        .iter()
        .map(|(tag, reference)| format!("[{tag}]({reference}/tags/{}/)", slug(tag)))
        .collect();
    let words = api.words.get(name).cloned();
    let feature = operations
        .first()
        .map_or("", |operation| &operation.feature);
    let scopes: BTreeSet<String> = operations
        .iter()
        .flat_map(|operation| &operation.scopes)
        .map(|scope| format!("`{scope}`"))
        .collect();
    let scopes = match scopes.len() {
        0 => "none".to_owned(),
        _ => scopes.into_iter().collect::<Vec<_>>().join(", "),
    };
    lines(vec![
        words.unwrap_or_else(|| format!("{}.", sentence(name))),
        String::new(),
        format!("Cargo feature: `{feature}`. OAuth 2.0 scopes: {scopes}."),
        String::new(),
        format!("Okta's reference: {}.", links.join(", ")),
    ])
}

/// Documentation of the method that gives a handle.
pub(super) fn accessor(api: &Api, name: &str, operations: &[&Operation]) -> Vec<String> {
    let mut docs = handle(api, name, operations);
    let ty = case::handle_type(name);
    docs.extend(lines(vec![
        String::new(),
        format!("Example and models: [`{ty}`]."),
    ]));
    docs
}

/// The models of a handle, after its example.
pub(super) fn models(operations: &[&Operation]) -> Vec<String> {
    let section = Models::of(operations).section();
    if section.is_empty() {
        return section;
    }
    lines(std::iter::once(String::new()).chain(section).collect())
}

/// A row of the index of handles.
pub(super) fn row(name: &str, feature: &str, operations: &[&Operation]) -> String {
    let ty = case::handle_type(name);
    let models = Models::of(operations).cells();
    format!(" | [`{name}`]({ty}) | `{feature}` | {models} |")
}

/// A tag in the address of a page.
fn slug(tag: &str) -> String {
    let words = tag.split(|c: char| !c.is_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}

/// Documentation of a method.
pub(super) fn method(operation: &Operation) -> Vec<String> {
    let request = format!("`{} {}`", operation.http_method, operation.path);
    let mut text = match &operation.words {
        Some(words) => vec![words.clone(), String::new(), format!("{request}.")],
        None => vec![format!("{}: {request}.", sentence(&operation.id))],
    };
    text.push(String::new());
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
        .filter(|param| param.facts.words.is_some() || !param.facts.lines.is_empty())
        .map(|param| {
            let words = param.facts.words.as_deref().unwrap_or_default();
            format!("- `{}`: {words} {}", param.ident, param.facts.sentences())
        })
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
                "An endless list, unless `{parameter}` is given: `stream` gives its items one \
                 after another."
            ),
        });
        text.push(String::new());
    }
    if operation.two_step {
        text.push("Not idempotent: it is not repeated after it may have arrived.".to_owned());
        text.push(String::new());
    }
    text.extend(access(operation));
    text.push(format!(
        "[Okta's reference]({}/{}/{})",
        operation.document.reference,
        slug(&operation.tag),
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
    let words = match &param.facts.words {
        Some(words) => words.clone(),
        None => format!("Sets the {place} `{}`.", param.name),
    };
    lines(vec![format!("{words} {}", param.facts.sentences())])
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
    let words = case::words(name).into_iter().map(|word| {
        let written = WRITTEN.iter().find(|(plain, _)| *plain == word);
        written.map_or(word, |(_, written)| (*written).to_owned())
    });
    case::capitalize(&words.collect::<Vec<_>>().join(" "))
}

/// Words that are not written as identifiers have them.
const WRITTEN: &[(&str, &str)] = &[
    ("api", "API"),
    ("captcha", "CAPTCHA"),
    ("id", "ID"),
    ("ids", "IDs"),
    ("jwk", "JWK"),
    ("jwks", "JWKS"),
    ("oauth2", "OAuth 2.0"),
    ("okta", "Okta"),
    ("otp", "OTP"),
    ("sms", "SMS"),
    ("ssf", "SSF"),
    ("ui", "UI"),
    ("uri", "URI"),
    ("uris", "URIs"),
    ("v2", "(version 2)"),
    ("webauthn", "WebAuthn"),
];

/// As doc comments have them: a space first, no line that looks like code, and paragraphs wrapped.
fn lines(text: Vec<String>) -> Vec<String> {
    /// Width of a line, without its `///` and its place in an `impl`.
    const WIDTH: usize = 90;
    let mut lines = Vec::new();
    let mut in_code = false;
    for line in text {
        let line = line.trim();
        in_code ^= line.starts_with("```");
        if in_code || line.starts_with(['`', '[']) {
            lines.push(format!(" {line}"));
            continue;
        }
        let hangs = if line.starts_with("- ") { "   " } else { " " };
        for (at, part) in wrapped(line, WIDTH).into_iter().enumerate() {
            let indent = if at == 0 { " " } else { hangs };
            lines.push(if part.is_empty() {
                part
            } else {
                indent.to_owned() + &part
            });
        }
    }
    lines
}
