//! Names for what is new in a document, and what people are told about them.

use anyhow::Result;
use okta_codegen::documents::About;
use okta_codegen::names::{Names, Taken, propose};
use okta_codegen::roots::Roots;
use serde_json::Value;

/// A completed list of names.
pub(super) struct Proposals {
    pub names: Names,
    /// New operations.
    operations: Vec<String>,
    /// New places of types and what is in them, and what they got.
    types: Vec<String>,
    /// What the document no longer has.
    stale: Vec<String>,
    /// Why no types were proposed.
    failure: Option<String>,
}

impl Proposals {
    /// Completes `names`, for a document as a value and as a text; `previous` is the document that
    /// they were made for.
    ///
    /// A document that the generator cannot work with yet is imported all the same, so that it can
    /// be mended: its types are proposed afterwards.
    pub fn of(
        about: &'static About,
        document: &Value,
        text: &str,
        names: &Names,
        roots: &Roots,
        previous: Option<&str>,
        taken: &Taken,
    ) -> Result<Self> {
        let operations = propose(about, document, names, taken)?;
        let mut all = Self {
            names: operations.names,
            operations: operations.added,
            types: Vec::new(),
            stale: operations.stale,
            failure: None,
        };
        match okta_codegen::propose(about, text, &all.names, roots, previous, taken) {
            Ok(types) => {
                all.names = types.names;
                all.types = types.added;
                all.stale.extend(types.absent);
            }
            Err(error) => all.failure = Some(error.to_string()),
        }
        Ok(all)
    }

    pub fn summary(&self) -> String {
        let mut text = String::new();
        if !self.operations.is_empty() {
            text.push_str(&format!(
                "{} new names in openapi/names.yaml, read them before you commit: {}\n",
                self.operations.len(),
                self.operations.join(", ")
            ));
        }
        if !self.types.is_empty() {
            text.push_str(&format!(
                "{} new types, members and values in openapi/names.yaml, read them before you commit:\n",
                self.types.len()
            ));
        }
        for line in &self.types {
            text.push_str(&format!("  {line}\n"));
        }
        if !self.stale.is_empty() {
            text.push_str(&format!(
                "{} names in openapi/names.yaml that this release does not have; they stay taken: {}\n",
                self.stale.len(),
                self.stale.join(", ")
            ));
        }
        if let Some(failure) = &self.failure {
            text.push_str(&format!(
                "no types were named, as {failure}\n\
                 mend that in codegen/src, and run `cargo xtask spec names`\n"
            ));
        }
        text
    }
}
