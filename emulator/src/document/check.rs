//! Whether what a request holds is what the document says.
//!
//! Okta is lenient, and so is this: members that it does not know, null in place of what may be
//! left out, and members that only the server writes are passed over. A list of one value is no
//! list to check against: the document has such lists where any value is taken.

use serde_json::{Map, Value};

use super::api::Document;
use super::facts::{Operation, Schema};
use super::lenient;
use super::shape::{Kind, Shape};

/// How deep into a body the check goes: further than any schema.
const DEEP: usize = 32;

/// What is wrong with a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It cannot be read as what it should be.
    Unreadable { member: String, cause: String },
    /// It is needed and has no value.
    Blank { member: String },
}

impl Fault {
    pub(super) fn member(&self) -> &str {
        match self {
            Self::Unreadable { member, .. } | Self::Blank { member } => member,
        }
    }
}

/// What Okta would refuse in the body of a request, member by member.
pub(crate) fn refused(document: &Document, operation: &Operation, body: &Value) -> Vec<Fault> {
    let schema = operation.takes();
    let mut faults = schema.map_or_else(Vec::new, |schema| faults(document, schema, body));
    faults.retain(|fault| {
        let is_optional =
            matches!(fault, Fault::Blank { member } if lenient::is_optional(&operation.id, member));
        !is_optional && !lenient::is_taken(&operation.id, fault.member())
    });
    faults
}

/// All that is wrong with a value, member by member.
pub(super) fn faults(document: &Document, schema: &Schema, value: &Value) -> Vec<Fault> {
    let mut check = Check {
        document,
        faults: Vec::new(),
    };
    check.value("", schema, value, DEEP);
    check.faults
}

struct Check<'d> {
    document: &'d Document,
    faults: Vec<Fault>,
}

impl<'d> Check<'d> {
    fn value(&mut self, member: &str, schema: &'d Schema, value: &Value, depth: usize) {
        let shape = self.document.shape(schema, Some(value));
        if depth == 0 || value.is_null() {
            return;
        }
        if !shape.alternatives.is_empty() {
            return self.alternatives(member, shape.alternatives, value, depth);
        }
        if let Some(wanted) = wanted(shape.kind, value) {
            return self.unreadable(member, format!("The value must be {wanted}"));
        }
        match value {
            Value::Object(object) => self.object(member, &shape, object, depth),
            Value::Array(items) => self.list(member, &shape, items, depth),
            value => self.scalar(member, &shape, value),
        }
    }

    /// Whichever fits best: what is wrong with that one is what is wrong.
    fn alternatives(
        &mut self,
        member: &str,
        alternatives: &'d [Schema],
        value: &Value,
        depth: usize,
    ) {
        let tried = alternatives.iter().map(|schema| {
            let mut check = Self {
                document: self.document,
                faults: Vec::new(),
            };
            check.value(member, schema, value, depth - 1);
            check.faults
        });
        self.faults
            .extend(tried.min_by_key(Vec::len).unwrap_or_default());
    }

    fn object(
        &mut self,
        member: &str,
        shape: &Shape<'d>,
        object: &Map<String, Value>,
        depth: usize,
    ) {
        for name in &shape.required {
            // Links are the server's, whatever the document says of them.
            let needed = !shape.is_of_server(name) && !name.starts_with('_');
            if needed && object.get(*name).is_none_or(Value::is_null) {
                self.faults.push(Fault::Blank {
                    member: inner(member, name),
                });
            }
        }
        self.variant(member, shape, object);
        for (name, value) in object {
            let Some(schema) = shape
                .properties
                .get(name.as_str())
                .copied()
                .or(shape.additional)
            else {
                continue;
            };
            if !shape.is_of_server(name) {
                self.value(&inner(member, name), schema, value, depth - 1);
            }
        }
    }

    /// A discriminator has to name a variant.
    fn variant(&mut self, member: &str, shape: &Shape<'d>, object: &Map<String, Value>) {
        let Some(choice) = shape.choice.filter(|choice| !choice.made) else {
            return;
        };
        let property = &choice.discriminator.property_name;
        let mapping = &choice.discriminator.mapping;
        let listed = self.listed(shape, property);
        if !listed && object.get(property).is_some_and(Value::is_string) && mapping.len() > 1 {
            let all = mapping.keys().map(String::as_str).collect::<Vec<_>>();
            let cause = format!("must be one of {}", all.join(", "));
            self.unreadable(&inner(member, property), cause);
        }
    }

