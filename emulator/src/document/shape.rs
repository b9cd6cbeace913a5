//! A schema with everything that it refers to in one: `$ref`, `allOf`, and the variant that a
//! value is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::facts::{Discriminator, Schema, Schemas};

/// What JSON calls the type of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The document does not say.
    #[default]
    Any,
    Text,
    Integer,
    Number,
    Boolean,
    List,
    Object,
}

/// The member that says which variant an object is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice<'d> {
    pub(crate) discriminator: &'d Discriminator,
    /// Whether the value named a variant.
    pub(crate) made: bool,
}

/// What a value may be.
#[derive(Debug, Default)]
pub(crate) struct Shape<'d> {
    pub(crate) kind: Kind,
    pub(crate) format: Option<&'d str>,
    pub(crate) pattern: Option<&'d str>,
    pub(crate) values: &'d [Value],
    pub(crate) properties: BTreeMap<&'d str, &'d Schema>,
    pub(crate) required: BTreeSet<&'d str>,
    pub(crate) items: Option<&'d Schema>,
    pub(crate) additional: Option<&'d Schema>,
    pub(crate) nullable: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) default: Option<&'d Value>,
    pub(crate) minimum: Option<f64>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) min_items: Option<usize>,
    pub(crate) choice: Option<Choice<'d>>,
    /// Schemas of which a value has one, with nothing that says which.
    pub(crate) alternatives: &'d [Schema],
}

impl<'d> Shape<'d> {
    pub(super) fn of(schemas: &'d Schemas, schema: &'d Schema, value: Option<&Value>) -> Self {
        let mut shape = Self::default();
        let mut gathering = Gathering {
            schemas,
            value,
            visited: BTreeSet::new(),
        };
        gathering.add(&mut shape, schema);
        if shape.kind == Kind::Any && !shape.properties.is_empty() {
            shape.kind = Kind::Object;
        }
        shape
    }

    /// Whether the server alone writes it.
    pub(crate) fn is_of_server(&self, name: &str) -> bool {
        let choice = self
            .choice
            .map(|choice| &choice.discriminator.property_name);
        choice.is_none_or(|property| property != name)
            && self.properties.get(name).is_some_and(|it| it.read_only)
    }

    fn add(&mut self, schema: &'d Schema) {
        if let Some(kind) = schema.kind.as_deref() {
            self.kind = kind_of(kind);
        }
        if self.kind == Kind::Any && schema.items.is_some() {
            self.kind = Kind::List;
        }
        self.nullable |= schema.nullable;
        self.read_only |= schema.read_only;
        self.write_only |= schema.write_only;
        self.required
            .extend(schema.required.iter().map(String::as_str));
        let properties = schema.properties.iter();
        self.properties
            .extend(properties.map(|(name, it)| (name.as_str(), it)));
        if !schema.values.is_empty() {
            self.values = &schema.values;
        }
        replace(&mut self.format, schema.format.as_deref());
        replace(&mut self.pattern, schema.pattern.as_deref());
        replace(&mut self.items, schema.items.as_deref());
        replace(
            &mut self.additional,
            schema.additional_properties.as_deref(),
        );
        replace(&mut self.default, schema.default.as_ref());
        replace(&mut self.minimum, schema.minimum);
        replace(&mut self.min_length, schema.min_length);
        replace(&mut self.max_length, schema.max_length);
        replace(&mut self.min_items, schema.min_items);
    }
}

fn replace<T>(place: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *place = value;
    }
}

fn kind_of(name: &str) -> Kind {
    match name {
        "string" => Kind::Text,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        "array" => Kind::List,
        "object" => Kind::Object,
        _ => Kind::Any,
    }
}

/// On the way through the schemas that one value has.
struct Gathering<'d, 'v> {
    schemas: &'d Schemas,
    value: Option<&'v Value>,
    /// Names of schemas that were added: a variant names its base, and the base its variants.
    visited: BTreeSet<&'d str>,
}

impl<'d> Gathering<'d, '_> {
    fn add(&mut self, shape: &mut Shape<'d>, schema: &'d Schema) {
        if let Some(name) = &schema.reference {
            self.add_named(shape, name);
        }
        shape.add(schema);
        for part in &schema.all_of {
            self.add(shape, part);
        }
        if let Some(discriminator) = &schema.discriminator {
            self.choose(shape, discriminator);
        } else if !schema.one_of.is_empty() {
            shape.alternatives = &schema.one_of;
        }
    }

    fn add_named(&mut self, shape: &mut Shape<'d>, name: &'d str) {
        if self.visited.insert(name)
            && let Some(schema) = self.schemas.get(name)
        {
            self.add(shape, schema);
        }
    }

    /// The variant that the value names; none if it names none.
    fn choose(&mut self, shape: &mut Shape<'d>, discriminator: &'d Discriminator) {
        let named = self
            .value
            .and_then(|value| value.get(&discriminator.property_name)?.as_str());
        let chosen = named.and_then(|named| discriminator.mapping.get(named));
        if discriminator.mapping.is_empty() {
            return;
        }
        shape.kind = Kind::Object;
        shape.choice = Some(Choice {
            discriminator,
            made: chosen.is_some(),
        });
        if let Some(chosen) = chosen {
            self.add_named(shape, chosen);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    const SCHEMAS: &str = r#"{
        "Base": {
            "type": "object", "required": ["type"],
            "properties": { "type": { "type": "string", "readOnly": true }, "id": { "readOnly": true } },
            "discriminator": { "propertyName": "type", "mapping": { "A": "A", "B": "B" } }
        },
        "A": { "allOf": [{ "$ref": "Base" }, { "properties": { "a": { "type": "integer" } } }] },
        "B": { "allOf": [{ "$ref": "Base" }, { "required": ["b"] }] }
    }"#;

    fn names(value: Option<&Value>) -> String {
        let schemas = Schemas::parse(SCHEMAS).unwrap();
        let wrapped = serde_json::from_value(json!({ "allOf": [{ "$ref": "Base" }] })).unwrap();
        let shape = Shape::of(&schemas, &wrapped, value);
        let properties: Vec<&str> = shape.properties.keys().copied().collect();
        let required: Vec<&str> = shape.required.iter().copied().collect();
        format!("{}; {}", properties.join(" "), required.join(" "))
    }

    #[test]
    fn the_value_of_the_discriminator_decides() {
        assert_eq!(names(None), "id type; type");
        assert_eq!(names(Some(&json!({ "type": "A" }))), "a id type; type");
        assert_eq!(names(Some(&json!({ "type": "B" }))), "id type; b type");
        assert_eq!(names(Some(&json!({ "type": "C" }))), "id type; type");
    }

    #[test]
    fn a_discriminator_is_written_by_those_who_call_though_it_is_read_only() {
        let schemas = Schemas::parse(SCHEMAS).unwrap();
        let shape = Shape::of(&schemas, schemas.get("Base").unwrap(), None);
        assert!(!shape.is_of_server("type"));
        assert!(shape.is_of_server("id"));
    }
}
