//! Schemas of profiles: which attributes users, groups and the users of an app have.
//!
//! <https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Schema/>

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::object::Object;
use crate::problem::Problem;

/// The attributes that every user may have.
const OF_USERS: [&str; 31] = [
    "city",
    "costCenter",
    "countryCode",
    "department",
    "displayName",
    "division",
    "email",
    "employeeNumber",
    "firstName",
    "honorificPrefix",
    "honorificSuffix",
    "lastName",
    "locale",
    "login",
    "manager",
    "managerId",
    "middleName",
    "mobilePhone",
    "nickName",
    "organization",
    "postalAddress",
    "preferredLanguage",
    "primaryPhone",
    "profileUrl",
    "secondEmail",
    "state",
    "streetAddress",
    "timezone",
    "title",
    "userType",
    "zipCode",
];

const NEEDED_BY_USERS: [&str; 4] = ["email", "firstName", "lastName", "login"];

const OF_GROUPS: [&str; 2] = ["description", "name"];

const OF_APP_USERS: [&str; 1] = ["userName"];

/// The types that a custom attribute can have.
const TYPES: [&str; 5] = ["array", "boolean", "integer", "number", "string"];

/// The attributes of one kind of profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ProfileSchema {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    /// Attributes that are always there, by name.
    pub(crate) base: Object,
    /// Attributes that the org has added.
    pub(crate) custom: Object,
}

impl ProfileSchema {
    /// The schema of a type of users.
    pub(crate) fn of_users(id: String, name: &str, title: &str, now: Timestamp) -> Self {
        Self::new(id, name, title, base(&OF_USERS, &NEEDED_BY_USERS), now)
    }

    /// The schema of groups.
    pub(crate) fn of_groups(now: Timestamp) -> Self {
        let base = base(&OF_GROUPS, &["name"]);
        Self::new("default".to_owned(), "group", "Okta group", base, now)
    }

    /// The schema of the users of an app.
    pub(crate) fn of_app(app: &str, label: &str, now: Timestamp) -> Self {
        let base = base(&OF_APP_USERS, &["userName"]);
        Self::new(app.to_owned(), label, &format!("{label} User"), base, now)
    }

    pub(crate) fn new(id: String, name: &str, title: &str, base: Object, now: Timestamp) -> Self {
        Self {
            id,
            name: name.to_owned(),
            title: title.to_owned(),
            description: format!("The profile of {title}"),
            created: now,
            last_updated: now,
            base,
            custom: Object::new(),
        }
    }

    /// Names of the attributes of one part that have to have a value.
    pub(crate) fn required(part: &Object) -> Vec<&str> {
        let required = part.iter().filter(|(_, it)| it["required"] == true);
        required.map(|(name, _)| name.as_str()).collect()
    }

    /// Whether profiles can have an attribute.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }

    /// Declares an attribute of the type that a value has, unless there is one of that name.
    pub(crate) fn declare_like(&mut self, name: &str, value: &Value) {
        if self.attribute(name).is_none() {
            let declared = attribute(name, &like(value));
            self.custom.insert(name.to_owned(), declared);
        }
    }

    /// Changes attributes by a request's `definitions`, and gives the names of those that go.
    pub(crate) fn change(&mut self, body: &Object, now: Timestamp) -> Result<Vec<String>, Problem> {
        let definitions = body.get("definitions").cloned().unwrap_or_default();
        let of = |part: &str| definitions[part]["properties"].as_object().cloned();
        let mut changed = self.clone();
        let mut gone = Vec::new();
        for (name, given) in of("custom").unwrap_or_default() {
            match given {
                Value::Null => {
                    changed.custom.remove(&name);
                    gone.push(name);
                }
                given => changed.put(&name, &given)?,
            }
        }
        for (name, given) in of("base").unwrap_or_default() {
            if let Some(attribute) = changed.base.get_mut(&name) {
                merge(attribute, &given);
            }
        }
        for (member, text) in [
            ("title", &mut changed.title),
            ("description", &mut changed.description),
        ] {
            if let Some(given) = body.get(member).and_then(Value::as_str) {
                given.clone_into(text);
            }
        }
        changed.last_updated = now;
        *self = changed;
        Ok(gone)
    }

    pub(crate) fn put(&mut self, name: &str, given: &Value) -> Result<(), Problem> {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) || !name.chars().all(fits) {
            let cause = format!("{name}: must be letters, digits and _, and begin with a letter");
            return Err(Problem::validation(name, [cause]));
        }
        if self.base.contains_key(name) {
            let cause = format!("{name}: is an attribute of the base profile");
            return Err(Problem::validation(name, [cause]));
        }
        let mut attribute = match self.custom.get(name) {
            Some(known) => known.clone(),
            None => attribute(name, given),
        };
        merge(&mut attribute, given);
        if !attribute["type"]
            .as_str()
            .is_some_and(|kind| TYPES.contains(&kind))
        {
            let cause = format!("{name}.type: must be one of {}", TYPES.join(", "));
            return Err(Problem::validation(name, [cause]));
        }
        self.custom.insert(name.to_owned(), attribute);
        Ok(())
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Value> {
        self.base.get(name).or_else(|| self.custom.get(name))
    }

    /// Refuses attributes that the schema does not have, and values that they cannot have.
    pub(crate) fn check(&self, profile: &Object) -> Result<(), Problem> {
        let mut causes = Vec::new();
        let mut subject = None;
        for (name, value) in profile.iter().filter(|(_, value)| !value.is_null()) {
            let cause = match self.attribute(name) {
                None => Some(format!("Property name '{name}' is not defined in profile")),
                Some(attribute) => misfit(attribute, value).map(|cause| format!("{name}: {cause}")),
            };
            if let Some(cause) = cause {
                subject.get_or_insert(name.as_str());
                causes.push(cause);
            }
        }
        for name in Self::required(&self.custom) {
            if profile.get(name).is_none_or(Value::is_null) {
                subject.get_or_insert(name);
                causes.push(format!("{name}: The field cannot be left blank"));
            }
        }
        subject.map_or(Ok(()), |subject| Err(Problem::validation(subject, causes)))
    }
}

