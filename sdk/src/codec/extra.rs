//! Properties that a model does not know.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Properties that a model does not know: kept as they came, written back as they are.
///
/// Okta sends more than its document says, and orgs add attributes of their own to profiles.
/// Both are here, under their JSON names.
#[derive(Clone, Default, PartialEq)]
pub struct Extra {
    // Most objects have none: a pointer's worth each.
    properties: Option<Box<Map<String, Value>>>,
}

impl Extra {
    /// Nothing.
    pub const fn new() -> Self {
        Self { properties: None }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.properties.as_ref().map_or(0, |map| map.len())
    }

    /// Value of a property, as it came.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.properties.as_ref()?.get(name)
    }

    /// Value of a property as a type of yours; `None` if it is absent.
    ///
    /// # Errors
    /// If the value is not of that type.
    pub fn get_as<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, serde_json::Error> {
        self.get(name).map(T::deserialize).transpose()
    }

    /// All of them as a type of yours, such as a struct of an org's custom attributes.
    ///
    /// # Errors
    /// If they do not fit that type.
    pub fn view_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        let object = self.properties.as_deref().cloned().unwrap_or_default();
        T::deserialize(Value::Object(object))
    }

    /// Sets a property; a null is sent as null. Returns the value it had.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.properties
            .get_or_insert_default()
            .insert(name.into(), value.into())
    }

    /// Removes a property. Returns the value it had.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.properties.as_mut()?.remove(name)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.properties.iter().flat_map(|map| map.iter())
    }
}

/// Shows the names alone: what a property unknown to us holds may be a secret.
impl fmt::Debug for Extra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Extra {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut extra = Self::new();
        for (name, value) in entries {
            extra.insert(name, value);
        }
        extra
    }
}
