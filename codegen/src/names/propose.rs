//! Names for what is new in a document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::words::{is_method, plural, singular, words};
use super::{Error, Names, OperationName};
use crate::case;

/// Words that cannot end a method's name.
const PREPOSITIONS: &[&str] = &["by", "for", "from", "of", "to"];

/// A list of names that covers a document, and what was done to get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The old names, untouched, and the new ones.
    pub names: Names,
    /// Operations that got a name: worth reading by a person.
    pub added: Vec<String>,
    /// Tags and operations in the list that the document no longer has.
    pub stale: Vec<String>,
}

/// Completes `names` so that it covers the operations of `document`.
///
/// `document` is an OpenAPI document as a JSON value. Entries that are in
/// `names` stay as they are. A new tag gets its own words as a handle, in the
/// plural; a new operation the handle of its first tag, the feature of that
/// handle or else of the tag's group, and as a method its id without the words
/// of the handle, or of the tag if the handle has no other. Where that leaves
/// nothing, or a name that is taken or not allowed, the whole id is the method.
///
/// # Errors
///
/// [`Error::NoFeature`] when a new operation has no tag that leads to a
/// feature.
pub fn propose(document: &Value, names: &Names) -> Result<Proposal, Error> {
    let mut proposal = Proposal {
        names: names.clone(),
        added: Vec::new(),
        stale: Vec::new(),
    };
    let operations = operations(document);

    let tags: BTreeSet<&str> = operations.iter().map(|(_, tag)| *tag).collect();
    for tag in tags.iter().filter(|tag| !tag.is_empty()) {
        let handle = names.tags.get(*tag).cloned();
        let handle = handle.unwrap_or_else(|| handle_of(tag));
        proposal.names.tags.insert((*tag).to_owned(), handle);
    }

    let groups = groups(document);
    for (id, tag) in &operations {
        if names.operations.contains_key(*id) {
            continue;
        }
        let place = place(&proposal.names, &groups, id, tag)?;
        proposal.names.operations.insert((*id).to_owned(), place);
        proposal.added.push((*id).to_owned());
    }

    let ids: BTreeSet<&str> = operations.iter().map(|(id, _)| *id).collect();
    proposal.stale.extend(
        (names.tags.keys().filter(|tag| !tags.contains(tag.as_str())))
            .chain((names.operations.keys()).filter(|id| !ids.contains(id.as_str())))
            .cloned(),
    );
    Ok(proposal)
}

fn place(
    names: &Names,
    groups: &BTreeMap<&str, String>,
    id: &str,
    tag: &str,
) -> Result<OperationName, Error> {
    let no_feature = || Error::NoFeature {
        operation: id.to_owned(),
        tag: tag.to_owned(),
    };
    let handle = names.tags.get(tag).ok_or_else(no_feature)?.clone();
    let known = names
        .handles()
        .get(handle.as_str())
        .map(|f| (*f).to_owned());
    let feature = known
        .or_else(|| groups.get(tag).cloned())
        .ok_or_else(no_feature)?;
    let taken = |method: &str| {
        (names.operations.values()).any(|name| name.handle == handle && name.method == method)
    };
    let mut nouns = vec![words(&handle)];
    if names
        .tags
        .values()
        .filter(|other| **other == handle)
        .count()
        == 1
    {
        nouns.insert(0, words(tag));
    }
    let short = without_noun(words(id), &nouns);
    let method = match short {
        Some(short) if is_method(&short) && !taken(&short) => short,
        _ => whole_id(id, taken),
    };
    Ok(OperationName {
        feature,
        handle,
        method,
    })
}

/// A method named after the whole id, in other words or with a number where it has to be.
fn whole_id(id: &str, taken: impl Fn(&str) -> bool) -> String {
    let method = legal(words(id).join("_"), id, "call");
    let numbered = (2..).map(|count| format!("{method}_{count}"));
    let mut names = std::iter::once(method.clone()).chain(numbered);
    names.find(|name| !taken(name)).unwrap_or(method)
}

/// A name that a method may have, with a word before it that makes it one if need be.
fn legal(name: String, of: &str, word: &str) -> String {
    if name.is_empty() {
        return format!("{word}_{}", case::snake(of));
    }
    if is_method(&name) {
        name
    } else {
        format!("{word}_{name}")
    }
}

/// `id` without the first of `nouns`, singular or plural, that occurs in it,
/// and without a preposition that then has nothing to point at.
fn without_noun(mut id: Vec<String>, nouns: &[Vec<String>]) -> Option<String> {
    let singulars: Vec<String> = id.iter().map(|word| singular(word)).collect();
    for noun in nouns.iter().filter(|noun| !noun.is_empty()) {
        let noun: Vec<String> = noun.iter().map(|word| singular(word)).collect();
        if let Some(at) = (singulars.windows(noun.len())).position(|words| words == noun) {
            id.drain(at..at + noun.len());
            if at == id.len() && PREPOSITIONS.contains(&id.last().map_or("", String::as_str)) {
                id.pop();
            }
            break;
        }
    }
    (!id.is_empty()).then(|| id.join("_"))
}

fn handle_of(tag: &str) -> String {
    let mut words = words(tag);
    if let Some(last) = words.last_mut() {
        *last = plural(last);
    }
    legal(words.join("_"), tag, "tag")
}

/// Every operation's id and first tag, sorted by id.
fn operations(document: &Value) -> Vec<(&str, &str)> {
    let mut found: Vec<(&str, &str)> = entries(document.get("paths"))
        .flat_map(|(_, item)| entries(Some(item)))
        .filter_map(|(_, operation)| {
            let id = operation.get("operationId")?.as_str()?;
            let tag = operation.pointer("/tags/0").and_then(Value::as_str);
            Some((id, tag.unwrap_or_default()))
        })
        .collect();
    found.sort_unstable();
    found
}

/// Tag → its group's name as a feature.
fn groups(document: &Value) -> BTreeMap<&str, String> {
    let groups = document.get("x-tagGroups").and_then(Value::as_array);
    let mut features = BTreeMap::new();
    for group in groups.into_iter().flatten() {
        let name = group.get("name").and_then(Value::as_str);
        let feature = words(name.unwrap_or_default()).join("-");
        let tags = group.get("tags").and_then(Value::as_array);
        for tag in tags.into_iter().flatten().filter_map(Value::as_str) {
            features.insert(tag, feature.clone());
        }
    }
    features
}

fn entries(map: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    map.and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}
