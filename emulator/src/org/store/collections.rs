//! Collections of objects by their paths.

use std::collections::{BTreeMap, BTreeSet};

use super::Item;
use crate::org::table::Table;

/// The collections that have or had items.
#[derive(Debug, Default)]
pub(crate) struct Collections {
    tables: BTreeMap<String, Table<Item>>,
    /// What changed; none while nothing is kept.
    notes: Option<Notes>,
}

/// What changed in the collections.
#[derive(Debug, Default)]
struct Notes {
    /// Paths of collections with positions of items.
    items: BTreeSet<(String, u64)>,
    /// Paths of collections that were removed as a whole, before the items changed.
    removed: BTreeSet<String>,
}

impl Collections {
    pub(crate) fn get(&self, path: &str) -> Option<&Table<Item>> {
        self.tables.get(path)
    }

    pub(super) fn item_mut(&mut self, path: &str, key: &str) -> Option<&mut Item> {
        let table = self.tables.get_mut(path)?;
        let position = table.position(key)?;
        note(&mut self.notes, path, position);
        table.get_mut(position)
    }

    /// Adds an item at the end, in the place of the one with its key.
    pub(super) fn insert(&mut self, path: &str, item: Item) {
        self.remove(path, &item.key);
        let table = self.tables.entry(path.to_owned()).or_default();
        let position = table.insert(item);
        note(&mut self.notes, path, position);
    }

    /// Removes an item; tells whether it was there.
    pub(super) fn remove(&mut self, path: &str, key: &str) -> bool {
        let Some(table) = self.tables.get_mut(path) else {
            return false;
        };
        let Some(position) = table.position(key) else {
            return false;
        };
        note(&mut self.notes, path, position);
        table.remove(position).is_some()
    }

    /// Removes a collection with all its items.
    pub(crate) fn clear(&mut self, path: &str) {
        self.remove_where(|of| of == path);
    }

    /// Removes all collections whose paths start like this.
    pub(super) fn remove_below(&mut self, prefix: &str) {
        self.remove_where(|path| path.starts_with(prefix));
    }

    fn remove_where(&mut self, goes: impl Fn(&str) -> bool) {
        let notes = &mut self.notes;
        self.tables.retain(|path, _| {
            let goes = goes(path);
            if goes && let Some(notes) = notes {
                notes.items.retain(|(of, _)| of != path);
                notes.removed.insert(path.clone());
            }
            !goes
        });
    }
}

fn note(notes: &mut Option<Notes>, path: &str, position: u64) {
    if let Some(notes) = notes {
        notes.items.insert((path.to_owned(), position));
    }
}

#[cfg(feature = "data")]
mod part {
    use super::{Collections, Item, Notes};
    use crate::org::table::Table;
    use crate::tracked::part::{Changes, Damage, Part, position_key};

    /// No item has this position. Its entry is the next position.
    const NEXT: u64 = 0;

    /// What the entries of a collection start with. No path has a zero byte.
    fn prefix(path: &str) -> Vec<u8> {
        [path.as_bytes(), &[0]].concat()
    }

    /// Each collection is a table of its own.
    impl Part for Collections {
        fn watch(&mut self, all: bool) {
            let mut notes = Notes::default();
            for (path, table) in self.tables.iter().filter(|_| all) {
                let items = table.iter();
                notes
                    .items
                    .extend(items.map(|(position, _)| (path.clone(), position)));
                notes.items.insert((path.clone(), NEXT));
            }
            self.notes = Some(notes);
        }

        fn collect(&mut self, changes: &mut Changes) {
            let Some(notes) = &mut self.notes else {
                return;
            };
            let Notes { items, removed } = std::mem::take(notes);
            for path in removed {
                changes.remove_all(prefix(&path));
            }
            for (path, position) in items {
                let Some(table) = self.tables.get(&path) else {
                    continue;
                };
                let key = |position| [prefix(&path), position_key(position).to_vec()].concat();
                changes.put(key(NEXT), &table.next());
                match table.get(position) {
                    _ if position == NEXT => {}
                    Some(item) => changes.put(key(position), item),
                    None => changes.remove(key(position)),
                }
            }
        }

        fn restore(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
            let damage = || Damage::of::<Item>("its key is no path with a position");
            let cut = key.iter().position(|byte| *byte == 0).ok_or_else(damage)?;
            let (path, position) = (&key[..cut], &key[cut + 1..]);
            let path = std::str::from_utf8(path).map_err(|_| damage())?;
            let table: &mut Table<Item> = self.tables.entry(path.to_owned()).or_default();
            table.restore(position, value)
        }
    }
}
