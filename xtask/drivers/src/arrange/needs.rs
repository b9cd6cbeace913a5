//! What the document does not say of operations: bodies that a server takes, states that objects
//! have to be in.

use anyhow::{Context as _, Result};
use serde_json::Value;

/// The list.
#[derive(Debug)]
pub(super) struct Needs(Value);

impl Needs {
    pub(super) fn load() -> Result<Self> {
        let list = serde_json::from_str(include_str!("needs.json"));
        Ok(Self(list.context("needs.json")?))
    }

    /// What an operation needs: `body`, `query`, `path` (keys by parameter), `before` (requests) and
    /// `certified` (the path of a certificate signing request, whose certificate is the body).
    pub(super) fn of(&self, operation: &str) -> &Value {
        &self.0["operations"][operation]
    }

    /// What the last parameter of a template without names is.
    pub(super) fn object(&self, template: &str) -> Option<&Value> {
        self.0["objects"].get(template)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::operations;

    #[test]
    fn every_line_is_of_an_operation_that_there_is() {
        let needs = Needs::load().unwrap();
        for operation in needs.0["operations"].as_object().unwrap().keys() {
            assert!(
                operations::of(operations::MANAGEMENT, operation).is_some(),
                "{operation}"
            );
        }
    }
}
