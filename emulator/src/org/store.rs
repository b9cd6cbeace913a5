//! What the store holds.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::segments::encoded;
use crate::expression::{Attributes, walk};
use crate::object::Object;
use crate::org::table::{Row, Table};

/// The items of collections and the single objects of an org, by path.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) collections: BTreeMap<String, Table<Item>>,
    pub(crate) singles: BTreeMap<String, Object>,
    /// Collections that have got what they hold from the start.
    pub(crate) started: BTreeSet<String>,
}

/// An item of a collection.
#[derive(Debug)]
pub(crate) struct Item {
    /// The part of the path that names it.
    pub(crate) key: String,
    pub(crate) body: Value,
}

impl Row for Item {
    fn id(&self) -> &str {
        &self.key
    }
}

impl Attributes for Item {
    fn attribute(&self, path: &str) -> Option<Cow<'_, Value>> {
        match self.body.get(path) {
            Some(value) => Some(Cow::Borrowed(value)),
            None => walk(&self.body, path).map(Cow::Owned),
        }
    }
}

impl Store {
    /// The items of a collection, by its path.
    pub(crate) fn bodies(&self, collection: &str) -> impl Iterator<Item = &Value> {
        let table = self.collections.get(collection).into_iter();
        table.flat_map(|table| table.iter().map(|(_, item)| &item.body))
    }

    pub(crate) fn item(&self, collection: &str, key: &str) -> Option<&Item> {
        let table = self.collections.get(collection)?;
        table.get(table.position(key)?)
    }

    pub(crate) fn item_mut(&mut self, collection: &str, key: &str) -> Option<&mut Item> {
        let table = self.collections.get_mut(collection)?;
        table.get_mut(table.position(key)?)
    }

    pub(crate) fn insert(&mut self, collection: &str, item: Item) {
        let table = self.collections.entry(collection.to_owned()).or_default();
        if let Some(before) = table.position(&item.key) {
            table.remove(before);
        }
        table.insert(item);
    }

    /// Removes an item and all that is below it.
    pub(crate) fn remove(&mut self, collection: &str, key: &str) -> bool {
        let table = self.collections.get_mut(collection);
        let removed = table.and_then(|table| table.remove(table.position(key)?));
        if removed.is_some() {
            self.remove_below(&format!("{collection}/{}/", encoded(key)));
        }
        removed.is_some()
    }

    pub(crate) fn remove_below(&mut self, prefix: &str) {
        self.collections.retain(|path, _| !path.starts_with(prefix));
        self.singles.retain(|path, _| !path.starts_with(prefix));
        self.started.retain(|path| !path.starts_with(prefix));
    }
}
