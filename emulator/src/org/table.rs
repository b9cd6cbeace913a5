//! A collection in the order of creation, found by id or by position.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

/// What a [`Table`] holds: anything that knows its own id.
pub(crate) trait Row {
    fn id(&self) -> &str;
}

/// Rows by position. A position is never used again, so it can serve as a cursor: removing a row
/// does not move the others.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: BTreeMap<u64, T>,
    positions: HashMap<String, u64>,
    next: u64,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            positions: HashMap::new(),
            next: 1,
        }
    }
}

impl<T: Row> Table<T> {
    pub(crate) fn insert(&mut self, row: T) -> u64 {
        let position = self.next;
        self.next += 1;
        self.positions.insert(row.id().to_owned(), position);
        self.rows.insert(position, row);
        position
    }

    pub(crate) fn position(&self, id: &str) -> Option<u64> {
        self.positions.get(id).copied()
    }

    pub(crate) fn get(&self, position: u64) -> Option<&T> {
        self.rows.get(&position)
    }

    pub(crate) fn get_mut(&mut self, position: u64) -> Option<&mut T> {
        self.rows.get_mut(&position)
    }

    pub(crate) fn remove(&mut self, position: u64) -> Option<T> {
        let row = self.rows.remove(&position)?;
        self.positions.remove(row.id());
        Some(row)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.rows.iter().map(|(&position, row)| (position, row))
    }

    /// The rows behind `position`, or all of them.
    pub(crate) fn after(&self, position: Option<u64>) -> impl Iterator<Item = (u64, &T)> {
        let start = position.map_or(Bound::Unbounded, Bound::Excluded);
        self.rows
            .range((start, Bound::Unbounded))
            .map(|(&position, row)| (position, row))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (u64, &mut T)> {
        self.rows.iter_mut().map(|(&position, row)| (position, row))
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}
