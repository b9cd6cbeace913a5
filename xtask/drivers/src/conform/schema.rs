//! The schemas of Okta's document as JSON Schema, which OpenAPI 3.0 is almost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use super::Answer;

/// Where schemas are in the document.
const SCHEMAS: &str = "#/components/schemas/";
/// The end of the name of a schema without what its discriminator adds.
const OWN: &str = ".WithoutVariants";

/// What the operations of the document answer.
#[derive(Debug)]
pub struct Schemas {
    /// By operation id, its responses.
    responses: BTreeMap<String, Value>,
    /// All schemas by name, translated.
    components: Map<String, Value>,
}

impl Schemas {
    /// Reads a document of OpenAPI 3.0.
    ///
    /// # Errors
    /// If the file cannot be read, or is not YAML.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let document = serde_norway::from_str(&text).with_context(|| file.display().to_string())?;
        Ok(Self::of(&document))
    }

    /// The schemas of a document.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(_, path)| path.as_object().into_iter().flatten());
        let responses = operations.filter_map(|(_, operation)| {
            let id = operation["operationId"].as_str()?;
            Some((id.to_owned(), resolved(document, &operation["responses"])))
        });
        Self {
            responses: responses.collect(),
            components: translated(&document["components"]["schemas"]),
        }
    }

    /// What is wrong with an answer, by place and kind. An index of a list is `*`.
    ///
    /// # Errors
    /// If the document has no such operation, or its schema is none.
    pub fn differences(&self, operation: &str, answer: &Answer) -> Result<BTreeSet<String>> {
        let responses = self.responses.get(operation);
        let responses = responses.with_context(|| format!("no operation {operation}"))?;
        let mut found = BTreeSet::new();
        let status = answer.status.to_string();
        let response = responses.get(&status).or_else(|| responses.get("default"));
        let Some(response) = response else {
            found.insert(format!("status {status}"));
            return Ok(found);
        };
        let content = response["content"].as_object();
        let content = content.filter(|content| !content.is_empty());
        let (Some(content), Some(body)) = (content, &answer.body) else {
            if content.is_some_and(|content| content.keys().any(|kind| kind.contains("json"))) {
                found.insert("no body".to_owned());
            }
            return Ok(found);
        };
        let schema = content.get(&answer.content_type).map(|it| &it["schema"]);
        let Some(schema) = schema else {
            found.insert(format!("content type {}", answer.content_type));
            return Ok(found);
        };
        for error in self.validator(schema)?.iter_errors(body) {
            let place = error.instance_path().to_string();
            let keyword = error.schema_path().to_string();
            found.insert(format!("{}: {}", pattern(&place), kind(&keyword, &error)));
        }
        Ok(found)
    }

    /// The schemas that a schema needs, with those that these need.
    fn needed(&self, schema: &Value) -> Map<String, Value> {
        let mut open = Vec::new();
        references(schema, &mut open);
        let mut needed = Map::new();
        while let Some(name) = open.pop() {
            if let Some(found) = self
                .components
                .get(name)
                .filter(|_| !needed.contains_key(name))
            {
                references(found, &mut open);
                needed.insert(name.to_owned(), found.clone());
            }
        }
        needed
    }

    fn validator(&self, schema: &Value) -> Result<Validator> {
        let mut schema = translate(schema);
        schema["components"] = json!({ "schemas": self.needed(&schema) });
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|error| anyhow!("{error}"))
    }
}

/// The names of the schemas that a schema refers to.
fn references<'s>(schema: &'s Value, found: &mut Vec<&'s str>) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str().filter(|_| name == "$ref") {
                    Some(reference) => found.push(reference.trim_start_matches(SCHEMAS)),
                    None => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// A place with `*` for indexes.
fn pattern(place: &str) -> String {
    let is_index = |part: &&str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let parts = place.split('/');
    let parts: Vec<&str> = parts
        .map(|part| if is_index(&part) { "*" } else { part })
        .collect();
    parts.join("/")
}

