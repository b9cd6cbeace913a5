//! Maps and sets that note which of their entries changed.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::fmt;
use std::ops::RangeBounds;

/// A map in the order of its keys.
#[derive(Clone)]
pub(crate) struct TrackedMap<K, V> {
    entries: BTreeMap<K, V>,
    /// Keys that were inserted, lent to be changed or removed; none while nothing is kept.
    notes: Option<BTreeSet<K>>,
}

impl<K, V> Default for TrackedMap<K, V> {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
            notes: None,
        }
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for TrackedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries.fmt(f)
    }
}

impl<K: Ord + Clone, V> TrackedMap<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entries.get(key)
    }

    pub(crate) fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.entries.get_key_value(key)
    }

    pub(crate) fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.entries.contains_key(key)
    }

    /// The value, to be changed.
    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        if let Some(notes) = &mut self.notes
            && let Some((key, _)) = self.entries.get_key_value(key)
        {
            notes.insert(key.clone());
        }
        self.entries.get_mut(key)
    }

    /// The value, to be changed, or a new one.
    pub(crate) fn get_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        self.note(&key);
        self.entries.entry(key).or_insert_with(value)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.note(&key);
        self.entries.insert(key, value)
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (key, value) = self.entries.remove_entry(key)?;
        self.note(&key);
        Some(value)
    }

    /// Takes out the entry with the lowest key.
    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        let (key, value) = self.entries.pop_first()?;
        self.note(&key);
        Some((key, value))
    }

    pub(crate) fn clear(&mut self) {
        self.retain(|_, _| false);
    }

    /// Removes what `stays` refuses.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&K, &V) -> bool) {
        let notes = &mut self.notes;
        self.entries.retain(|key, value| {
            let stays = stays(key, value);
            if !stays && let Some(notes) = notes {
                notes.insert(key.clone());
            }
            stays
        });
    }

    pub(crate) fn iter(&self) -> btree_map::Iter<'_, K, V> {
        self.entries.iter()
    }

    pub(crate) fn keys(&self) -> btree_map::Keys<'_, K, V> {
        self.entries.keys()
    }

    pub(crate) fn values(&self) -> btree_map::Values<'_, K, V> {
        self.entries.values()
    }

    pub(crate) fn range<Q: Ord + ?Sized>(
        &self,
        range: impl RangeBounds<Q>,
    ) -> btree_map::Range<'_, K, V>
    where
        K: Borrow<Q>,
    {
        self.entries.range(range)
    }

    fn note(&mut self, key: &K) {
        if let Some(notes) = &mut self.notes {
            notes.insert(key.clone());
        }
    }
}

impl<'m, K, V> IntoIterator for &'m TrackedMap<K, V> {
    type Item = (&'m K, &'m V);
    type IntoIter = btree_map::Iter<'m, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

/// A set in order.
#[derive(Clone)]
pub(crate) struct TrackedSet<K>(TrackedMap<K, ()>);

impl<K> Default for TrackedSet<K> {
    fn default() -> Self {
        Self(TrackedMap::default())
    }
}

impl<K: fmt::Debug> fmt::Debug for TrackedSet<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.entries.keys()).finish()
    }
}

impl<K: Ord + Clone> TrackedSet<K> {
    /// Adds a key; tells whether it is new.
    pub(crate) fn insert(&mut self, key: K) -> bool {
        !self.0.contains_key(&key) && self.0.insert(key, ()).is_none()
    }

    /// Takes a key out; tells whether it was there.
    pub(crate) fn remove(&mut self, key: &K) -> bool {
        self.0.remove(key).is_some()
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&K) -> bool) {
        self.0.retain(|key, ()| stays(key));
    }

    pub(crate) fn iter(&self) -> btree_map::Keys<'_, K, ()> {
        self.0.keys()
    }

    pub(crate) fn range(&self, range: impl RangeBounds<K>) -> impl Iterator<Item = &K> {
        self.0.range(range).map(|(key, ())| key)
    }
}

#[cfg(feature = "data")]
mod parts {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::{TrackedMap, TrackedSet};
    use crate::tracked::part::{Changes, Damage, Part, decoded, encoded};

    impl<K, V> Part for TrackedMap<K, V>
    where
        K: Ord + Clone + Serialize + DeserializeOwned,
        V: Serialize + DeserializeOwned,
    {
        fn watch(&mut self, all: bool) {
            let keys = self.entries.keys().filter(|_| all);
            self.notes = Some(keys.cloned().collect());
        }

        fn collect(&mut self, changes: &mut Changes) {
            let Some(notes) = self.notes.as_mut().filter(|notes| !notes.is_empty()) else {
                return;
            };
            for key in std::mem::take(notes) {
                let bytes = encoded(&key);
                match self.entries.get(&key) {
                    Some(value) => changes.put(bytes, value),
                    None => changes.remove(bytes),
                }
            }
        }

        fn restore(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
            self.entries.insert(decoded(key)?, decoded(value)?);
            Ok(())
        }
    }

    impl<K: Ord + Clone + Serialize + DeserializeOwned> Part for TrackedSet<K> {
        fn watch(&mut self, all: bool) {
            self.0.watch(all);
        }

        fn collect(&mut self, changes: &mut Changes) {
            self.0.collect(changes);
        }

        fn restore(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
            self.0.restore(key, value)
        }
    }
}
