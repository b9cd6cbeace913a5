//! Schemas that no operation reaches and that are generated all the same: `roots.yaml`.
//!
//! Okta's document also describes what travels outside its API, such as what it sends to a hook.
//! A root names such a schema and the cargo feature that it comes with; whatever the root refers to
//! comes along. All other schemas that no operation reaches are left out.

use std::collections::BTreeMap;

use crate::Error;
use crate::document::Document;

/// Schemas that are wanted for themselves, with the cargo feature of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roots(BTreeMap<String, String>);

impl Roots {
    /// Reads the list: schema → feature. An empty file is an empty list.
    ///
    /// # Errors
    /// If the text is no such list.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let roots: Option<BTreeMap<String, String>> = serde_norway::from_str(text)
            .map_err(|error| Error::unsupported(FILE, error.to_string()))?;
        Ok(Self(roots.unwrap_or_default()))
    }

    /// Every schema of a document, with one feature for all.
    #[must_use]
    pub fn all(document: &Document, feature: &str) -> Self {
        let schemas = document.components.schemas.keys();
        Self(
            schemas
                .map(|schema| (schema.clone(), feature.to_owned()))
                .collect(),
        )
    }

    /// Schemas and features that a document has.
    pub(crate) fn of<'a>(
        &'a self,
        document: &'a Document,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter(|(schema, _)| document.components.schemas.contains_key(*schema))
            .map(|(schema, feature)| (schema.as_str(), feature.as_str()))
    }

    /// Makes sure that a document has every root.
    ///
    /// # Errors
    /// If it lacks one: the list does not outlive what it speaks of.
    pub fn check(&self, document: &Document) -> Result<(), Error> {
        let schemas = &document.components.schemas;
        match self.0.keys().find(|schema| !schemas.contains_key(*schema)) {
            None => Ok(()),
            Some(gone) => Err(Error::unsupported(
                format!("{FILE}: `{gone}`"),
                "the document has no such schema: delete the entry or mend it",
            )),
        }
    }
}

pub(crate) const FILE: &str = "roots.yaml";

#[cfg(test)]
mod tests;
