//! The facts as they are written: the part of OpenAPI 3.0 that the emulator looks at.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The media type that almost all operations speak.
const JSON: &str = "application/json";

/// The whole file.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Facts {
    pub(super) operations: Vec<Operation>,
    pub(super) schemas: Schemas,
}

/// Schemas by name. Few of them are used by one program, so each is read when it is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Schemas(BTreeMap<String, Unread>);

/// A schema that is read when it is asked for.
#[derive(Debug, Deserialize)]
#[serde(from = "Box<RawValue>")]
struct Unread {
    text: Box<RawValue>,
    schema: OnceLock<Schema>,
}

impl From<Box<RawValue>> for Unread {
    fn from(text: Box<RawValue>) -> Self {
        Self {
            text,
            schema: OnceLock::new(),
        }
    }
}

impl Schemas {
    /// The schema of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Schema> {
        let unread = self.0.get(name)?;
        // A test reads them all, so none falls back.
        let read = || serde_json::from_str(unread.text.get()).unwrap_or_default();
        Some(unread.schema.get_or_init(read))
    }

    /// The names of all.
    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Reads all schemas of a text.
    #[cfg(test)]
    pub(super) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// One operation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    /// Okta's name of it, such as `listUsers`.
    pub(crate) id: String,
    /// Where Okta's reference lists it, such as `User`.
    pub(crate) tag: String,
    pub(crate) method: String,
    /// Path template, such as `/api/v1/users/{id}`.
    pub(crate) path: String,
    /// Parameters of the path.
    #[serde(default)]
    pub(crate) in_path: BTreeMap<String, Schema>,
    /// Parameters of the query.
    #[serde(default)]
    pub(crate) query: BTreeMap<String, Schema>,
    /// Names of header fields of the request.
    #[serde(default)]
    pub(crate) headers: Vec<String>,
    pub(crate) body: Option<Body>,
    pub(crate) answer: Answer,
    /// OAuth 2.0 scopes, all of which the call needs.
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    /// Whether everybody may call it.
    #[serde(default)]
    pub(crate) public: bool,
}

/// What a request holds.
#[derive(Debug, Deserialize)]
pub(crate) struct Body {
    pub(crate) required: bool,
    /// Schemas by media type.
    pub(crate) content: BTreeMap<String, Schema>,
}

/// What a successful answer holds.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Schemas by media type; none if there is no body.
    #[serde(default)]
    pub(crate) content: BTreeMap<String, Schema>,
    /// Names of its header fields.
    #[serde(default)]
    pub(crate) headers: Vec<String>,
}

impl Operation {
    /// Whether the document has that header field among its parameters.
    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|it| it.eq_ignore_ascii_case(name))
    }

    /// The schema of the JSON that it takes.
    pub(crate) fn takes(&self) -> Option<&Schema> {
        let content = &self.body.as_ref()?.content;
        content
            .iter()
            .find(|(name, _)| is_json(name))
            .map(|(_, schema)| schema)
    }

    /// The schema of the JSON that it answers.
    pub(crate) fn answers(&self) -> Option<&Schema> {
        self.answer.content.get(JSON)
    }
}

/// Whether a media type is JSON by name or by its suffix (RFC 6839).
pub(crate) fn is_json(media_type: &str) -> bool {
    media_type == JSON || media_type.ends_with("+json")
}

/// What a value may be.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Schema {
    /// Name of the schema that it is.
    #[serde(rename = "$ref")]
    pub(crate) reference: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) pattern: Option<String>,
    #[serde(rename = "enum")]
    pub(crate) values: Vec<Value>,
    pub(crate) properties: BTreeMap<String, Schema>,
    pub(crate) required: Vec<String>,
    pub(crate) items: Option<Box<Schema>>,
    pub(crate) additional_properties: Option<Box<Schema>>,
    pub(crate) all_of: Vec<Schema>,
    pub(crate) one_of: Vec<Schema>,
    pub(crate) discriminator: Option<Discriminator>,
    pub(crate) nullable: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) default: Option<Value>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) min_items: Option<usize>,
}

/// The member whose value says which schema an object has.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Discriminator {
    pub(crate) property_name: String,
    /// Names of schemas by value.
    pub(crate) mapping: BTreeMap<String, String>,
}

#[cfg(test)]
impl Schema {
    /// Visits this schema and all that are written in it.
    pub(super) fn each(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        let lists = self.all_of.iter().chain(&self.one_of);
        let single = self.items.iter().chain(&self.additional_properties);
        let inner = lists.chain(single.map(AsRef::as_ref));
        for schema in inner.chain(self.properties.values()) {
            schema.each(visit);
        }
    }
}
