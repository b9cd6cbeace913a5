//! Okta's document as it is written: the part of OpenAPI 3.0 that it uses.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::Error;
use crate::documents::{self, About};

/// An OpenAPI document.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Title and release.
    pub info: Info,
    /// Operations, by path template.
    pub paths: BTreeMap<String, PathItem>,
    /// What operations refer to.
    #[serde(default)]
    pub components: Components,
    /// Which document it is.
    #[serde(skip, default = "management")]
    pub about: &'static About,
}

/// What a document is if nobody says otherwise.
fn management() -> &'static About {
    documents::MANAGEMENT
}

/// Title and release of a document.
#[derive(Debug, Clone, Deserialize)]
pub struct Info {
    /// Release, such as `2026.06.3`.
    pub version: String,
}

/// What operations refer to by name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Components {
    /// Parameters.
    pub parameters: BTreeMap<String, Parameter>,
    /// Request bodies.
    pub request_bodies: BTreeMap<String, RequestBody>,
    /// Responses.
    pub responses: BTreeMap<String, Response>,
    /// Types.
    pub schemas: BTreeMap<String, Schema>,
}

/// Operations of one path.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PathItem {
    /// Parameters of all its operations.
    pub parameters: Vec<Parameter>,
    /// GET
    pub get: Option<Operation>,
    /// PUT
    pub put: Option<Operation>,
    /// POST
    pub post: Option<Operation>,
    /// PATCH
    pub patch: Option<Operation>,
    /// DELETE
    pub delete: Option<Operation>,
}

impl PathItem {
    /// HTTP methods and operations.
    pub fn operations(&self) -> impl Iterator<Item = (&'static str, &Operation)> {
        [
            ("DELETE", &self.delete),
            ("GET", &self.get),
            ("PATCH", &self.patch),
            ("POST", &self.post),
            ("PUT", &self.put),
        ]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
    }

    /// Operations, to be changed in place.
    pub fn operations_mut(&mut self) -> impl Iterator<Item = &mut Operation> {
        [
            &mut self.delete,
            &mut self.get,
            &mut self.patch,
            &mut self.post,
            &mut self.put,
        ]
        .into_iter()
        .flatten()
    }
}

/// One operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Operation {
    /// Okta's name of it.
    pub operation_id: String,
    /// Where it is listed.
    pub tags: Vec<String>,
    /// Parameters beside those of the path.
    pub parameters: Vec<Parameter>,
    /// What it sends.
    pub request_body: Option<RequestBody>,
    /// What it answers, by status.
    pub responses: BTreeMap<String, Response>,
    /// Whether Okta has deprecated it.
    pub deprecated: bool,
    /// Alternatives of credentials: scheme and scopes.
    pub security: Vec<BTreeMap<String, Vec<String>>>,
    /// Where it is in Okta's release cycle.
    #[serde(rename = "x-okta-lifecycle")]
    pub lifecycle: Option<Lifecycle>,
}

/// Release cycle as the document writes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Lifecycle {
    /// Stage.
    pub lifecycle: Option<String>,
    /// Whether classic orgs lack it.
    #[serde(rename = "isGenerallyAvailable")]
    pub generally_available: Option<bool>,
    /// Licences that an org needs.
    #[serde(rename = "SKUs")]
    pub skus: Vec<String>,
}

/// A parameter, or a reference to one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Parameter {
    /// Reference to a component.
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    /// Name on the wire.
    pub name: String,
    /// `path`, `query` or `header`.
    #[serde(rename = "in")]
    pub location: String,
    /// Whether the call needs it.
    pub required: bool,
    /// How a list or an object is written.
    pub style: Option<String>,
    /// Whether each element or member is written by itself.
    pub explode: Option<bool>,
    /// Whether Okta has deprecated it.
    pub deprecated: bool,
    /// Type.
    pub schema: Schema,
    /// Content type, where the value is a text of that type.
    pub content: BTreeMap<String, MediaType>,
}

/// A request body, or a reference to one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RequestBody {
    /// Reference to a component.
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    /// Whether the call needs it.
    pub required: bool,
    /// Schemas by content type.
    pub content: BTreeMap<String, MediaType>,
}