/// What is wrong, without values.
fn kind(keyword: &str, error: &jsonschema::ValidationError<'_>) -> String {
    use jsonschema::error::ValidationErrorKind as Kind;
    match error.kind() {
        Kind::Required { property } => format!("{} is missing", property.as_str().unwrap_or("?")),
        _ => keyword.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

/// Responses with what they refer to.
fn resolved(document: &Value, responses: &Value) -> Value {
    let responses = responses.as_object().into_iter().flatten();
    let of = |response: &Value| match response["$ref"].as_str() {
        Some(name) => document
            .pointer(name.trim_start_matches('#'))
            .cloned()
            .unwrap_or_default(),
        None => response.clone(),
    };
    Value::Object(
        responses
            .map(|(status, it)| (status.clone(), of(it)))
            .collect(),
    )
}

/// All schemas. One with a discriminator is there twice: with its variants, and without them for the
/// variants to build upon.
fn translated(schemas: &Value) -> Map<String, Value> {
    let mut all = Map::new();
    for (name, schema) in schemas.as_object().into_iter().flatten() {
        let own = translate(schema);
        let variants = variants(schema);
        if variants.is_empty() {
            all.insert(name.clone(), own);
            continue;
        }
        let base = format!("{name}{OWN}");
        let member = &schema["discriminator"]["propertyName"];
        let mut parts = vec![json!({ "$ref": format!("{SCHEMAS}{base}") })];
        for (value, variant) in variants {
            let is_other = json!({ "not": {
                "type": "object",
                "required": [member],
                "properties": { member.as_str().unwrap_or_default(): { "enum": [value] } },
            } });
            parts.push(json!({ "anyOf": [is_other, { "$ref": variant }] }));
        }
        all.insert(base, own);
        all.insert(name.clone(), json!({ "allOf": parts }));
    }
    let built: Vec<(String, BTreeSet<String>)> = built_upon(schemas);
    for (name, bases) in built {
        for key in [name.clone(), format!("{name}{OWN}")] {
            if let Some(schema) = all.get_mut(&key) {
                without_variants(schema, &bases);
            }
        }
    }
    all
}

/// The variants of a schema by the value of its discriminator.
fn variants(schema: &Value) -> Vec<(String, String)> {
    let mapping = schema["discriminator"]["mapping"].as_object();
    let mapping = mapping.into_iter().flatten();
    mapping
        .filter_map(|(value, variant)| Some((value.clone(), variant.as_str()?.to_owned())))
        .collect()
}

/// The schemas that are variants of others, with those that they are variants of.
fn built_upon(schemas: &Value) -> Vec<(String, BTreeSet<String>)> {
    let mut bases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, schema) in schemas.as_object().into_iter().flatten() {
        for (_, variant) in variants(schema) {
            let variant = variant.trim_start_matches(SCHEMAS).to_owned();
            bases.entry(variant).or_default().insert(name.clone());
        }
    }
    // A variant of a variant builds upon both.
    for _ in 0..3 {
        let snapshot = bases.clone();
        for of in bases.values_mut() {
            let more: Vec<String> = of
                .iter()
                .filter_map(|base| snapshot.get(base))
                .flatten()
                .cloned()
                .collect();
            of.extend(more);
        }
    }
    bases.into_iter().collect()
}

/// What a variant builds upon has no variants itself.
fn without_variants(schema: &mut Value, bases: &BTreeSet<String>) {
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        let name = part["$ref"]
            .as_str()
            .map(|it| it.trim_start_matches(SCHEMAS));
        if let Some(name) = name.filter(|name| bases.contains(*name)) {
            *part = json!({ "$ref": format!("{SCHEMAS}{name}{OWN}") });
        }
    }
}

