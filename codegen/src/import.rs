//! Okta's OpenAPI document in, the facts of Okta's API out.
//!
//! A published document mixes facts (paths, types, limits, scopes) with prose
//! (descriptions, examples). This repository holds the facts only. What counts
//! as a fact is written down once, as a grammar: `grammar` lists every key
//! that is kept and the kind of value it leads to, so a key that upstream
//! invents tomorrow stays out until somebody adds it there.

mod grammar;
mod literal;

use serde_json::{Map, Value};

use grammar::{Fields, Shape};

/// The title that our document bears: upstream's wording is not ours to keep.
const TITLE: &str = "Okta management API";

/// Why a document could not be imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not YAML (nor JSON, which is YAML too).
    #[error("the document is not valid YAML: {0}")]
    Yaml(#[from] serde_norway::Error),
    /// The text is YAML, but no OpenAPI 3.0 document.
    #[error("expected an OpenAPI 3.0 document, but {0}")]
    NotOpenApi(String),
    /// A value has another kind than its place in the document calls for.
    #[error("{path}: expected {expected}, found {found}")]
    Unexpected {
        /// Where, as a JSON pointer.
        path: String,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// A value listed for a string type was written without quotes in a way
    /// that loses its spelling (`1.10` reads as the number 1.1).
    #[error("{path}: {value} stands in a string type and reads as a number; put it in quotes")]
    AmbiguousString {
        /// Where, as a JSON pointer.
        path: String,
        /// What YAML made of it.
        value: String,
    },
}

/// Turns an OpenAPI 3.0 document into its facts.
///
/// `text` is the document as Okta publishes it, YAML or JSON. The answer is a
/// valid OpenAPI 3.0 document in YAML: every map sorted by key, every list in
/// the order it came, all prose gone. The same text always gives the same
/// bytes, and importing the answer again gives the answer.
///
/// # Errors
///
/// [`Error`] when the text is no YAML, no OpenAPI 3.0 document, or holds a
/// value of the wrong kind.
///
/// Source: the [OpenAPI Specification 3.0.3](https://spec.openapis.org/oas/v3.0.3).
pub fn import(text: &str) -> Result<String, Error> {
    let facts = facts(text)?;
    Ok(serde_norway::to_string(&facts)?)
}

/// Like [`import`], as a JSON value for those who go on working with it.
///
/// # Errors
///
/// As [`import`].
pub fn facts(text: &str) -> Result<Value, Error> {
    let upstream: Value = serde_norway::from_str(text)?;
    match upstream.get("openapi") {
        Some(Value::String(version)) if version.starts_with("3.0.") => {}
        Some(version) => {
            return Err(Error::NotOpenApi(format!("`openapi` is {version}")));
        }
        None => return Err(Error::NotOpenApi("`openapi` is missing".to_owned())),
    }
    let mut facts = keep(&upstream, &Shape::One(&grammar::DOCUMENT), "")?;
    if let Some(title) = facts.pointer_mut("/info/title") {
        *title = Value::from(TITLE);
    }
    facts.sort_all_objects();
    Ok(facts)
}

/// The facts in `value`, which stands at `path` and has the given shape.
fn keep(value: &Value, shape: &Shape, path: &str) -> Result<Value, Error> {
    match shape {
        Shape::Fact | Shape::Literal => Ok(value.clone()),
        Shape::Blank => Ok(Value::from("")),
        Shape::Names => Ok(object(value, path)?
            .keys()
            .map(|name| (name.clone(), Value::from("")))
            .collect()),
        Shape::List(fields) => list(value, path)?
            .iter()
            .enumerate()
            .map(|(at, item)| keep(item, &Shape::One(fields), &format!("{path}/{at}")))
            .collect(),
        Shape::Map(fields) => object(value, path)?
            .iter()
            .map(|(name, item)| {
                let item = keep(item, &Shape::One(fields), &below(path, name))?;
                Ok((name.clone(), item))
            })
            .collect(),
        Shape::One(fields) => keep_fields(object(value, path)?, fields, path),
        Shape::OneOrBool(_) if value.is_boolean() => Ok(value.clone()),
        Shape::OneOrBool(fields) => keep(value, &Shape::One(fields), path),
    }
}

fn keep_fields(from: &Map<String, Value>, fields: &Fields, path: &str) -> Result<Value, Error> {
    let mut kept = Map::new();
    for (name, shape) in fields.0 {
        let Some(value) = from.get(*name) else {
            continue;
        };
        if literal::is_prose(name, value, from) {
            continue;
        }
        let path = below(path, name);
        let value = match shape {
            Shape::Literal => literal::of_type(value, from.get("type"), &path)?,
            shape => keep(value, shape, &path)?,
        };
        kept.insert((*name).to_owned(), value);
    }
    Ok(Value::Object(kept))
}

fn object<'v>(value: &'v Value, path: &str) -> Result<&'v Map<String, Value>, Error> {
    value
        .as_object()
        .ok_or_else(|| unexpected(value, "a map", path))
}

fn list<'v>(value: &'v Value, path: &str) -> Result<&'v Vec<Value>, Error> {
    value
        .as_array()
        .ok_or_else(|| unexpected(value, "a list", path))
}

fn unexpected(value: &Value, expected: &'static str, path: &str) -> Error {
    Error::Unexpected {
        path: path.to_owned(),
        expected,
        found: match value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a map",
        },
    }
}

/// The JSON pointer of `name` below `path`.
fn below(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
