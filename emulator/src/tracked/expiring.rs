//! Maps whose entries are forgotten once nothing depends on them any more.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::ops::Deref;

use super::TrackedMap;
use crate::clock::Timestamp;

/// How many entries one sweep takes out at most, so that no request waits for all of them.
const MOST: usize = 1000;

/// What is remembered for a time. Whether it still counts is another question, which its readers ask.
pub(crate) trait Expiring {
    /// From when on it is forgotten, in milliseconds since the epoch.
    fn forgotten_from(&self) -> i64;
}

/// A map in the order of its keys. A sweep looks at what is due and at nothing else.
pub(crate) struct ExpiringMap<K, V> {
    entries: TrackedMap<K, V>,
    /// The keys by the moment at which they were due when that was last looked at. Entries are not
    /// due earlier, and may be due later or be gone.
    due: BTreeSet<(i64, K)>,
}

impl<K, V> Default for ExpiringMap<K, V> {
    fn default() -> Self {
        Self {
            entries: TrackedMap::default(),
            due: BTreeSet::new(),
        }
    }
}

/// All that only reads.
impl<K, V> Deref for ExpiringMap<K, V> {
    type Target = TrackedMap<K, V>;

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

impl<K: Ord + Clone, V: Expiring> ExpiringMap<K, V> {
    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.due.insert((value.forgotten_from(), key.clone()));
        self.entries.insert(key, value);
    }

    /// The value, to be changed. What makes it last longer is noticed; what makes it end earlier does
    /// not let it be forgotten earlier.
    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.entries.get_mut(key)
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let own = self.entries.get_key_value(key)?.0.clone();
        let value = self.entries.remove(key)?;
        self.due.remove(&(value.forgotten_from(), own));
        Some(value)
    }

    /// Removes what `stays` refuses.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&K, &V) -> bool) {
        let due = &mut self.due;
        self.entries.retain(|key, value| {
            let stays = stays(key, value);
            if !stays {
                due.remove(&(value.forgotten_from(), key.clone()));
            }
            stays
        });
    }

    /// Forgets what is due, a thousand entries at most, and shows each to `gone`.
    pub(crate) fn sweep(&mut self, now: Timestamp, mut gone: impl FnMut(&K, &V)) {
        let now = now.0.timestamp_millis();
        for _ in 0..MOST {
            if self.due.first().is_none_or(|(due, _)| *due > now) {
                return;
            }
            let Some((_, key)) = self.due.pop_first() else {
                return;
            };
            match self.entries.get(&key).map(V::forgotten_from) {
                Some(later) if later > now => drop(self.due.insert((later, key))),
                Some(_) => {
                    if let Some(value) = self.entries.remove(&key) {
                        gone(&key, &value);
                    }
                }
                None => {}
            }
        }
    }
}

#[cfg(feature = "data")]
mod part {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::{Expiring, ExpiringMap};
    use crate::tracked::part::{Changes, Damage, Part, decoded};

    impl<K, V> Part for ExpiringMap<K, V>
    where
        K: Ord + Clone + Serialize + DeserializeOwned,
        V: Expiring + Serialize + DeserializeOwned,
    {
        fn watch(&mut self, all: bool) {
            self.entries.watch(all);
        }

        fn collect(&mut self, changes: &mut Changes) {
            self.entries.collect(changes);
        }

        fn restore(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
            self.insert(decoded(key)?, decoded(value)?);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use chrono::DateTime;

    use super::*;

    impl Expiring for i64 {
        fn forgotten_from(&self) -> i64 {
            *self
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp(DateTime::from_timestamp_millis(millis).unwrap())
    }

    fn swept(map: &mut ExpiringMap<&'static str, i64>, now: i64) -> Vec<&'static str> {
        let mut gone = Vec::new();
        map.sweep(at(now), |key, _| gone.push(*key));
        gone
    }

    #[test]
    fn what_is_due_goes_and_nothing_else() {
        let mut map = ExpiringMap::default();
        for (key, due) in [("first", 10), ("longer", 10), ("second", 20), ("out", 10)] {
            map.insert(key, due);
        }
        *map.get_mut("longer").unwrap() = 30;
        map.remove("out");
        assert!(swept(&mut map, 9).is_empty());
        assert_eq!(swept(&mut map, 10), ["first"]);
        assert_eq!(swept(&mut map, 29), ["second"]);
        assert_eq!(swept(&mut map, 30), ["longer"]);
        assert!(map.due.is_empty() && map.len() == 0);
    }

    #[test]
    fn an_entry_that_takes_the_place_of_another_stays_as_long_as_it_says() {
        let mut map = ExpiringMap::default();
        map.insert("key", 10);
        map.insert("key", 20);
        assert!(swept(&mut map, 10).is_empty());
        assert_eq!(swept(&mut map, 20), ["key"]);
        assert!(map.due.is_empty());
    }

    #[test]
    fn a_sweep_has_a_bound() {
        let mut map = ExpiringMap::default();
        for key in 0..MOST + 1 {
            map.insert(key, 1);
        }
        map.sweep(at(1), |_, _| ());
        assert_eq!(map.len(), 1);
        map.sweep(at(1), |_, _| ());
        assert_eq!(map.len(), 0);
    }
}
