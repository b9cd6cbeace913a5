//! Names for what is new in a document, and what people are told about them.

use okta_codegen::documents::About;
use okta_codegen::fixups::NotNeeded;
use okta_codegen::import;
use okta_codegen::names::{Names, Taken, carry_over, propose};
use okta_codegen::roots::Roots;
use serde_json::Value;

/// What is known of a document's names, and of what is wanted of it.
pub(super) struct Known {
    pub names: Names,
    pub roots: Roots,
    pub taken: Taken,
}

/// A completed list of names.
pub(super) struct Proposals {
    pub names: Names,
    /// New operations.
    operations: Vec<String>,
    /// Those of them whose tag is in no group.
    outside: Vec<String>,
    /// New types and what is in them, and what they got.
    types: Vec<String>,
    /// What the document no longer has.
    stale: Vec<String>,
    /// Repairs that the document does not need.
    not_needed: Vec<NotNeeded>,
    /// Why no types were proposed.
    failure: Option<String>,
}

impl Proposals {
    /// Completes what is known, for a document as a value and as a text; `previous` is the document
    /// that the names were made for.
    ///
    /// A document that the generator cannot work with yet is imported all the same, so that it can
    /// be mended: its types are proposed afterwards.
    pub fn of(
        about: &'static About,
        document: &Value,
        text: &str,
        previous: Option<&str>,
        known: Known,
    ) -> Self {
        let Known {
            mut names,
            roots,
            taken,
        } = known;
        let previous_facts = previous.and_then(|text| import::facts(text).ok());
        let carried = previous_facts
            .map(|previous| carry_over(&mut names, &previous, document))
            .unwrap_or_default();
        let operations = propose(about, document, &names, &taken);
        let mut all = Self {
            names: operations.names,
            operations: operations.added,
            outside: operations.outside,
            types: carried,
            stale: operations.stale,
            not_needed: Vec::new(),
            failure: None,
        };
        match okta_codegen::propose(about, text, &all.names, &roots, previous, &taken) {
            Ok((types, not_needed)) => {
                all.not_needed = not_needed;
                all.names = types.names;
                all.types.extend(types.added);
                all.stale.extend(types.absent);
            }
            Err(error) => all.failure = Some(error.to_string()),
        }
        all
    }

    pub fn summary(&self) -> String {
        let mut text = String::new();
        if !self.operations.is_empty() {
            text.push_str(&format!(
                "{} new names in its names.yaml, read them before you commit: {}\n",
                self.operations.len(),
                self.operations.join(", ")
            ));
        }
        for line in &self.outside {
            text.push_str(&format!("  {line}\n"));
        }
        if !self.types.is_empty() {
            text.push_str(&format!(
                "{} new types, members and values in its names.yaml, read them before you commit:\n",
                self.types.len()
            ));
        }
        for line in &self.types {
            text.push_str(&format!("  {line}\n"));
        }
        if !self.stale.is_empty() {
            text.push_str(&format!(
                "{} names in its names.yaml that this release does not have; they stay taken: {}\n",
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
