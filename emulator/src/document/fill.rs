//! Objects as answers hold them: what was given, and what has to be there besides.

use serde_json::{Map, Value, json};

use super::api::Document;
use super::facts::Schema;
use super::shape::{Kind, Shape};
use super::{check, sample};

/// How deep made-up objects go; deeper ones are empty. A schema may need itself.
const DEEP: usize = 6;

/// How to complete a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filling<'f> {
    /// What a date is that has to be there.
    pub(crate) now: &'f str,
    /// Whether members that nobody gave get their defaults.
    pub(crate) defaults: bool,
}

/// `given` as an answer of that schema: without null where there may be none, without what is only
/// written, and with all members that have to be there.
pub(crate) fn complete(
    document: &Document,
    schema: &Schema,
    given: Option<&Value>,
    filling: Filling<'_>,
) -> Value {
    let filler = Filler { document, filling };
    let value = given.and_then(|given| filler.kept("", schema, given, DEEP));
    value.unwrap_or_else(|| filler.made_up("", schema, DEEP))
}

struct Filler<'d, 'f> {
    document: &'d Document,
    filling: Filling<'f>,
}

impl<'d> Filler<'d, '_> {
    /// What was given, completed; nothing if it is none of what the schema allows.
    fn kept(&self, name: &str, schema: &'d Schema, given: &Value, depth: usize) -> Option<Value> {
        let shape = self.document.shape(schema, Some(given));
        if given.is_null() {
            return shape.nullable.then_some(Value::Null);
        }
        if let Some(best) = self.best(shape.alternatives, given) {
            return self.kept(name, best, given, depth);
        }
        match (given, shape.kind) {
            (Value::Object(object), Kind::Object | Kind::Any) => {
                Some(self.object(schema, &shape, object, depth))
            }
            (Value::Array(items), Kind::List | Kind::Any) => {
                Some(self.list(name, &shape, items, depth))
            }
            (Value::Object(_) | Value::Array(_), _) | (_, Kind::List | Kind::Object) => None,
            (scalar, _) => Some(scalar.clone()),
        }
    }

    fn best(&self, alternatives: &'d [Schema], given: &Value) -> Option<&'d Schema> {
        alternatives
            .iter()
            .min_by_key(|schema| check::faults(self.document, schema, given).len())
    }

    fn list(&self, name: &str, shape: &Shape<'d>, items: &[Value], depth: usize) -> Value {
        let Some(schema) = shape.items else {
            return items.into();
        };
        let items = items
            .iter()
            .filter_map(|item| self.kept(name, schema, item, depth));
        items.collect()
    }

    fn object(
        &self,
        schema: &'d Schema,
        shape: &Shape<'d>,
        given: &Map<String, Value>,
        depth: usize,
    ) -> Value {
        if let Some(chosen) = self.chosen(schema, shape, given, depth) {
            return chosen;
        }
        let mut object = Map::new();
        for (name, value) in given {
            let property = shape
                .properties
                .get(name.as_str())
                .copied()
                .or(shape.additional);
            let value = match property {
                None => Some(value.clone()),
                Some(property) if self.is_write_only(property) => None,
                Some(property) => self.kept(name, property, value, depth.saturating_sub(1)),
            };
            object.extend(value.map(|value| (name.clone(), value)));
        }
        for (name, property) in &shape.properties {
            if object.contains_key(*name) || self.is_write_only(property) {
                continue;
            }
            let value = match shape.required.contains(name) {
                true => Some(self.made_up(name, property, depth.saturating_sub(1))),
                false => self.default(property),
            };
            object.extend(value.map(|value| ((*name).to_owned(), value)));
        }
        Value::Object(object)
    }

    /// An object that has to be one of several and does not say which becomes the first.
    fn chosen(
        &self,
        schema: &'d Schema,
        shape: &Shape<'d>,
        given: &Map<String, Value>,
        depth: usize,
    ) -> Option<Value> {
        let choice = shape.choice.filter(|choice| !choice.made)?;
        let property = &choice.discriminator.property_name;
        if given.get(property).is_some_and(Value::is_string) {
            return None;
        }
        let first = choice.discriminator.mapping.keys().next()?;
        let mut given = given.clone();
        given.insert(property.clone(), json!(first));
        self.kept("", schema, &Value::Object(given), depth)
    }

    fn is_write_only(&self, schema: &'d Schema) -> bool {
        self.document.shape(schema, None).write_only
    }

    fn default(&self, schema: &'d Schema) -> Option<Value> {
        let shape = self
            .filling
            .defaults
            .then(|| self.document.shape(schema, None))?;
        shape.default.filter(|default| !default.is_null()).cloned()
    }

    fn made_up(&self, name: &str, schema: &'d Schema, depth: usize) -> Value {
        let shape = self.document.shape(schema, None);
        if let Some(first) = shape.alternatives.first() {
            return self.made_up(name, first, depth);
        }
        match shape.kind {
            Kind::Object if depth > 0 => self.object(schema, &shape, &Map::new(), depth - 1),
            Kind::List if depth > 0 && shape.min_items.is_some_and(|least| least > 0) => {
                let item = shape
                    .items
                    .map(|items| self.made_up(name, items, depth - 1));
                item.into_iter().collect()
            }
            _ => sample::scalar(name, &shape, self.filling.now),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::document::document;

    const NOW: &str = "2026-01-01T00:00:00.000Z";

    fn schema(of: &str) -> &'static Schema {
        document().schemas().get(of).unwrap()
    }

    fn completed(of: &str, given: &Value) -> Value {
        let filling = Filling {
            now: NOW,
            defaults: true,
        };
        complete(document(), schema(of), Some(given), filling)
    }

    #[test]
    fn what_was_given_stays_and_null_goes() {
        let zone = completed(
            "NetworkZone",
            &json!({
                "type": "IP", "name": "Office", "gateways": null, "colour": "green",
            }),
        );
        assert_eq!(zone["name"], "Office");
        assert_eq!(zone["colour"], "green");
    }

    #[test]
    fn what_is_only_written_is_not_read() {
        let hook = json!({ "name": "Hook", "channel": { "config": {
            "uri": "https://example.com", "authScheme": { "key": "a", "value": "secret" },
        } } });
        let text = completed("EventHook", &hook).to_string();
        assert!(
            text.contains("\"uri\"") && !text.contains("secret"),
            "{text}"
        );
    }

    #[test]
    fn an_object_that_needs_itself_ends() {
        let node = r#"{ "operations": [], "schemas": {
            "Node": {
                "type": "object", "required": ["kind", "next"],
                "properties": { "kind": { "type": "string" }, "next": { "$ref": "Node" } },
                "discriminator": { "propertyName": "kind", "mapping": { "A": "A" } }
            },
            "A": { "allOf": [{ "$ref": "Node" }] }
        } }"#;
        let document = Document::new(serde_json::from_str(node).unwrap());
        let filling = Filling {
            now: NOW,
            defaults: false,
        };
        let schema = document.schemas().get("Node").unwrap();
        let mut at = &complete(&document, schema, None, filling);
        let mut depth = 0;
        while at["next"].is_object() {
            (at, depth) = (&at["next"], depth + 1);
        }
        assert!(depth <= DEEP, "{depth}");
    }

    /// Answers whose schemas ask for what is only written.
    const ONLY_WRITTEN: [&str; 3] = ["admin", "password", "settings.token"];

    #[test]
    fn whatever_is_made_up_satisfies_its_schema() {
        for operation in document().operations() {
            let Some(schema) = operation.answers() else {
                continue;
            };
            let filling = Filling {
                now: NOW,
                defaults: false,
            };
            let value = complete(document(), schema, None, filling);
            let mut faults = check::faults(document(), schema, &value);
            faults.retain(|fault| !ONLY_WRITTEN.contains(&fault.member()));
            assert!(faults.is_empty(), "{}: {value:#} {faults:?}", operation.id);
        }
    }
}
