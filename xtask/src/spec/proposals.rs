//! Names for what is new in a document, and what people are told about them.

use okta_codegen::fixups::NotNeeded;
use okta_codegen::names::{Names, propose};
use okta_codegen::propose_types;
use serde_json::Value;

/// A completed list of names.
pub(super) struct Proposals {
    pub names: Names,
    /// New operations.
    operations: Vec<String>,
    /// Those of them whose tag is in no group.
    outside: Vec<String>,
    /// New places of types, and what they got.
    types: Vec<String>,
    /// What the document no longer has.
    stale: Vec<String>,
    /// Repairs that the document does not need.
    not_needed: Vec<NotNeeded>,
    /// Why no types were proposed.
    failure: Option<String>,
}

impl Proposals {
    /// Completes `names`, for a document as a value and as a text.
    ///
    /// A document that the generator cannot work with yet is imported all the same, so that it can
    /// be mended: its types are proposed afterwards.
    pub fn of(document: &Value, text: &str, names: &Names) -> Self {
        let operations = propose(document, names);
        let mut all = Self {
            names: operations.names,
            operations: operations.added,
            outside: operations.outside,
            types: Vec::new(),
            stale: operations.stale,
            not_needed: Vec::new(),
            failure: None,
        };
        match propose_types(text, &all.names) {
            Ok((types, not_needed)) => {
                all.not_needed = not_needed;
                all.names = types.names;
                all.types = types.added;
                all.stale.extend(types.stale);
            }
            Err(error) => all.failure = Some(error.to_string()),
        }
        all
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
        for line in &self.outside {
            text.push_str(&format!("  {line}\n"));
        }
        if !self.types.is_empty() {
            text.push_str(&format!(
                "{} new places of types in openapi/names.yaml, read them before you commit:\n",
                self.types.len()
            ));
        }
        for line in &self.types {
            text.push_str(&format!("  {line}\n"));
        }
        if !self.stale.is_empty() {
            text.push_str(&format!(
                "{} names in openapi/names.yaml that this release no longer has, delete them: {}\n",
                self.stale.len(),
                self.stale.join(", ")
            ));
        }
        for repair in &self.not_needed {
            text.push_str(&format!("{repair}\n"));
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
