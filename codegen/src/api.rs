//! What the generator knows about Okta's API once the document has been repaired and
//! its names settled: the only input of the emitters.
//!
//! Everything here is a fact in Rust's vocabulary: type references instead of schemas,
//! handles and methods instead of tags and operation ids.

mod facts;
mod operation;

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;
use crate::documents::About;
pub use facts::{Fact, Limits};
pub use operation::{Body, Operation, Param, Success};

/// The whole API.
#[derive(Debug, Clone)]
pub struct Api {
    /// Okta's documents, and the release of each, such as `2026.06.3`.
    pub documents: Vec<(&'static About, String)>,
    /// Cargo features, by name (`users`, `admin-roles`…), with the handles of each.
    pub features: BTreeMap<String, BTreeSet<String>>,
    /// Every operation, ordered by feature, handle and method.
    pub operations: Vec<Operation>,
    /// Every named type, by its Rust name.
    pub types: BTreeMap<String, Type>,
    /// What handles are for, in our own words.
    pub words: BTreeMap<String, String>,
    /// Statements that show how to use a handle, by its name.
    pub examples: BTreeMap<String, String>,
    /// Documents and schemas that neither an operation nor a root reaches, and that have no type.
    pub dropped: BTreeSet<(&'static str, String)>,
}

impl Api {
    /// The API of two documents, in which nothing has the name of something else.
    ///
    /// # Errors
    /// If something has.
    pub fn join(mut self, other: Self) -> Result<Self, Error> {
        let taken = |what: &str, name: &str| {
            let detail = format!("{what} of that name is in two documents: rename one");
            Error::unsupported(name, detail)
        };
        for (feature, handles) in other.features {
            if self.features.insert(feature.clone(), handles).is_some() {
                return Err(taken("a feature", &feature));
            }
        }
        let mut handles = BTreeSet::new();
        for handle in self.features.values().flatten() {
            if !handles.insert(handle) {
                return Err(taken("a handle", handle));
            }
        }
        for (name, ty) in other.types {
            if self.types.insert(name.clone(), ty).is_some() {
                return Err(taken("a type", &name));
            }
        }
        let calls: BTreeSet<&str> = self.operations.iter().map(|it| it.call.as_str()).collect();
        for operation in &other.operations {
            if calls.contains(operation.call.as_str()) {
                return Err(taken("a call", &operation.call));
            }
        }
        self.operations.extend(other.operations);
        self.operations.sort_by(|a, b| {
            (&a.feature, &a.handle, &a.method).cmp(&(&b.feature, &b.handle, &b.method))
        });
        self.documents.extend(other.documents);
        self.dropped.extend(other.dropped);
        Ok(self)
    }

    /// The release of a document; empty if it is none of them.
    pub fn release_of(&self, about: &About) -> &str {
        let mut documents = self.documents.iter();
        let found = documents.find(|(document, _)| *document == about);
        found.map_or("", |(_, release)| release)
    }

    /// The values of a type, if it is an enum.
    pub fn values_of(&self, ty: &TypeRef) -> Option<&[EnumValue]> {
        let TypeRef::Named(name) = ty else {
            return None;
        };
        match &self.types.get(name)?.kind {
            TypeKind::Enum(values) => Some(values),
            TypeKind::Record(_) | TypeKind::Union(_) => None,
        }
    }
}

/// Reference to a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeRef {
    /// `String`
    String,
    /// A string that identifies something in Okta: `Id`
    Id,
    /// A string that must not show in logs: `Secret`
    Secret,
    /// `bool`
    Bool,
    /// `i64`
    Integer,
    /// `Number`: a JSON number that keeps how it was written
    Number,
    /// `Timestamp`
    Timestamp,
    /// `serde_json::Value`
    Json,
    /// JSON that must not show in logs: `SecretJson`
    SecretJson,
    /// A type of [`Api::types`]
    Named(String),
    /// `Vec<T>`
    List(Box<TypeRef>),
    /// `BTreeMap<String, T>`
    Map(Box<TypeRef>),
    /// `OneOrMany<T>`: one value, or an array of them
    OneOrMany(Box<TypeRef>),
    /// `Nullable<T>`: a value of a map that may be null
    Nullable(Box<TypeRef>),
}

impl TypeRef {
    /// Adds the named types that it is made of.
    pub fn names(&self, names: &mut BTreeSet<String>) {
        match self {
            Self::Named(name) => {
                names.insert(name.clone());
            }
            Self::List(inner)
            | Self::Map(inner)
            | Self::OneOrMany(inner)
            | Self::Nullable(inner) => inner.names(names),
            Self::String
            | Self::Id
            | Self::Secret
            | Self::Bool
            | Self::Integer
            | Self::Number
            | Self::Timestamp
            | Self::Json
            | Self::SecretJson => {}
        }
    }
}

/// Facts for documentation.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What limits, formats and defaults say, such as `At most 100 characters.`
    pub lines: Vec<Fact>,
    /// Whether Okta has deprecated it.
    pub deprecated: bool,
    /// What it means, in our own words.
    pub words: Option<String>,
    /// Okta's own words, where the documentation is to have them.
    pub prose: Option<String>,
}

