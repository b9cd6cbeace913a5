//! The document as a whole: operations by path and method, and schemas.

use std::sync::LazyLock;

use serde_json::Value;

use super::facts::{Facts, Operation, Schema, Schemas};
use super::paths::{Paths, Place};
use super::shape::Shape;

/// The document; read once in a process.
static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    // Generated with the crate: a test counts what is read, so this never falls back.
    let facts = serde_json::from_str(include_str!("facts.json")).unwrap_or_default();
    Document::new(facts)
});

/// All operations of the management API with their schemas.
#[derive(Debug)]
pub(crate) struct Document {
    operations: Vec<Operation>,
    schemas: Schemas,
    paths: Paths,
}

/// Okta's document.
pub(crate) fn document() -> &'static Document {
    &DOCUMENT
}

impl Document {
    pub(super) fn new(facts: Facts) -> Self {
        let Facts {
            operations,
            schemas,
        } = facts;
        Self {
            paths: Paths::of(&operations),
            operations,
            schemas,
        }
    }

    /// The schemas that have names.
    #[cfg(test)]
    pub(super) fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// Every operation.
    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The place that a path of a request leads to, if the document has it. A part of the path that
    /// is no parameter counts more than one that is.
    pub(crate) fn place<'d>(&'d self, path: &str) -> Option<Place<'d>> {
        self.paths.place(path)
    }

    /// The operation of a path template and a method. The names of parameters do not count.
    pub(crate) fn operation(&self, template: &str, method: &str) -> Option<&Operation> {
        let index = self.paths.operation(template, method)?;
        self.operations.get(index)
    }

    /// Whether there is a path that is this template or goes on behind it.
    pub(crate) fn leads_to(&self, template: &str) -> bool {
        self.paths.leads_to(template)
    }

    /// The operation of a place and a method.
    pub(crate) fn operation_at(&self, place: &Place<'_>, method: &str) -> Option<&Operation> {
        self.operations.get(place.operation(method)?)
    }

    /// The methods of a path.
    pub(crate) fn methods(&self, path: &str) -> Vec<&str> {
        let place = self.place(path);
        place.map_or_else(Vec::new, |place| place.methods())
    }

    /// Whether everybody may call the operations of a place.
    pub(crate) fn is_public(&self, place: &Place<'_>) -> bool {
        let mut operations = place.operations().filter_map(|at| self.operations.get(at));
        operations.all(|operation| operation.public)
    }

    /// A schema with all that it refers to. `value` decides which of several it is.
    pub(crate) fn shape<'d>(&'d self, schema: &'d Schema, value: Option<&Value>) -> Shape<'d> {
        Shape::of(&self.schemas, schema, value)
    }
}
