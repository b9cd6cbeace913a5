//! The traits that models implement: where JSON values go, and where they come from.

use serde_json::Value;

use super::Extra;

/// Result of putting a value into a place.
pub type Fit = Result<(), Mismatch>;

/// The value is of another JSON type than the place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    /// What the place holds, such as `a string`.
    pub expected: &'static str,
}

/// What becomes of a value that does not fit its member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// It is kept as it came, and the member is absent.
    #[default]
    Lenient,
    /// It is an error.
    Strict,
}

/// A JSON value that is neither object nor array.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// No value: what the place holds is taken back
    Absent,
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number
    Integer(i64),
    /// A whole number above `i64::MAX`
    Unsigned(u64),
    /// Any other number
    Float(f64),
    /// A string
    Text(&'a str),
}

impl Scalar<'_> {
    /// Its JSON type, as errors call it.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Absent => "nothing",
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Unsigned(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
        }
    }
}

impl From<Scalar<'_>> for Value {
    fn from(scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Absent | Scalar::Null => Self::Null,
            Scalar::Bool(value) => value.into(),
            Scalar::Integer(value) => value.into(),
            Scalar::Unsigned(value) => value.into(),
            Scalar::Float(value) => value.into(),
            Scalar::Text(value) => value.into(),
        }
    }
}

/// Which kind of container is about to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// `{`
    Object,
    /// `[`
    Array,
}

/// Where the members of a container go.
#[allow(missing_debug_implementations)] // holds trait objects without `Debug`
pub enum Opened<'a> {
    /// Properties of a model
    Record(&'a mut dyn Record),
    /// Properties of a model whose kind one of them tells
    Union(&'a mut dyn Union),
    /// Elements
    List(&'a mut dyn List),
    /// Entries with arbitrary keys
    Dictionary(&'a mut dyn Dictionary),
    /// Anything, kept as it comes
    Json(&'a mut Value),
    /// The place does not hold such a container
    Refused(Mismatch),
}

/// What a place holds.
#[allow(missing_debug_implementations)] // holds trait objects without `Debug`
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// Nothing: the property is left out
    Absent,
    /// Nothing, although it was given to be sent
    Missing,
    /// `null`
    Null,
    /// A boolean
    Bool(bool),
    /// A whole number
    Integer(i64),
    /// A number as it was written
    Number(&'a serde_json::Number),
    /// A string
    Text(&'a str),
    /// A string that is sent but never shown
    Secret(&'a str),
    /// A model
    Record(&'a dyn Record),
    /// Elements
    List(&'a dyn List),
    /// Entries with arbitrary keys
    Dictionary(&'a dyn Dictionary),
    /// Anything
    Json(&'a Value),
    /// Anything, sent but never shown
    SecretJson(&'a Value),
}

/// Somewhere a JSON value can be kept.
pub trait Place {
    /// Takes a scalar.
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit;

    /// Gets ready for the members of an object or array.
    fn open(&mut self, opening: Opening) -> Opened<'_>;

    /// Shows what is kept.
    fn view(&self) -> View<'_>;
}

/// A place that can be made empty, to be decoded into.
pub trait Slot: Place + Sized {
    /// The value before anything was decoded into it.
    fn vacant() -> Self;
}

/// One JSON property of a model.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// JSON name.
    pub name: &'static str,
    /// Whether requests leave it out, as Okta refuses it or it does harm.
    pub server_owned: bool,
}

impl Property {
    /// A property that is sent if it has a value.
    pub const fn sent(name: &'static str) -> Self {
        Self {
            name,
            server_owned: false,
        }
    }

    /// A property that requests leave out.
    #[allow(dead_code)] // unused while `openapi/server_owned.yaml` is empty
    pub const fn server_owned(name: &'static str) -> Self {
        Self {
            name,
            server_owned: true,
        }
    }
}

/// What a model looks like in JSON.
#[derive(Debug)]
pub struct Shape {
    /// Name of the Rust type.
    pub name: &'static str,
    /// Its properties, sorted by JSON name.
    pub properties: &'static [Property],
}

impl Shape {
    /// Index of a property.
    pub(super) fn index_of(&self, key: &str) -> Option<usize> {
        self.properties
            .binary_search_by(|property| property.name.cmp(key))
            .ok()
    }
}

/// A JSON object with known properties, and room for the others.
pub trait Record {
    /// What it looks like in JSON.
    fn shape(&self) -> &'static Shape;

    /// Where the property of that index goes; `None` past the end.
    fn slot(&mut self, index: usize) -> Option<&mut dyn Place>;

    /// What the property of that index holds; `None` past the end.
    fn get(&self, index: usize) -> Option<&dyn Place>;

    /// Properties that the shape does not know.
    fn extra(&self) -> &Extra;

    /// Properties that the shape does not know.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// A JSON object whose kind one of its properties tells.
pub trait Union {
    /// JSON name of that property.
    fn discriminator(&self) -> &'static str;

    /// Becomes the kind that `tag` names, or the fallback, and gives its record.
    fn choose(&mut self, tag: Option<&str>) -> &mut dyn Record;
}

/// A JSON array.
pub trait List {
    /// Makes room for one more element.
    fn push(&mut self) -> &mut dyn Place;

    /// Element of that index.
    fn element(&self, index: usize) -> Option<&dyn Place>;
}

/// A JSON object with arbitrary keys.
pub trait Dictionary {
    /// Where the value of that key goes; an earlier one gives way.
    fn entry(&mut self, key: &str) -> &mut dyn Place;

    /// Calls `visit` for each entry, in order of keys, until it returns false.
    fn each(&self, visit: &mut dyn FnMut(&str, &dyn Place) -> bool);

    /// Number of entries.
    fn size(&self) -> usize;
}
