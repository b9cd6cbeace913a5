//! Sentences of our own for the documentation: `openapi/words.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::Error;
use crate::api::{Api, Operation, TypeKind};
use crate::documents::MANAGEMENT;

/// The sentences.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// Accessor of the client → what this part of Okta is.
    pub handles: BTreeMap<String, String>,
    /// Operation id → what it does; `document/id` for other documents than management.
    pub operations: BTreeMap<String, String>,
    /// Query parameter, or `operation?parameter` → what it is for.
    pub parameters: BTreeMap<String, String>,
    /// Rust types of which every member has a sentence.
    pub complete: BTreeSet<String>,
    /// `Type.member`, or `*.member` → what it means.
    pub members: BTreeMap<String, String>,
}

impl Words {
    /// Reads the sentences.
    ///
    /// # Errors
    /// If the text is no such list.
    pub fn parse(yaml: &str) -> Result<Self, Error> {
        serde_norway::from_str(yaml).map_err(|source| Error::Words { source })
    }

    /// Puts them where the emitters find them, and says which of them are about nothing.
    pub fn add_to(&self, api: &mut Api) -> Vec<String> {
        let mut used = Used::default();
        for handle in api.features.values().flatten() {
            if let Some(words) = self.handles.get(handle) {
                used.0.insert(format!("handles: {handle}"));
                api.words.insert(handle.clone(), words.clone());
            }
        }
        for operation in &mut api.operations {
            let key = key_of(operation);
            operation.words = used.find("operations", &self.operations, &[&key]);
            for param in &mut operation.query_params {
                let own = format!("{key}?{}", param.name);
                param.facts.words = used.find("parameters", &self.parameters, &[&own, &param.name]);
            }
        }
        for ty in api.types.values_mut() {
            if self.complete.contains(&ty.name) {
                used.0.insert(format!("complete: {}", ty.name));
            }
            for field in ty.kind.fields_mut() {
                let own = format!("{}.{}", ty.name, field.name);
                let general = format!("*.{}", field.name);
                field.facts.words = used.find("members", &self.members, &[&own, &general]);
            }
        }
        self.keys().filter(|key| !used.0.contains(key)).collect()
    }

    /// What should have a sentence and has none: handles, operations and query parameters of the
    /// management document, and the members of the types that are complete.
    pub fn missing(&self, api: &Api) -> Vec<String> {
        let mut missing = Vec::new();
        let management = |operation: &&Operation| operation.document == MANAGEMENT;
        for operation in api.operations.iter().filter(management) {
            if !api.words.contains_key(&operation.handle) {
                missing.push(format!("handles: {}", operation.handle));
            }
            if operation.words.is_none() {
                missing.push(format!("operations: {}", operation.id));
            }
            for param in &operation.query_params {
                if param.facts.words.is_none() {
                    missing.push(format!("parameters: {}?{}", operation.id, param.name));
                }
            }
        }
        for ty in api
            .types
            .values()
            .filter(|ty| self.complete.contains(&ty.name))
        {
            if let TypeKind::Record(record) = &ty.kind {
                let silent = record
                    .fields
                    .iter()
                    .filter(|field| field.facts.words.is_none());
                missing.extend(silent.map(|field| format!("members: {}.{}", ty.name, field.name)));
            }
        }
        missing.dedup();
        missing
    }

    fn keys(&self) -> impl Iterator<Item = String> {
        let sections = [
            ("handles", self.handles.keys().collect::<Vec<_>>()),
            ("operations", self.operations.keys().collect()),
            ("parameters", self.parameters.keys().collect()),
            ("complete", self.complete.iter().collect()),
            ("members", self.members.keys().collect()),
        ];
        sections.into_iter().flat_map(|(section, keys)| {
            keys.into_iter().map(move |key| format!("{section}: {key}"))
        })
    }
}

fn key_of(operation: &Operation) -> String {
    let (document, id) = operation.key();
    if operation.document == MANAGEMENT {
        id.to_owned()
    } else {
        format!("{document}/{id}")
    }
}

/// Entries that something was said with.
#[derive(Default)]
struct Used(BTreeSet<String>);

impl Used {
    /// The sentence of the first key that has one.
    fn find(
        &mut self,
        section: &str,
        known: &BTreeMap<String, String>,
        keys: &[&str],
    ) -> Option<String> {
        let (key, words) = keys.iter().find_map(|key| known.get_key_value(*key))?;
        self.0.insert(format!("{section}: {key}"));
        Some(words.clone())
    }
}

#[cfg(test)]
mod tests;