/// A response, or a reference to one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    /// Reference to a component.
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    /// Schemas by content type.
    pub content: BTreeMap<String, MediaType>,
    /// Header fields by name, of which only the name counts.
    pub headers: BTreeMap<String, IgnoredAny>,
}

/// Schema of one content type.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MediaType {
    /// Type.
    pub schema: Schema,
}

/// A type, or a reference to one.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Schema {
    /// Reference to a component.
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    /// JSON type.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Refinement of the type.
    pub format: Option<String>,
    /// Allowed values.
    #[serde(rename = "enum")]
    pub values: Vec<Value>,
    /// Properties of an object.
    pub properties: BTreeMap<String, Schema>,
    /// Properties that have to be there.
    pub required: Vec<String>,
    /// Whether others may be, or of which type.
    pub additional_properties: Option<AdditionalProperties>,
    /// Elements of an array.
    #[serde(deserialize_with = "one_or_any_of")]
    pub items: Option<Box<Schema>>,
    /// First elements of an array, each of its own type.
    pub prefix_items: Vec<Schema>,
    /// All of these at once.
    pub all_of: Vec<Schema>,
    /// Exactly one of these.
    pub one_of: Vec<Schema>,
    /// Any of these.
    pub any_of: Vec<Schema>,
    /// The property that tells kinds apart.
    pub discriminator: Option<Discriminator>,
    /// Whether null is a value.
    pub nullable: bool,
    /// Never sent.
    pub read_only: bool,
    /// Never received.
    pub write_only: bool,
    /// Whether Okta has deprecated it.
    pub deprecated: bool,
    /// Value if absent.
    pub default: Option<Value>,
    /// Smallest number.
    pub minimum: Option<Value>,
    /// Largest number.
    pub maximum: Option<Value>,
    /// Fewest characters.
    pub min_length: Option<u64>,
    /// Most characters.
    pub max_length: Option<u64>,
    /// Fewest elements.
    pub min_items: Option<u64>,
    /// Most elements.
    pub max_items: Option<u64>,
    /// Regular expression.
    pub pattern: Option<String>,
    /// Where it is in Okta's release cycle.
    #[serde(rename = "x-okta-lifecycle")]
    pub lifecycle: Option<Lifecycle>,
    /// Whether orgs add properties of their own.
    #[serde(rename = "x-okta-extensible")]
    pub extensible: bool,
}

/// Whether an object has other properties, or of which type.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum AdditionalProperties {
    /// Whether.
    Allowed(bool),
    /// Of which type.
    Schema(Box<Schema>),
}

/// The property that tells kinds of an object apart.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Discriminator {
    /// JSON name.
    pub property_name: String,
    /// Schema of each value.
    pub mapping: BTreeMap<String, String>,
}

impl PartialEq for Lifecycle {
    fn eq(&self, other: &Self) -> bool {
        self.lifecycle == other.lifecycle && self.skus == other.skus
    }
}

impl Schema {
    /// A reference to a component.
    pub fn to(name: &str) -> Self {
        Self {
            reference: Some(format!("#/components/schemas/{name}")),
            ..Self::default()
        }
    }

    /// Name of the component that it refers to.
    pub fn target(&self) -> Option<&str> {
        self.reference.as_deref().map(name_in)
    }

    /// What a value may be one of, whether exactly or at least.
    pub fn alternatives(&self) -> impl Iterator<Item = &Self> {
        self.one_of.iter().chain(&self.any_of)
    }

    /// Whether a value may be one of several.
    pub fn has_alternatives(&self) -> bool {
        self.alternatives().next().is_some()
    }

    /// Whether a property tells kinds apart that have names.
    pub fn tells_kinds_apart(&self) -> bool {
        let are_named = || self.alternatives().all(|kind| kind.reference.is_some());
        self.discriminator.as_ref().is_some_and(|discriminator| {
            !discriminator.mapping.is_empty() || (self.has_alternatives() && are_named())
        })
    }

