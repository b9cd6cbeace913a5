//! What Okta's document says of the management API: its operations, what they take and what they
//! answer. `cargo xtask codegen` writes the facts; the types here read them without the SDK.

mod check;
mod facts;
mod fill;
mod lenient;
mod paths;
mod sample;
mod shape;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(crate) use check::{Fault, refused};
pub(crate) use facts::{Operation, Schema, is_json};
pub(crate) use fill::{Filling, complete};
pub(crate) use paths::{Place, nameless};
pub(crate) use shape::{Kind, Shape};

use paths::Paths;

/// The document; read once in a process.
static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    // Generated with the crate: a test counts what is read, so this never falls back.
    let facts = serde_json::from_str(include_str!("document/facts.json")).unwrap_or_default();
    Document::new(facts)
});

/// The media type that almost all operations speak.
pub(crate) const JSON: &str = "application/json";

/// All operations of the management API with their schemas.
#[derive(Debug)]
pub(crate) struct Document {
    operations: Vec<Operation>,
    schemas: BTreeMap<String, Schema>,
    paths: Paths,
}

/// Okta's document.
pub(crate) fn document() -> &'static Document {
    &DOCUMENT
}

impl Document {
    fn new(facts: facts::Facts) -> Self {
        let facts::Facts {
            operations,
            schemas,
        } = facts;
        Self {
            paths: Paths::of(&operations),
            operations,
            schemas,
        }
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
    pub(crate) fn shape<'d>(
        &'d self,
        schema: &'d Schema,
        value: Option<&serde_json::Value>,
    ) -> Shape<'d> {
        Shape::of(&self.schemas, schema, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_can_be_read() {
        assert_eq!(document().operations().len(), 732);
        assert!(document().schemas.len() > 900);
    }

    #[test]
    fn every_operation_is_found_by_its_template() {
        for operation in document().operations() {
            let found = document().operation(&operation.path, &operation.method);
            assert_eq!(found.map(|found| &found.id), Some(&operation.id));
        }
    }

    #[test]
    fn every_operation_is_found_by_a_path() {
        for operation in document().operations() {
            let path = operation.path.replace(['{', '}'], "~");
            let found = document()
                .place(&path)
                .and_then(|place| document().operation_at(&place, &operation.method));
            assert_eq!(found.map(|found| &found.id), Some(&operation.id), "{path}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        for (name, schema) in &document().schemas {
            schema.each(&mut |schema| {
                let targets = schema.reference.iter().chain(
                    schema
                        .discriminator
                        .iter()
                        .flat_map(|discriminator| discriminator.mapping.values()),
                );
                for target in targets {
                    assert!(document().schemas.contains_key(target), "{name}: {target}");
                }
            });
        }
    }
}
