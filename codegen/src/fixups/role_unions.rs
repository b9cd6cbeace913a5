//! Role assignments, which the document spells out anew in every operation.

use std::collections::{BTreeMap, BTreeSet};

use super::{Outcome, claims};
use crate::document::{Discriminator, Document, Operation, PathItem, Schema};

/// Values of a discriminator, and the schemas that they choose.
type Mapping = BTreeMap<String, String>;

/// Assigning and listing roles of users, groups and clients have the same two kinds of objects,
/// standard and custom, inline in each operation, with lists of values that differ by omission.
/// They become the types `AssignRole` and `AssignedRole`, with the values of all of them.
///
/// Releases before 2026 do not say what tells the two apart, nor what an assignment needs: the lists
/// of values of `type` say the one, what an org refuses the other.
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
        let mut mapping: Mapping = mappings.into_iter().flatten().collect();
        if mapping.is_empty() {
            mapping = mapping_by_type(document, standard, custom);
        }
        let discriminator = Discriminator {
            property_name: "type".to_owned(),
            mapping,
        };
        let union = Schema {
            one_of: vec![Schema::to(standard), Schema::to(custom)],
            discriminator: Some(discriminator),
            ..Schema::default()
        };
        document.components.schemas.insert(name.to_owned(), union);
    }
    needs(document, "StandardRoleAssignmentSchema", &["type"]);
    needs(
        document,
        "CustomRoleAssignmentSchema",
        &["resource-set", "role", "type"],
    );
    Ok(())
}

/// A custom role is of the types that its schema lists, a standard role of all others.
fn mapping_by_type(document: &Document, standard: &str, custom: &str) -> Mapping {
    let types_of_custom = types_of(document, custom);
    let mut types_of_standard = types_of(document, standard);
    if types_of_standard.is_empty() {
        types_of_standard = types_of(document, "StandardRole");
    }
    let standard = types_of_standard
        .into_iter()
        .filter(|ty| !types_of_custom.contains(ty))
        .map(|ty| (ty, standard.to_owned()));
    let custom = types_of_custom
        .iter()
        .map(|ty| (ty.clone(), custom.to_owned()));
    standard.chain(custom).collect()
}

/// The values that a schema lists for its `type`.
fn types_of(document: &Document, schema: &str) -> BTreeSet<String> {
    let schemas = &document.components.schemas;
    let ty = schemas
        .get(schema)
        .and_then(|schema| schema.properties.get("type"));
    let listed = ty.and_then(|ty| match ty.target() {
        Some(target) => schemas.get(target),
        None => Some(ty),
    });
    let values = listed.into_iter().flat_map(|listed| &listed.values);
    values
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

fn needs(document: &mut Document, schema: &str, members: &[&str]) {
    if let Some(schema) = document.components.schemas.get_mut(schema) {
        for member in members {
            if !schema.required.iter().any(|known| known == member) {
                schema.required.push((*member).to_owned());
            }
        }
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const DOCUMENT: &str = "
info: {version: '1'}
paths:
  /users/{id}/roles:
    get: &listed
      responses: {'200': {content: {application/json: {schema: {type: array, items: {oneOf: [
        {$ref: '#/components/schemas/StandardRole'}, {$ref: '#/components/schemas/CustomRole'}]}}}}}}
    post: &assigned
      requestBody: {content: {application/json: {schema: {oneOf: [
        {$ref: '#/components/schemas/StandardRoleAssignmentSchema'},
        {$ref: '#/components/schemas/CustomRoleAssignmentSchema'}]}}}}
  /groups/{id}/roles: {get: *listed, post: *assigned}
components:
  schemas:
    RoleType: {type: string, enum: [APP_ADMIN, CUSTOM, ORG_ADMIN]}
    StandardRole: {properties: {type: {$ref: '#/components/schemas/RoleType'}}}
    CustomRole: {properties: {type: {type: string, enum: [CUSTOM]}}}
    StandardRoleAssignmentSchema: {properties: {type: {type: string}}}
    CustomRoleAssignmentSchema: {properties: {type: {type: string, enum: [CUSTOM]}}}
";

    #[test]
    fn without_a_discriminator_the_kinds_own_types_tell_them_apart() {
        let mut document = Document::parse(DOCUMENT).unwrap();
        assert!(role_assignments_have_one_type(&mut document).is_ok());
        for (name, standard, custom) in [
            ("AssignedRole", "StandardRole", "CustomRole"),
            (
                "AssignRole",
                "StandardRoleAssignmentSchema",
                "CustomRoleAssignmentSchema",
            ),
        ] {
            let union = document
                .schema(name)
                .unwrap()
                .discriminator
                .as_ref()
                .unwrap();
            let expected = [
                ("APP_ADMIN", standard),
                ("CUSTOM", custom),
                ("ORG_ADMIN", standard),
            ];
            let expected = expected.map(|(ty, schema)| (ty.to_owned(), schema.to_owned()));
            assert_eq!(union.mapping, expected.into());
        }
        let custom = document.schema("CustomRoleAssignmentSchema").unwrap();
        assert_eq!(custom.required, ["resource-set", "role", "type"]);
    }
}
