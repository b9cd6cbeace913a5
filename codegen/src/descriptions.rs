//! Okta's own sentences, for documentation that is generated on your machine and stays there.
//!
//! The facts in `openapi/` have no prose, so what is committed has none. Whoever has Okta's
//! document can have its descriptions beside the facts.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Error;
use crate::api::{Api, TypeKind};
use crate::documents::MANAGEMENT;

/// The descriptions of a document that has some.
#[derive(Debug, Default)]
pub struct Descriptions {
    /// By operation id.
    operations: BTreeMap<String, String>,
    /// By name of the schema.
    schemas: BTreeMap<String, String>,
    /// By name of the schema and of the property.
    properties: BTreeMap<(String, String), String>,
}

impl Descriptions {
    /// Reads the descriptions of an OpenAPI document in YAML.
    ///
    /// # Errors
    /// If it is not YAML.
    pub fn parse(yaml: &str) -> Result<Self, Error> {
        let document: Value =
            serde_norway::from_str(yaml).map_err(|source| Error::Document { source })?;
        let mut all = Self::default();
        for operation in members(&document["paths"]).flat_map(|(_, path)| members(path)) {
            let (_, operation) = operation;
            let text = text_of(operation, "description").or_else(|| text_of(operation, "summary"));
            if let (Some(id), Some(text)) = (operation["operationId"].as_str(), text) {
                all.operations.insert(id.to_owned(), text);
            }
        }
        for (name, schema) in members(&document["components"]["schemas"]) {
            if let Some(text) = text_of(schema, "description") {
                all.schemas.insert(name.clone(), text);
            }
            all.add_properties(name, schema);
        }
        Ok(all)
    }

    fn add_properties(&mut self, name: &str, schema: &Value) {
        for (property, schema) in members(&schema["properties"]) {
            if let Some(text) = text_of(schema, "description") {
                let key = (name.to_owned(), property.clone());
                self.properties.insert(key, text);
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.add_properties(name, part);
        }
    }

    /// Puts them where the emitters find them.
    pub fn add_to(&self, api: &mut Api) {
        let management = api.operations.iter_mut();
        for operation in management.filter(|it| it.document == MANAGEMENT) {
            operation.prose = self.operations.get(&operation.id).cloned();
        }
        for ty in api.types.values_mut() {
            // The schema that a type is named after speaks first, then the others of its places.
            let schemas: Vec<&String> = ty.schema.iter().chain(&ty.places).collect();
            ty.prose = first(&schemas, |schema| self.schemas.get(schema));
            if let TypeKind::Record(record) = &mut ty.kind {
                for field in &mut record.fields {
                    field.facts.prose = first(&schemas, |schema| {
                        self.properties.get(&(schema.clone(), field.name.clone()))
                    });
                }
            }
        }
    }
}

/// What is known of the first of them of which anything is.
fn first<'a>(schemas: &[&String], known: impl Fn(&String) -> Option<&'a String>) -> Option<String> {
    schemas.iter().find_map(|schema| known(schema)).cloned()
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

fn text_of(object: &Value, member: &str) -> Option<String> {
    let text = object[member].as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Prose as lines of a doc comment. Nothing in it is taken for Rust that could be compiled:
/// neither fenced code nor lines that stand further in.
pub(crate) fn lines(prose: &str) -> Vec<String> {
    let mut in_code = false;
    prose
        .lines()
        .map(|line| {
            let line = line.trim();
            if !line.starts_with("```") {
                return line.to_owned();
            }
            in_code = !in_code;
            if in_code { "```text" } else { "```" }.to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn descriptions_are_found_where_the_document_has_them() {
        let all = Descriptions::parse(
            "
paths:
  /a:
    get: {operationId: getA, summary: short, description: ' Long. '}
    post: {operationId: makeA, summary: Short.}
    delete: {operationId: dropA}
components:
  schemas:
    Thing:
      description: A thing.
      properties: {size: {description: How big.}, name: {type: string}}
    Part:
      allOf: [{properties: {of: {description: Of what.}}}]
",
        )
        .unwrap();
        assert_eq!(all.operations["getA"], "Long.");
        assert_eq!(all.operations["makeA"], "Short.");
        assert_eq!(all.operations.len(), 2);
        assert_eq!(all.schemas["Thing"], "A thing.");
        let property = |schema: &str, name: &str| (schema.to_owned(), name.to_owned());
        assert_eq!(all.properties[&property("Thing", "size")], "How big.");
        assert_eq!(all.properties[&property("Part", "of")], "Of what.");
        assert_eq!(all.properties.len(), 2);
    }

    #[test]
    fn code_in_prose_is_never_rust() {
        let prose = "One:\n\n    indented\n\n```json\n{}\n```\nTwo";
        let expected = "One:\n\nindented\n\n```text\n{}\n```\nTwo";
        assert_eq!(lines(prose).join("\n"), expected);
    }
}