/// A schema of OpenAPI 3.0 as one of JSON Schema, draft 4: null by `nullable`, one of several as any of
/// them, since a discriminator says which.
fn translate(schema: &Value) -> Value {
    let Value::Object(schema) = schema else {
        return schema.clone();
    };
    let mut translated = Map::new();
    for (name, value) in schema {
        let value = match name.as_str() {
            "properties" => each(value, translate),
            "items" | "not" => translate(value),
            "additionalProperties" if value.is_object() => translate(value),
            "allOf" | "anyOf" | "oneOf" => {
                let parts = value.as_array().into_iter().flatten();
                parts.map(translate).collect()
            }
            "$ref"
            | "type"
            | "enum"
            | "required"
            | "format"
            | "pattern"
            | "minimum"
            | "maximum"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "minLength"
            | "maxLength"
            | "minItems"
            | "maxItems"
            | "uniqueItems"
            | "minProperties"
            | "maxProperties"
            | "multipleOf"
            | "additionalProperties" => value.clone(),
            _ => continue,
        };
        let name = match name.as_str() {
            "oneOf" => "anyOf",
            name => name,
        };
        translated.insert(name.to_owned(), value);
    }
    let schema_of_value = Value::Object(translated);
    match schema.get("nullable") {
        Some(Value::Bool(true)) => json!({ "anyOf": [schema_of_value, { "enum": [null] }] }),
        _ => schema_of_value,
    }
}

fn each(members: &Value, with: impl Fn(&Value) -> Value) -> Value {
    let members = members.as_object().into_iter().flatten();
    Value::Object(
        members
            .map(|(name, value)| (name.clone(), with(value)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn schemas() -> Schemas {
        Schemas::of(&json!({
            "paths": { "/pets": { "get": {
                "operationId": "listPets",
                "responses": { "200": { "content": { "application/json": { "schema": {
                    "type": "array", "items": { "$ref": "#/components/schemas/Pet" },
                } } } } },
            } } },
            "components": { "schemas": {
                "Pet": {
                    "type": "object",
                    "required": ["kind"],
                    "properties": {
                        "kind": { "type": "string", "enum": ["CAT", "DOG"] },
                        "born": { "type": "string", "format": "date-time", "nullable": true },
                    },
                    "discriminator": {
                        "propertyName": "kind",
                        "mapping": { "CAT": "#/components/schemas/Cat" },
                    },
                },
                "Cat": { "allOf": [
                    { "$ref": "#/components/schemas/Pet" },
                    { "type": "object", "properties": { "lives": { "type": "integer" } } },
                ] },
            } },
        }))
    }

    fn found(body: Value) -> Vec<String> {
        let answer = Answer {
            status: 200,
            content_type: "application/json".to_owned(),
            body: Some(body),
        };
        let found = schemas().differences("listPets", &answer).unwrap();
        found.into_iter().collect()
    }

    #[test]
    fn what_fits_is_no_difference() {
        let pets = json!([
            { "kind": "CAT", "lives": 9, "born": "2026-01-01T00:00:00.000Z" },
            { "kind": "DOG", "lives": "one", "born": null },
        ]);
        assert_eq!(found(pets), [""; 0]);
    }

    #[test]
    fn each_kind_of_difference_is_found() {
        assert_eq!(found(json!([{}])), ["/*: kind is missing"]);
        assert_eq!(found(json!([{ "kind": "COW" }])), ["/*/kind: enum"]);
        let nine = json!([{ "kind": "CAT", "lives": "nine" }]);
        assert_eq!(found(nine), ["/*: anyOf"]);
        let born = json!([{ "kind": "DOG", "born": "yesterday" }]);
        assert_eq!(found(born), ["/*/born: anyOf"]);
        assert_eq!(found(json!({})), [": type"]);
    }

    #[test]
    fn statuses_bodies_and_content_types_are_looked_at() {
        let answer = |status, content_type: &str, body| Answer {
            status,
            content_type: content_type.to_owned(),
            body,
        };
        let found = |answer: &Answer| {
            let found = schemas().differences("listPets", answer).unwrap();
            found.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(found(&answer(204, "", None)), ["status 204"]);
        assert_eq!(found(&answer(200, "", None)), ["no body"]);
        let text = answer(200, "text/plain", Some(json!([])));
        assert_eq!(found(&text), ["content type text/plain"]);
    }
}
