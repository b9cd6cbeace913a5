//! Okta's OpenAPI document in, the facts of Okta's API out.
//!
//! A published document mixes facts (paths, types, limits, scopes) with prose
//! (descriptions, examples). This repository holds the facts only. What counts
//! as a fact is written down once, as a grammar: `grammar` lists every key
//! that is kept and the kind of value it leads to, so a key that upstream
//! invents tomorrow stays out until somebody adds it there.

mod fault;
mod grammar;
mod keep;
mod lines;
mod literal;
mod operations;
pub mod plausible;
mod refs;

use serde_json::Value;

use crate::documents;
pub use fault::{Fault, Faults};
use keep::Keeper;
use lines::Lines;

/// Why a document could not be imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not YAML (nor JSON, which is YAML too).
    #[error("the document is not valid YAML: {0}")]
    Yaml(#[from] serde_norway::Error),
    /// The text is YAML that ends in the middle of something.
    #[error("the document is not valid YAML: {0}; it ends there, so the file may be cut off")]
    CutOff(serde_norway::Error),
    /// The text is YAML, but no OpenAPI 3.0 document.
    #[error("expected an OpenAPI 3.0 document, but {0}")]
    NotOpenApi(String),
    /// The document is not as it should be.
    #[error("{0}")]
    Faulty(Faults),
}

/// What was found in a document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reading {
    /// The facts: as many as could be made out, if there are faults.
    pub facts: Value,
    /// All that is wrong, by line.
    pub faults: Faults,
    /// What people should know, although nothing is wrong with it.
    pub notes: Vec<String>,
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
/// [`Error`] when the text is no YAML, no OpenAPI 3.0 document, or when
/// anything is wrong with it: see [`read`].
///
/// Source: the [OpenAPI Specification 3.0.3](https://spec.openapis.org/oas/v3.0.3).
pub fn import(text: &str) -> Result<String, Error> {
    let reading = read(text)?;
    if !reading.faults.0.is_empty() {
        return Err(Error::Faulty(reading.faults));
    }
    to_yaml(&reading.facts)
}

/// Facts as text.
///
/// # Errors
///
/// Those of the writer; facts have nothing that it refuses.
pub fn to_yaml(facts: &Value) -> Result<String, Error> {
    Ok(serde_norway::to_string(facts)?)
}

/// Reads a whole document, and finds all that is wrong with it: keywords and
/// types that OpenAPI has not, values of the wrong kind, what is missing or
/// there twice, references that lead nowhere, and operations that contradict
/// each other or their path.
///
/// # Errors
///
/// [`Error`] when the text is no YAML or no OpenAPI 3.0 document: then there is
/// nothing to look for faults in.
pub fn read(text: &str) -> Result<Reading, Error> {
    let upstream = parse(text)?;
    let (lines, mut faults) = Lines::of(text);
    let mut keeper = Keeper::new(&upstream, true);
    let facts = facts_of(&mut keeper, &upstream);
    let mut notes: Vec<String> = keeper.notes().collect();
    faults.append(&mut keeper.faults);
    faults.extend(refs::circles(&facts));
    operations::check(&facts, &mut faults);
    notes.extend(operations::not_generated(&facts));
    for fault in faults.iter_mut().filter(|fault| fault.line == 0) {
        fault.line = lines.line(&fault.at);
    }
    faults.sort();
    faults.dedup();
    Ok(Reading {
        facts,
        faults: Faults(faults),
        notes,
    })
}

/// The facts of a document that need not be whole, for those who compare it
/// with another.
///
/// # Errors
///
/// [`Error`] when the text is no YAML, no OpenAPI 3.0 document, or holds a
/// keyword that OpenAPI has not or a value of the wrong kind.
pub fn facts(text: &str) -> Result<Value, Error> {
    let upstream = parse(text)?;
    let mut keeper = Keeper::new(&upstream, false);
    let facts = facts_of(&mut keeper, &upstream);
    if keeper.faults.is_empty() {
        Ok(facts)
    } else {
        Err(Error::Faulty(Faults(keeper.faults)))
    }
}

fn parse(text: &str) -> Result<Value, Error> {
    let upstream: Value = serde_norway::from_str(text).map_err(|error| {
        let last_line = text.lines().count();
        match error.location() {
            Some(location) if location.line() >= last_line => Error::CutOff(error),
            _ => Error::Yaml(error),
        }
    })?;
    match upstream.get("openapi") {
        Some(Value::String(version)) if version.starts_with("3.0.") => Ok(upstream),
        Some(version) => Err(Error::NotOpenApi(format!("`openapi` is {version}"))),
        None => Err(Error::NotOpenApi("`openapi` is missing".to_owned())),
    }
}

fn facts_of(keeper: &mut Keeper<'_>, upstream: &Value) -> Value {
    let facts = keeper.object(upstream, &grammar::DOCUMENT, "");
    let mut facts = facts.unwrap_or_default();
    if let Some(title) = facts.pointer_mut("/info/title") {
        // Upstream's wording is not ours to keep.
        *title = Value::from(documents::MANAGEMENT.title);
    }
    facts.sort_all_objects();
    facts
}

/// The JSON pointer of `name` below `path`.
fn below(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
