//! What Okta's document says of the management API: its operations, what they take and what they
//! answer. `cargo xtask codegen` writes the facts; the types here read them without the SDK.

mod api;
mod check;
mod facts;
mod fill;
mod lenient;
mod paths;
mod sample;
pub(crate) mod segments;
mod shape;

pub(crate) use api::document;
#[cfg(test)]
pub(crate) use check::faults;
pub(crate) use check::{Fault, refused};
pub(crate) use facts::{Operation, Schema, is_json};
pub(crate) use fill::{Filling, complete};
pub(crate) use paths::nameless;
pub(crate) use shape::{Kind, Shape};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_facts_can_be_read() {
        assert_eq!(document().operations().len(), 732);
        let names = document().schemas().names();
        let empty = names.filter(|name| is_empty(name)).count();
        assert!(document().schemas().names().count() > 900);
        // Of schemas that say nothing there are a few.
        assert!(empty < 20, "{empty}");
    }

    fn is_empty(name: &str) -> bool {
        let schema = document().schemas().get(name);
        let shape = schema.map(|schema| document().shape(schema, None));
        shape.is_none_or(|shape| shape.kind == Kind::Any && shape.alternatives.is_empty())
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
        for name in document().schemas().names() {
            document().schemas().get(name).unwrap().each(&mut |schema| {
                let targets = schema.reference.iter().chain(
                    schema
                        .discriminator
                        .iter()
                        .flat_map(|discriminator| discriminator.mapping.values()),
                );
                for target in targets {
                    assert!(
                        document().schemas().get(target).is_some(),
                        "{name}: {target}"
                    );
                }
            });
        }
    }
}
