//! Schemas without what the emulator does not look at.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::Error;
use crate::document::{AdditionalProperties, Document, Schema, name_in};

/// The schemas of these names, and all that they reach.
pub(super) fn reached(
    document: &Document,
    names: BTreeSet<String>,
) -> Result<BTreeMap<String, Value>, Error> {
    let mut schemas = BTreeMap::new();
    let mut open: Vec<String> = names.into_iter().collect();
    while let Some(name) = open.pop() {
        if schemas.contains_key(&name) {
            continue;
        }
        let value = schema(document.schema(&name)?);
        let mut found = BTreeSet::new();
        references(&value, &mut found);
        open.extend(found);
        schemas.insert(name, value);
    }
    Ok(schemas)
}

/// The names that `$ref` and discriminators lead to.
pub(super) fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(members) => {
            found.extend(
                members
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            if let Some(mapping) = members.get("discriminator").map(|it| &it["mapping"]) {
                let targets = mapping.as_object().into_iter().flatten();
                found.extend(targets.filter_map(|(_, target)| target.as_str().map(str::to_owned)));
            }
            members
                .values()
                .for_each(|member| references(member, found));
        }
        _ => {}
    }
}

/// A schema in the words of OpenAPI, with bare names for references. `anyOf` is written as `oneOf`:
/// who looks whether one of them fits finds the same.
pub(super) fn schema(schema: &Schema) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    if let Some(target) = schema.target() {
        put("$ref", json!(target));
    }
    for (name, text) in [
        ("type", &schema.kind),
        ("format", &schema.format),
        ("pattern", &schema.pattern),
    ] {
        if let Some(text) = text {
            put(name, json!(text));
        }
    }
    for (name, flag) in [
        ("nullable", schema.nullable),
        ("readOnly", schema.read_only),
        ("writeOnly", schema.write_only),
    ] {
        if flag {
            put(name, json!(true));
        }
    }
    for (name, value) in [
        ("default", &schema.default),
        ("minimum", &schema.minimum),
        ("maximum", &schema.maximum),
    ] {
        if let Some(value) = value {
            put(name, value.clone());
        }
    }
    for (name, length) in [
        ("minLength", schema.min_length),
        ("maxLength", schema.max_length),
        ("minItems", schema.min_items),
    ] {
        if let Some(length) = length {
            put(name, json!(length));
        }
    }
    if !schema.values.is_empty() {
        put("enum", json!(schema.values));
    }
    if !schema.required.is_empty() {
        put("required", json!(schema.required));
    }
    if !schema.properties.is_empty() {
        let properties = schema.properties.iter();
        let properties = properties.map(|(name, property)| (name.clone(), self::schema(property)));
        put("properties", Value::Object(properties.collect()));
    }
    if let Some(items) = &schema.items {
        put("items", self::schema(items));
    }
    if let Some(AdditionalProperties::Schema(other)) = &schema.additional_properties {
        put("additionalProperties", self::schema(other));
    }
    if !schema.all_of.is_empty() {
        put("allOf", all(schema.all_of.iter()));
    }
    if schema.has_alternatives() {
        put("oneOf", all(schema.alternatives()));
    }
    if let Some(discriminator) = &schema.discriminator {
        let mapping = discriminator.mapping.iter();
        let mapping: Map<String, Value> = mapping
            .map(|(value, target)| (value.clone(), json!(name_in(target))))
            .collect();
        let property = &discriminator.property_name;
        let value = json!({ "propertyName": property, "mapping": mapping });
        put("discriminator", value);
    }
    Value::Object(members)
}

fn all<'s>(schemas: impl Iterator<Item = &'s Schema>) -> Value {
    schemas.map(schema).collect()
}