    /// Whether the values of a member are checked by themselves.
    fn listed(&self, shape: &Shape<'d>, property: &str) -> bool {
        let schema = shape.properties.get(property);
        schema.is_some_and(|schema| self.document.shape(schema, None).values.len() > 1)
    }

    fn list(&mut self, member: &str, shape: &Shape<'d>, items: &[Value], depth: usize) {
        let Some(schema) = shape.items else { return };
        for (index, item) in items.iter().enumerate() {
            self.value(&format!("{member}[{index}]"), schema, item, depth - 1);
        }
    }

    fn scalar(&mut self, member: &str, shape: &Shape<'d>, value: &Value) {
        let known = |known: &Value| known == value || is_spelled_like(known, value);
        if shape.values.len() > 1 && !shape.values.iter().any(known) {
            let all: Vec<String> = shape.values.iter().map(plain).collect();
            self.unreadable(member, format!("must be one of {}", all.join(", ")));
        }
    }

    fn unreadable(&mut self, member: &str, cause: String) {
        self.faults.push(Fault::Unreadable {
            member: member.to_owned(),
            cause,
        });
    }
}

/// What the value should have been, if it is something else.
fn wanted(kind: Kind, value: &Value) -> Option<&'static str> {
    let (fits, wanted) = match kind {
        Kind::Any => return None,
        Kind::Text => (value.is_string(), "a string"),
        Kind::Integer => (is_integer(value), "an integer"),
        Kind::Number => (value.is_number(), "a number"),
        Kind::Boolean => (value.is_boolean(), "true or false"),
        Kind::List => (value.is_array(), "a list"),
        Kind::Object => (value.is_object(), "an object"),
    };
    (!fits).then_some(wanted)
}

/// `5.0` is one, too: JSON has one kind of numbers.
fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|it| it.fract() == 0.0)
}

/// Okta takes either letter case.
fn is_spelled_like(known: &Value, value: &Value) -> bool {
    let texts = known.as_str().zip(value.as_str());
    texts.is_some_and(|(known, value)| known.eq_ignore_ascii_case(value))
}

fn inner(member: &str, name: &str) -> String {
    match member {
        "" => name.to_owned(),
        member => format!("{member}.{name}"),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::document::document;

    fn of(operation: &str, body: &Value) -> Vec<String> {
        let mut operations = document().operations().iter();
        let operation = operations.find(|it| it.id == operation).unwrap();
        let faults = refused(document(), operation, body);
        let texts = faults.into_iter().map(|fault| match fault {
            Fault::Unreadable { member, cause } => format!("{member}: {cause}"),
            Fault::Blank { member } => format!("{member} is blank"),
        });
        texts.collect()
    }

    #[test]
    fn each_member_that_is_wrong_has_a_fault() {
        let body = json!({ "type": "IP", "status": "AWAKE", "gateways": {}, "usage": 7 });
        assert_eq!(
            of("createNetworkZone", &body),
            [
                "name is blank",
                "gateways: The value must be a list",
                "status: must be one of ACTIVE, INACTIVE",
                "usage: The value must be a string",
            ]
        );
    }

    #[test]
    fn members_of_members_are_checked_by_the_variant() {
        let body = json!({ "type": "IP", "name": "Office", "gateways": [{ "type": "CIDR" }, 5] });
        assert_eq!(
            of("createNetworkZone", &body),
            ["gateways[1]: The value must be an object"]
        );
        let body = json!({ "type": "MOON", "name": "Office" });
        assert_eq!(of("createNetworkZone", &body).len(), 1);
    }

    #[test]
    fn what_okta_passes_over_is_passed_over() {
        let body = json!({
            "type": "IP", "name": "Office", "colour": "green", "gateways": null,
            "id": 7, "created": false,
        });
        assert_eq!(of("createNetworkZone", &body), [] as [&str; 0]);
    }
}