impl Facts {
    /// All lines, one after the other.
    pub fn sentences(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(Fact::to_string).collect();
        lines.join(" ")
    }
}

/// Okta's release cycle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// `GA`, `EA`, `BETA`, `LIMITED_GA` or `DEPRECATED`, where the document says.
    pub stage: Option<String>,
    /// Whether it needs Okta Identity Engine.
    pub identity_engine_only: bool,
    /// SKUs that an org needs.
    pub skus: Vec<String>,
}

/// A named type.
#[derive(Debug, Clone)]
pub struct Type {
    /// Rust name.
    pub name: String,
    /// Name of the schema in Okta's document, where it has one of its own.
    pub schema: Option<String>,
    /// Where the document defines it, if not under a name of its own, such as
    /// `` `type` of `User` ``.
    pub place: Option<String>,
    /// Every place of the document that is of this type, such as `User` or `User.type`: the keys
    /// of `types` in `names.yaml`.
    pub places: BTreeSet<String>,
    /// Cargo features whose operations or roots reach it, at least one; it is compiled if any of
    /// them is on.
    pub features: BTreeSet<String>,
    /// Whether Okta has deprecated it.
    pub deprecated: bool,
    /// Lifecycle, where the document says.
    pub lifecycle: Lifecycle,
    /// Okta's own words, where the documentation is to have them.
    pub prose: Option<String>,
    /// What it is.
    pub kind: TypeKind,
}

impl Type {
    /// Whether reviewed lists mean this type by a name: a schema's, a place's or its own.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.places.contains(name)
    }

    /// The named types of its members or kinds.
    pub fn references(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        match &self.kind {
            TypeKind::Enum(_) => {}
            TypeKind::Record(record) => {
                record
                    .fields
                    .iter()
                    .for_each(|field| field.ty.names(&mut names));
            }
            TypeKind::Union(union) => {
                names.insert(union.base.clone());
                names.extend(union.variants.iter().map(|variant| variant.ty.clone()));
            }
        }
        names
    }
}

/// Kind of a named type.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// An object.
    Record(Record),
    /// A string enum.
    Enum(Vec<EnumValue>),
    /// An object that comes in kinds.
    Union(Union),
}

impl TypeKind {
    /// The fields of an object, or those that all kinds of one share.
    pub fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        match self {
            Self::Record(record) => record.fields.iter_mut(),
            Self::Union(union) => union.base_fields.iter_mut(),
            Self::Enum(_) => [].iter_mut(),
        }
    }

    /// The object, if it is one without kinds.
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Record(record) => Some(record),
            Self::Enum(_) | Self::Union(_) => None,
        }
    }
}

/// An object.
#[derive(Debug, Clone)]
pub struct Record {
    /// Properties, sorted by JSON name.
    pub fields: Vec<Field>,
    /// Set by every constructor: discriminator values (member, value).
    pub fixed: Vec<(String, String)>,
    /// Set by every constructor, as there was one value only when they were named: member, value.
    pub defaults: Vec<(String, String)>,
    /// Members that the constructor takes, in its order.
    pub arguments: Vec<String>,
    /// Whether callers may add properties of their own (profiles).
    pub custom_properties: bool,
}

/// A property of an object.
#[derive(Debug, Clone)]
pub struct Field {
    /// JSON name.
    pub name: String,
    /// Rust identifier; never a keyword.
    pub ident: String,
    /// Type of the value.
    pub ty: TypeRef,
    /// Whether the value is boxed to break a cycle of types.
    pub boxed: bool,
    /// Whether null differs from absent.
    pub nullable: bool,
    /// Needed on write.
    pub required: bool,
    /// Okta's document says that only the server writes it, which is not always so.
    pub read_only: bool,
    /// Left out of requests, as sending it is refused or does harm.
    pub server_owned: bool,
    /// Whether a request may hold its type.
    pub requested: bool,
    /// Never received.
    pub write_only: bool,
    /// Limits and other facts for the documentation.
    pub facts: Facts,
}

impl Field {
    /// Whether callers have a setter for it. What Okta's document calls read-only has one where a
    /// request may hold it: Okta needs some of those.
    pub fn is_settable(&self) -> bool {
        !self.server_owned && (self.requested || !self.read_only)
    }
}

/// A value of a string enum.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// On the wire.
    pub value: String,
    /// Rust variant.
    pub variant: String,
}

impl EnumValue {
    /// Adds a value to others, unless it is there.
    pub fn add(values: &mut Vec<Self>, value: &str) {
        if !values.iter().any(|known| known.value == value) {
            values.push(Self {
                value: value.to_owned(),
                variant: String::new(),
            });
        }
    }
}

/// An object that comes in kinds, told apart by one property.
#[derive(Debug, Clone)]
pub struct Union {
    /// JSON property that tells the kinds apart; empty where JSON types do.
    pub discriminator: String,
    /// Kinds, sorted by variant.
    pub variants: Vec<Variant>,
    /// Rust name of the record that holds any other kind.
    pub base: String,
    /// Fields of the base, for accessors on the union.
    pub base_fields: Vec<Field>,
}

/// One kind of a union.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Rust variant.
    pub variant: String,
    /// Values of the discriminator that choose it.
    pub values: Vec<String>,
    /// Rust name of its record.
    pub ty: String,
}
