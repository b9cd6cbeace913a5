//! Where references lead.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::below;
use super::fault::Fault;

/// What a reference leads to.
pub(super) enum Target<'a> {
    /// A component; the reference that leads there without a detour.
    Component(String),
    /// A schema inside a component, which has no name.
    Inside(&'a Value),
}

/// What a reference in place of something of `section` leads to, or what is wrong with it.
pub(super) fn target<'a>(
    document: &'a Value,
    section: &str,
    reference: &str,
) -> Result<Target<'a>, String> {
    let mut reference = reference.to_owned();
    let mut seen = BTreeSet::new();
    loop {
        let pointer = local(&reference, section)?;
        let Some(name) = pointer.strip_prefix(&format!("/components/{section}/")) else {
            return Err(elsewhere(&reference, section));
        };
        let found = document
            .pointer(pointer)
            .ok_or_else(|| nowhere(&reference))?;
        if name.contains('/') {
            return inside(found, name, section, &reference);
        }
        if !is_component_name(name) {
            return Err(malformed(&reference, section));
        }
        // Schemas that are references to others are types of their own; the rest is shortened.
        match found.get("$ref").and_then(Value::as_str) {
            Some(next) if section != "schemas" => {
                if !seen.insert(reference.clone()) {
                    return Err(format!("`{reference}` leads back to itself"));
                }
                next.clone_into(&mut reference);
            }
            _ => return Ok(Target::Component(reference)),
        }
    }
}

/// Whether a discriminator's `reference` leads to a schema: a reference, or its name alone.
pub(super) fn kind(document: &Value, reference: &str) -> Result<(), String> {
    if is_component_name(reference) && exists(document, "schemas", reference) {
        return Ok(());
    }
    match target(document, "schemas", reference)? {
        Target::Component(_) => Ok(()),
        Target::Inside(_) => Err(format!("`{reference}` is no component; make one of it")),
    }
}

/// Whether the document has a component.
pub(super) fn exists(document: &Value, section: &str, name: &str) -> bool {
    let section = document.get("components").and_then(|all| all.get(section));
    section.is_some_and(|section| section.get(name).is_some())
}

/// Whether the specification allows a component of this name.
pub(super) fn is_component_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    !name.is_empty() && name.chars().all(allowed)
}

/// The pointer in a reference to something in the same document.
fn local<'r>(reference: &'r str, section: &str) -> Result<&'r str, String> {
    match reference.split_once('#') {
        Some(("", pointer)) if pointer.starts_with('/') => Ok(pointer),
        Some(("", _)) | None if !reference.contains(['/', '.']) => {
            Err(malformed(reference, section))
        }
        Some(("", _)) => Err(malformed(reference, section)),
        _ => Err(format!(
            "`{reference}` leads to another document; copy what it means into `components/{section}` \
             and write `#/components/{section}/…`"
        )),
    }
}

/// A schema inside another, by its properties, elements and parts.
fn inside<'a>(
    found: &'a Value,
    name: &str,
    section: &str,
    reference: &str,
) -> Result<Target<'a>, String> {
    let mut steps = name.split('/').skip(1);
    while let Some(step) = steps.next() {
        let is_schema = match step {
            "items" | "additionalProperties" | "not" => true,
            "properties" | "allOf" | "oneOf" | "anyOf" => steps.next().is_some(),
            _ => false,
        };
        if !is_schema {
            return Err(malformed(reference, section));
        }
    }
    if section == "schemas" && found.is_object() {
        Ok(Target::Inside(found))
    } else {
        Err(malformed(reference, section))
    }
}

fn nowhere(reference: &str) -> String {
    format!("`{reference}` leads nowhere; define it or mend the reference")
}

fn malformed(reference: &str, section: &str) -> String {
    format!("`{reference}` is no reference; write `#/components/{section}/…`")
}

fn elsewhere(reference: &str, section: &str) -> String {
    format!("`{reference}` leads to another kind of thing; write `#/components/{section}/…`")
}

/// Schemas that are nothing but themselves: by `$ref` and `allOf` alone they come back to where
/// they started.
pub(super) fn circles(facts: &Value) -> Vec<Fault> {
    let Some(schemas) = facts
        .pointer("/components/schemas")
        .and_then(Value::as_object)
    else {
        return Vec::new();
    };
    let next: BTreeMap<&str, BTreeSet<&str>> = schemas
        .iter()
        .map(|(name, schema)| {
            let mut found = BTreeSet::new();
            parts(schema, &mut found);
            (name.as_str(), found)
        })
        .collect();
    let comes_back = |start: &str| {
        let mut open: Vec<&str> = vec![start];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            for part in next.get(name).into_iter().flatten() {
                if *part == start {
                    return true;
                }
                if seen.insert(*part) {
                    open.push(part);
                }
            }
        }
        false
    };
    let circular = schemas.keys().filter(|name| comes_back(name));
    circular
        .map(|name| {
            let what = "is made of itself, by `$ref` or `allOf`; say what it is";
            Fault::new(below("/components/schemas", name), what)
        })
        .collect()
}

fn parts<'a>(schema: &'a Value, found: &mut BTreeSet<&'a str>) {
    let reference = schema.get("$ref").and_then(Value::as_str);
    found.extend(reference.and_then(|reference| reference.strip_prefix("#/components/schemas/")));
    let all_of = schema.get("allOf").and_then(Value::as_array);
    for part in all_of.into_iter().flatten() {
        parts(part, found);
    }
}