/// Attributes that are texts.
fn base(names: &[&str], needed: &[&str]) -> Object {
    let attributes = names.iter().map(|name| {
        let given = json!({ "type": "string", "required": needed.contains(name) });
        ((*name).to_owned(), attribute(name, &given))
    });
    attributes.collect()
}

/// An attribute with what Okta adds to what was given.
fn attribute(name: &str, given: &Value) -> Value {
    let mut attribute = json!({
        "title": name,
        "mutability": "READ_WRITE",
        "scope": "NONE",
        "permissions": [{ "principal": "SELF", "action": "READ_ONLY" }],
        "master": { "type": "PROFILE_MASTER" },
    });
    merge(&mut attribute, given);
    attribute
}

fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().into_iter().flatten() {
        into[name] = value.clone();
    }
}

/// The declaration of an attribute that has such a value.
fn like(value: &Value) -> Value {
    let kind = match value {
        Value::Array(items) => {
            let item = items
                .first()
                .map_or(json!("string"), |item| like(item)["type"].clone());
            return json!({ "type": "array", "items": { "type": item } });
        }
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        _ => "string",
    };
    json!({ "type": kind })
}

/// Why an attribute cannot have a value.
fn misfit(attribute: &Value, value: &Value) -> Option<String> {
    let kind = attribute["type"].as_str().unwrap_or_default();
    if !fits(kind, value) {
        return Some(format!("The value must be of type {kind}"));
    }
    if let (Some(items), Some(kind)) = (value.as_array(), attribute["items"]["type"].as_str())
        && !items.iter().all(|item| fits(kind, item))
    {
        return Some(format!("The elements must be of type {kind}"));
    }
    let allowed = attribute["enum"].as_array();
    if allowed.is_some_and(|allowed| !value.is_array() && !allowed.contains(value)) {
        return Some("The value is not one of the enum".to_owned());
    }
    length(attribute, value.as_str()?)
}

fn fits(kind: &str, value: &Value) -> bool {
    match kind {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => value.is_string(),
    }
}

fn length(attribute: &Value, text: &str) -> Option<String> {
    let length = text.chars().count() as u64;
    let (least, most) = (&attribute["minLength"], &attribute["maxLength"]);
    if least.as_u64().is_some_and(|least| length < least) {
        return Some(format!("The field must have at least {least} characters"));
    }
    let is_long = most.as_u64().is_some_and(|most| length > most);
    is_long.then(|| format!("The field must have at most {most} characters"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::org;

    fn schema(custom: Value) -> Result<ProfileSchema, Problem> {
        let now = org().now;
        let mut schema = ProfileSchema::of_users("osc1".to_owned(), "user", "User", now);
        let body = json!({ "definitions": { "custom": { "properties": custom } } });
        schema.change(body.as_object().unwrap(), now)?;
        Ok(schema)
    }

    fn causes(custom: Value, profile: Value) -> Vec<String> {
        let checked = schema(custom).unwrap().check(profile.as_object().unwrap());
        checked
            .err()
            .map(|problem| problem.causes)
            .unwrap_or_default()
    }

    #[test]
    fn only_what_is_declared_is_taken() {
        let badge = || json!({ "badge": { "type": "integer" } });
        let none: [&str; 0] = [];
        assert_eq!(
            causes(badge(), json!({ "badge": 7, "city": "Paris" })),
            none
        );
        assert_eq!(
            causes(badge(), json!({ "colour": "green" })),
            ["Property name 'colour' is not defined in profile"]
        );
        assert_eq!(
            causes(badge(), json!({ "badge": "seven", "city": 1 })),
            [
                "badge: The value must be of type integer",
                "city: The value must be of type string"
            ]
        );
    }

    #[test]
    fn values_keep_to_what_the_attribute_says() {
        let custom = || {
            json!({
                "size": { "type": "string", "enum": ["S", "M"] },
                "code": { "type": "string", "minLength": 2, "maxLength": 3 },
                "tags": { "type": "array", "items": { "type": "string" } },
                "team": { "type": "string", "required": true },
            })
        };
        let profile = json!({ "size": "XL", "code": "abcd", "tags": [1] });
        assert_eq!(
            causes(custom(), profile),
            [
                "code: The field must have at most 3 characters",
                "size: The value is not one of the enum",
                "tags: The elements must be of type string",
                "team: The field cannot be left blank",
            ]
        );
        let profile = json!({ "size": "S", "code": "abc", "tags": ["a"], "team": "T" });
        assert!(causes(custom(), profile).is_empty());
    }

    #[test]
    fn attributes_have_names_and_types() {
        for custom in [
            json!({ "7up": { "type": "string" } }),
            json!({ "a-b": { "type": "string" } }),
            json!({ "city": { "type": "string" } }),
            json!({ "badge": { "type": "moon" } }),
            json!({ "badge": { "title": "Badge" } }),
        ] {
            assert_eq!(
                schema(custom.clone()).unwrap_err().code,
                "E0000001",
                "{custom}"
            );
        }
    }

    #[test]
    fn null_takes_an_attribute_away() {
        let mut schema = schema(json!({ "badge": { "type": "integer" } })).unwrap();
        let body = json!({ "definitions": { "custom": { "properties": { "badge": null } } } });
        let gone = schema.change(body.as_object().unwrap(), org().now).unwrap();
        assert_eq!(gone, ["badge"]);
        assert!(schema.custom.is_empty());
    }
}
