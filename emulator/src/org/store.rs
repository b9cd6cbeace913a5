//! What the store holds.

use serde::{Deserialize, Serialize};
mod collections;

use std::borrow::Cow;

use serde_json::Value;

use crate::document::segments::encoded;
use crate::expression::{Attributes, walk};
use crate::object::Object;
use crate::org::table::Row;
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use crate::tracked::{TrackedMap, TrackedSet};
pub(crate) use collections::Collections;

/// The items of collections and the single objects of an org, by path.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) collections: Collections,
    pub(crate) singles: TrackedMap<String, Object>,
    /// Collections that have got what they hold from the start.
    pub(crate) started: TrackedSet<String>,
}

/// An item of a collection.
#[derive(Debug, Serialize, Deserialize)]
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
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self {
            collections,
            singles,
            started,
        } = self;
        visit("collections", collections);
        visit("single objects", singles);
        visit("started collections", started);
    }

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
        self.collections.item_mut(collection, key)
    }

    pub(crate) fn insert(&mut self, collection: &str, item: Item) {
        self.collections.insert(collection, item);
    }

    /// Removes an item and all that is below it.
    pub(crate) fn remove(&mut self, collection: &str, key: &str) -> bool {
        let removed = self.collections.remove(collection, key);
        if removed {
            self.remove_below(&format!("{collection}/{}/", encoded(key)));
        }
        removed
    }

    pub(crate) fn remove_below(&mut self, prefix: &str) {
        self.collections.remove_below(prefix);
        self.singles.retain(|path, _| !path.starts_with(prefix));
        self.started.retain(|path| !path.starts_with(prefix));
    }
}
