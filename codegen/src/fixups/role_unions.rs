//! Role assignments, which the document spells out anew in every operation.

use std::collections::BTreeMap;

use super::{Outcome, claims};
use crate::document::{Discriminator, Document, Operation, PathItem, Schema};

/// Values of a discriminator, and the schemas that they choose.
type Mapping = BTreeMap<String, String>;

/// Assigning and listing roles of users, groups and clients have the same two kinds of objects,
/// standard and custom, inline in each operation, with lists of values that differ by omission.
/// They become the types `AssignRole` and `AssignedRole`, with the values of all of them.
pub(super) fn role_assignments_have_one_type(document: &mut Document) -> Outcome {
    for (name, standard, custom) in [
        (
            "AssignRole",
            "StandardRoleAssignmentSchema",
            "CustomRoleAssignmentSchema",
        ),
        ("AssignedRole", "StandardRole", "CustomRole"),
    ] {
        let mut mappings = Vec::new();
        for operation in document
            .paths
            .values_mut()
            .flat_map(PathItem::operations_mut)
        {
            for schema in schemas_of(operation) {
                mappings.extend(take_mapping(schema, standard, custom, name));
            }
        }
        claims(
            mappings.len() > 1,
            &format!("several unions of `{standard}` and `{custom}`"),
        )?;
        let discriminator = Discriminator {
            property_name: "type".to_owned(),
            mapping: mappings.into_iter().flatten().collect(),
        };
        let union = Schema {
            one_of: vec![Schema::to(standard), Schema::to(custom)],
            discriminator: Some(discriminator),
            ..Schema::default()
        };
        document.components.schemas.insert(name.to_owned(), union);
    }
    Ok(())
}

fn schemas_of(operation: &mut Operation) -> impl Iterator<Item = &mut Schema> {
    let requests = operation
        .request_body
        .iter_mut()
        .flat_map(|body| body.content.values_mut());
    let responses = operation
        .responses
        .values_mut()
        .flat_map(|response| response.content.values_mut());
    requests.chain(responses).map(|media| &mut media.schema)
}

/// Puts a reference where the union is, also as the elements of a list, and gives its values.
fn take_mapping(schema: &mut Schema, standard: &str, custom: &str, name: &str) -> Option<Mapping> {
    if let Some(items) = &mut schema.items {
        return take_mapping(items, standard, custom, name);
    }
    let kinds: Vec<Option<&str>> = schema.one_of.iter().map(Schema::target).collect();
    if kinds != [Some(standard), Some(custom)] {
        return None;
    }
    let union = std::mem::replace(schema, Schema::to(name));
    Some(union.discriminator.unwrap_or_default().mapping)
}
