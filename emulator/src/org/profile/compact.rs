//! Profiles as an org with very many users can hold them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::object::Object;

/// The names of a profile's attributes, in order.
type Names = [Box<str>];

/// The names of attributes that profiles have at present, each list once: most users have the same
/// attributes.
static SHARED: Mutex<Shared> = Mutex::new(Shared {
    by_hash: None,
    most: 0,
});

/// The attributes of a user: one text for all values, and where each of them ends.
#[derive(Clone)]
pub(crate) struct Profile {
    names: Arc<Names>,
    values: Box<str>,
    ends: Box<[End]>,
}

/// Where a value ends.
#[derive(Clone, Copy)]
struct End {
    at: u32,
    /// Whether the value is a text as it is, or JSON.
    is_text: bool,
}

impl Profile {
    /// The attribute's value.
    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        Some(self.value(self.index(name)?))
    }

    /// The attribute's text; empty if it has none.
    pub(crate) fn text(&self, name: &str) -> &str {
        let index = self.index(name);
        index
            .and_then(|index| self.text_at(index))
            .unwrap_or_default()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    /// The whole profile.
    pub(crate) fn object(&self) -> Object {
        let indices = 0..self.names.len();
        indices
            .map(|index| (self.names[index].to_string(), self.value(index)))
            .collect()
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.names
            .binary_search_by(|known| known.as_ref().cmp(name))
            .ok()
    }

    fn value(&self, index: usize) -> Value {
        match self.text_at(index) {
            Some(text) => Value::from(text),
            // What was written as JSON can be read.
            None => serde_json::from_str(self.raw(index)).unwrap_or_default(),
        }
    }

    fn text_at(&self, index: usize) -> Option<&str> {
        let is_text = self.ends.get(index)?.is_text;
        is_text.then(|| self.raw(index))
    }

    fn raw(&self, index: usize) -> &str {
        let end = |index: usize| self.ends.get(index).map_or(0, |end| end.at as usize);
        let start = index.checked_sub(1).map_or(0, end);
        self.values.get(start..end(index)).unwrap_or_default()
    }
}

impl From<Object> for Profile {
    fn from(object: Object) -> Self {
        let mut entries: Vec<(String, Value)> = object.into_iter().collect();
        entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        let mut values = String::new();
        let mut ends = Vec::with_capacity(entries.len());
        for (_, value) in &entries {
            match value {
                Value::String(text) => values.push_str(text),
                value => values.push_str(&value.to_string()),
            }
            ends.push(End {
                // Requests have 10 MiB at most.
                at: u32::try_from(values.len()).unwrap_or(u32::MAX),
                is_text: value.is_string(),
            });
        }
        let names = entries.into_iter().map(|(name, _)| name.into());
        Self {
            names: shared(names.collect()),
            values: values.into(),
            ends: ends.into(),
        }
    }
}

impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.names.len()))?;
        for (index, name) in self.names.iter().enumerate() {
            match self.text_at(index) {
                Some(text) => map.serialize_entry(name, text)?,
                None => map.serialize_entry(name, &self.value(index))?,
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Object::deserialize(deserializer).map(Self::from)
    }
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.object().fmt(f)
    }
}

/// Lists of names by their hashes. Two with the same hash take turns.
struct Shared {
    by_hash: Option<HashMap<u64, Weak<Names>>>,
    /// How many there were after the last time when those without users were dropped.
    most: usize,
}

fn shared(names: Box<Names>) -> Arc<Names> {
    let mut hasher = DefaultHasher::new();
    names.hash(&mut hasher);
    let hash = hasher.finish();
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let Shared { by_hash, most } = &mut *shared;
    let by_hash = by_hash.get_or_insert_default();
    let known = by_hash.get(&hash).and_then(Weak::upgrade);
    if let Some(known) = known.filter(|known| **known == *names) {
        return known;
    }
    if by_hash.len() > *most * 2 + 1_000 {
        by_hash.retain(|_, names| names.strong_count() > 0);
        *most = by_hash.len();
    }
    let names = Arc::from(names);
    by_hash.insert(hash, Arc::downgrade(&names));
    names
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            ".{0,8}".prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null),
            prop::collection::vec(".{0,3}", 0..3).prop_map(Value::from),
            Just(json!({ "a": ["\n", 1.5, null] })),
        ]
    }

    proptest! {
        #[test]
        fn a_profile_holds_what_it_was_made_of(
            entries in prop::collection::btree_map("[a-zA-Zé.]{0,6}", value(), 0..8),
            other in "[a-zA-Zé.]{0,6}",
        ) {
            let object: Object = entries.into_iter().collect();
            let profile = Profile::from(object.clone());
            prop_assert_eq!(&profile.object(), &object);
            prop_assert_eq!(serde_json::to_value(&profile).unwrap(), Value::Object(object.clone()));
            for name in object.keys().chain([&other]) {
                prop_assert_eq!(profile.get(name), object.get(name).cloned());
                prop_assert_eq!(profile.has(name), object.contains_key(name));
                let text = object.get(name).and_then(Value::as_str).unwrap_or_default();
                prop_assert_eq!(profile.text(name), text);
            }
        }
    }

    #[test]
    fn profiles_with_the_same_attributes_share_their_names() {
        let profile = |login: &str| {
            let names = ["login", "only of this test"].map(str::to_owned);
            Profile::from(Object::from_iter(names.map(|name| (name, json!(login)))))
        };
        let (one, other) = (profile("a"), profile("b"));
        assert!(Arc::ptr_eq(&one.names, &other.names));
    }
}
