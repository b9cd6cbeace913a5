//! Every named type: through it and back, and what it looks like in JSON.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::generated::round_trip::models::PASSAGES;
use crate::round_trip::Passage;

/// A named type.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// Its name in Rust.
    pub name: &'static str,
    /// Through it.
    pub passage: Passage,
    /// What it looks like in JSON.
    pub form: &'static Form,
}

/// What a named type looks like in JSON.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// An object.
    Record(Vec<Property>),
    /// A string, with the values that Okta's document names.
    Enum(Vec<String>),
    /// An object whose kind one of its properties tells.
    Union {
        /// JSON name of that property.
        discriminator: String,
        /// Its values, and the type of the kind.
        kinds: Vec<(String, String)>,
        /// Type of every other kind.
        base: String,
    },
}

/// A property of an object.
#[derive(Debug, Clone, Deserialize)]
pub struct Property {
    /// JSON name.
    pub name: String,
    /// Whether null differs from absent.
    #[serde(default)]
    pub nullable: bool,
    /// What it holds.
    pub kind: Kind,
}

/// What a property holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A string.
    Text,
    /// A boolean.
    Bool,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A point in time.
    Timestamp,
    /// Anything.
    Json,
    /// A named type.
    Model(String),
    /// An array.
    List(Box<Kind>),
    /// An object with arbitrary keys.
    Map(Box<Kind>),
    /// One value, or an array of them.
    OneOrMany(Box<Kind>),
    /// A value or null.
    Nullable(Box<Kind>),
}

static FORMS: LazyLock<BTreeMap<String, Form>> = LazyLock::new(|| {
    let table = include_str!("generated/round_trip/models.json");
    // Generated together with the passages: a table that cannot be read has no model, which the
    // tests count.
    serde_json::from_str(table).unwrap_or_default()
});

/// Every named type, sorted by name.
pub fn all() -> impl Iterator<Item = Model> {
    PASSAGES.iter().filter_map(|&(name, passage)| {
        let form = FORMS.get(name)?;
        Some(Model {
            name,
            passage,
            form,
        })
    })
}
