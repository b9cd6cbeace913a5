//! Names for what is new in a document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::words::{is_feature, is_method, plural, singular, words};
use super::{Names, OperationName, Taken};
use crate::case;
use crate::documents::About;

/// HTTP methods whose operations become methods.
const METHODS: &[&str] = &["delete", "get", "patch", "post", "put"];

/// Words that cannot end a method's name.
const PREPOSITIONS: &[&str] = &["by", "for", "from", "of", "to"];

/// A list of names that covers a document, and what was done to get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The old names, untouched, and the new ones.
    pub names: Names,
    /// Operations that got a name: worth reading by a person.
    pub added: Vec<String>,
    /// Those of them whose tag is in no group, with the feature that they got all the same.
    pub outside: Vec<String>,
    /// Tags and operations in the list that the document no longer has.
    pub stale: Vec<String>,
}

/// Completes `names` so that it covers the operations of `document`.
///
/// `document` is an OpenAPI document as a JSON value. Entries that are in
/// `names` stay as they are. A new tag gets its own words as a handle, in the
/// plural; a new operation the handle of its first tag, or else of the first
/// word in its path, the feature of that handle or else of the tag's group, and
/// as a method its id without the words of the handle, or of the tag if the
/// handle has no other. Where that leaves nothing, or a name that is taken or
/// not allowed, the whole id is the method.
///
/// An operation outside all groups has the feature of those that it shares most
/// of its path with, or else one of its own that is called like its handle. A
/// document that is not sorted into groups may have one feature for all.
///
/// `others` are names that Okta's other documents have.
#[must_use]
pub fn propose(about: &About, document: &Value, names: &Names, others: &Taken) -> Proposal {
    let mut proposal = Proposal {
        names: names.clone(),
        added: Vec::new(),
        outside: Vec::new(),
        stale: Vec::new(),
    };
    let operations = operations(document);

    let tags: BTreeSet<&str> = operations.iter().map(|operation| operation.tag).collect();
    for tag in tags.iter().filter(|tag| !tag.is_empty()) {
        let handle = names.tags.get(*tag).cloned();
        let handle = handle.unwrap_or_else(|| match handle_of(tag) {
            handle if others.handles.contains(&handle) => {
                format!("{}_{handle}", case::snake(about.prefix))
            }
            handle => handle,
        });
        proposal.names.tags.insert((*tag).to_owned(), handle);
    }

    let groups = groups(document);
    for operation in &operations {
        let Found { id, tag, .. } = *operation;
        if names.operations.contains_key(id) {
            continue;
        }
        let handle = match proposal.names.tags.get(tag) {
            Some(handle) => handle.clone(),
            None => handle_of(operation.trunk.first().unwrap_or(&"")),
        };
        let feature = proposal
            .names
            .handles()
            .get(handle.as_str())
            .map(|&known| known.to_owned());
        let feature = feature
            .or_else(|| about.feature.map(str::to_owned))
            .or_else(|| groups.get(tag).cloned())
            .or_else(|| feature_nearby(&operations, operation, &proposal.names))
            .unwrap_or_else(|| feature_of(&handle));
        if !groups.contains_key(tag) && about.feature.is_none() {
            let why = if tag.is_empty() {
                "it has no tag".to_owned()
            } else {
                format!("its tag `{tag}` is in no group")
            };
            proposal
                .outside
                .push(format!("{id}: feature `{feature}`, as {why}"));
        }
        let method = method(&proposal.names, &handle, id, tag);
        let name = OperationName {
            feature,
            handle,
            method,
            call: None,
            path: None,
        };
        proposal.names.operations.insert(id.to_owned(), name);
        proposal.added.push(id.to_owned());
    }

    let ids: BTreeSet<&str> = operations.iter().map(|operation| operation.id).collect();
    proposal.stale.extend(
        (names.tags.keys().filter(|tag| !tags.contains(tag.as_str())))
            .chain((names.operations.keys()).filter(|id| !ids.contains(id.as_str())))
            .cloned(),
    );
    proposal
}

/// The feature of the operations whose paths have most in common with this one's.
fn feature_nearby(operations: &[Found<'_>], new: &Found<'_>, names: &Names) -> Option<String> {
    let mut counts = BTreeMap::<(usize, &str), usize>::new();
    for other in operations {
        let pairs = other.trunk.iter().zip(&new.trunk);
        let shared = pairs.take_while(|(left, right)| left == right).count();
        if let (1.., Some(name)) = (shared, names.operation(other.id)) {
            *counts.entry((shared, &name.feature)).or_default() += 1;
        }
    }
    let nearest = counts
        .into_iter()
        .max_by_key(|((shared, _), count)| (*shared, *count));
    nearest.map(|((_, feature), _)| feature.to_owned())
}

fn feature_of(handle: &str) -> String {
    let feature = handle.replace('_', "-");
    if is_feature(&feature) {
        feature
    } else {
        "other".to_owned()
    }
}

fn method(names: &Names, handle: &str, id: &str, tag: &str) -> String {
    let taken = |method: &str| {
        (names.operations.values()).any(|name| name.handle == handle && name.method == method)
    };
    let mut nouns = vec![words(handle)];
    if !tag.is_empty() && names.tags.values().filter(|other| *other == handle).count() == 1 {
        nouns.insert(0, words(tag));
    }
    let short = without_noun(words(id), &nouns);
    match short {
        Some(short) if is_method(&short) && !taken(&short) => short,
        _ => whole_id(id, taken),
    }
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

/// An operation of a document.
struct Found<'a> {
    id: &'a str,
    /// Its first tag; empty if it has none.
    tag: &'a str,
    /// The words of its path, without what all paths have (`/api/v1`) and parameters.
    trunk: Vec<&'a str>,
}

/// Every operation, sorted by id.
fn operations(document: &Value) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for (path, item) in entries(document.get("paths")) {
        for (method, operation) in entries(Some(item)) {
            let id = operation.get("operationId").and_then(Value::as_str);
            let (Some(id), true) = (id, METHODS.contains(&method.as_str())) else {
                continue;
            };
            let tag = operation.pointer("/tags/0").and_then(Value::as_str);
            found.push(Found {
                id,
                tag: tag.unwrap_or_default(),
                trunk: trunk(path),
            });
        }
    }
    found.sort_unstable_by_key(|operation| operation.id);
    found
}

fn trunk(path: &str) -> Vec<&str> {
    let is_version = |word: &str| {
        word.strip_prefix('v')
            .is_some_and(|n| n.parse::<u8>().is_ok())
    };
    path.split('/')
        .filter(|word| !word.is_empty() && !word.starts_with('{') && *word != "api")
        .filter(|word| !is_version(word))
        .collect()
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