    /// Whether it says nothing about the type.
    pub fn is_untyped(&self) -> bool {
        self.reference.is_none()
            && self.kind.is_none()
            && self.values.is_empty()
            && self.properties.is_empty()
            && self.additional_properties.is_none()
            && self.items.is_none()
            && self.prefix_items.is_empty()
            && self.all_of.is_empty()
            && self.one_of.is_empty()
            && self.any_of.is_empty()
    }
}

/// Name of the component that a reference leads to, or a discriminator's value.
///
/// A reference to another file stays whole, since no component of this document is meant, whatever
/// its name.
pub fn name_in(reference: &str) -> &str {
    match reference.strip_prefix("#/") {
        Some(path) => path.rsplit('/').next().unwrap_or(path),
        None => reference,
    }
}

/// One schema, or a list of them for the elements of a tuple, of which each may be any.
fn one_or_any_of<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Box<Schema>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Items {
        Of(Box<Schema>),
        EachOf(Vec<Schema>),
    }
    Ok(match Option::deserialize(value)? {
        None => None,
        Some(Items::Of(schema)) => Some(schema),
        Some(Items::EachOf(schemas)) => Some(Box::new(Schema {
            any_of: schemas,
            ..Schema::default()
        })),
    })
}

/// A path without the names of its parameters: `/users/{id}` is `/users/{}`.
pub fn without_names(path: &str) -> String {
    let parts = path.split('{').enumerate();
    parts
        .map(|(n, part)| match part.split_once('}') {
            Some((_, after)) if n > 0 => format!("{{}}{after}"),
            _ => part.to_owned(),
        })
        .collect()
}

macro_rules! resolve {
    ($name:ident, $components:ident, $ty:ty) => {
        /// What a reference leads to; itself if it is none.
        ///
        /// # Errors
        /// If the document lacks the component.
        pub fn $name<'a>(&'a self, item: &'a $ty) -> Result<&'a $ty, Error> {
            match &item.reference {
                None => Ok(item),
                Some(reference) => self
                    .components
                    .$components
                    .get(name_in(reference))
                    .ok_or_else(|| Error::MissingComponent {
                        reference: reference.clone(),
                    }),
            }
        }
    };
}

impl Document {
    /// Reads the management document.
    ///
    /// # Errors
    /// If it is not YAML, or not of the form that OpenAPI 3.0 asks for.
    pub fn parse(yaml: &str) -> Result<Self, Error> {
        serde_norway::from_str(yaml).map_err(|source| Error::Document { source })
    }

    /// Reads one of Okta's documents.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_of(about: &'static About, yaml: &str) -> Result<Self, Error> {
        let document = Self::parse(yaml)?;
        Ok(Self { about, ..document })
    }

    /// Reads a document that is parsed already.
    ///
    /// # Errors
    /// If it is not of the form that OpenAPI 3.0 asks for.
    pub fn from_value(about: &'static About, value: Value) -> Result<Self, Error> {
        let document: Self = serde_json::from_value(value).map_err(|error| Error::Document {
            source: serde::de::Error::custom(error),
        })?;
        Ok(Self { about, ..document })
    }

    resolve!(parameter, parameters, Parameter);
    resolve!(request_body, request_bodies, RequestBody);
    resolve!(response, responses, Response);

    /// A schema by name.
    ///
    /// # Errors
    /// If the document lacks it.
    pub fn schema(&self, name: &str) -> Result<&Schema, Error> {
        self.components
            .schemas
            .get(name)
            .ok_or_else(|| Error::MissingComponent {
                reference: name.to_owned(),
            })
    }

    /// Operations with their paths and HTTP methods.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &'static str, &PathItem, &Operation)> {
        self.paths.iter().flat_map(|(path, item)| {
            item.operations()
                .map(move |(method, operation)| (path.as_str(), method, item, operation))
        })
    }

    /// An operation by id, to be changed in place.
    pub fn operation_mut(&mut self, id: &str) -> Option<&mut Operation> {
        self.paths
            .values_mut()
            .flat_map(PathItem::operations_mut)
            .find(|operation| operation.operation_id == id)
    }
}
