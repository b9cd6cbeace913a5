//! A collection in the order of creation, found by id, by position, or by an indexed attribute.

mod index;
#[cfg(feature = "data")]
mod part;
mod sorted;
mod whole;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use serde_json::Value;

use index::Index;
pub(crate) use index::{Order, Postings, Wanted};
use sorted::SortedLists;

#[cfg(feature = "data")]
use crate::tracked::part::Part;

/// What a [`Table`] holds: anything that knows its own id.
pub(crate) trait Row {
    /// The attributes by which the table is asked often, and how their values are ordered.
    const INDEXED: &'static [(&'static str, Order)] = &[];

    /// Whether the attribute `id` is what [`Row::id`] says.
    const HAS_ID: bool = false;

    fn id(&self) -> &str;

    /// The value of an attribute that [`Row::INDEXED`] names.
    fn indexed(&self, _path: &str) -> Option<Cow<'_, Value>> {
        None
    }

    /// Visits what is not written with the row but entry by entry, since it can be much. Each has a
    /// number of its own.
    #[cfg(feature = "data")]
    fn inner(&mut self, _visit: &mut InnerVisitor<'_>) {}
}

/// See [`Row::inner`].
#[cfg(feature = "data")]
pub(crate) type InnerVisitor<'v> = dyn FnMut(u8, &mut dyn Part) + 'v;

/// Rows by position. A position is never used again, so it can serve as a cursor: removing a row
/// does not move the others.
///
/// The indexes follow the rows. A row that was lent to be changed has no entries until the table is
/// changed the next time, which is when they are written again; until then it is a candidate of
/// every question.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: BTreeMap<u64, T>,
    positions: HashMap<Box<str>, u64>,
    next: u64,
    indexes: Vec<(&'static str, Index)>,
    /// The row that was lent and has no entries in the indexes.
    lent: Option<u64>,
    /// The orders of sorted lists of which pages are being read.
    sorted: RefCell<SortedLists>,
    /// Positions of rows that were inserted, lent or removed; none while nothing is kept.
    notes: Option<Notes>,
}

/// What changed in a table.
#[derive(Debug, Default)]
struct Notes {
    changed: BTreeSet<u64>,
    /// Those of them that are new.
    inserted: BTreeSet<u64>,
    /// Whether the next position is another one.
    next: bool,
}

impl<T: Row> Default for Table<T> {
    fn default() -> Self {
        let indexes = T::INDEXED.iter();
        Self {
            rows: BTreeMap::new(),
            positions: HashMap::new(),
            next: 1,
            indexes: indexes
                .map(|(path, order)| (*path, Index::new(*order)))
                .collect(),
            lent: None,
            sorted: RefCell::default(),
            notes: None,
        }
    }
}

impl<T: Row> Table<T> {
    pub(crate) fn insert(&mut self, row: T) -> u64 {
        self.settle();
        let position = self.next;
        self.next += 1;
        self.place(position, row);
        if let Some(notes) = &mut self.notes {
            notes.changed.insert(position);
            notes.inserted.insert(position);
            notes.next = true;
        }
        position
    }

    fn place(&mut self, position: u64, row: T) {
        self.positions.insert(row.id().into(), position);
        for (path, index) in &mut self.indexes {
            index.insert(row.indexed(path).as_deref(), position);
        }
        self.rows.insert(position, row);
    }

    fn note(&mut self, position: u64) {
        if let Some(notes) = &mut self.notes {
            notes.changed.insert(position);
        }
    }

    pub(crate) fn position(&self, id: &str) -> Option<u64> {
        self.positions.get(id).copied()
    }

    pub(crate) fn get(&self, position: u64) -> Option<&T> {
        self.rows.get(&position)
    }

    /// A row, to be changed. Its id stays.
    pub(crate) fn get_mut(&mut self, position: u64) -> Option<&mut T> {
        self.settle();
        self.note(position);
        let row = self.rows.get_mut(&position)?;
        if !self.indexes.is_empty() {
            for (path, index) in &mut self.indexes {
                index.remove(row.indexed(path).as_deref(), position);
            }
            self.lent = Some(position);
        }
        Some(row)
    }

    pub(crate) fn remove(&mut self, position: u64) -> Option<T> {
        self.settle();
        let row = self.rows.remove(&position)?;
        self.note(position);
        self.positions.remove(row.id());
        for (path, index) in &mut self.indexes {
            index.remove(row.indexed(path).as_deref(), position);
        }
        Some(row)
    }

    /// Changes all rows that `concerns` picks.
    pub(crate) fn change_where(
        &mut self,
        concerns: impl Fn(&T) -> bool,
        mut change: impl FnMut(&mut T),
    ) {
        let rows = self.rows.iter();
        let picked = rows.filter(|(_, row)| concerns(row));
        let picked: Vec<u64> = picked.map(|(&position, _)| position).collect();
        for position in picked {
            if let Some(row) = self.get_mut(position) {
                change(row);
            }
        }
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

    /// The position that the next row gets.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows that can have such a value, by what the index says: all that have it are among them,
    /// the row that was lent last is, too. None if no index answers that.
    pub(crate) fn candidates(&self, path: &str, wanted: &Wanted<'_>) -> Option<Vec<&Postings>> {
        let mut indexes = self.indexes.iter();
        let (_, index) = indexes.find(|(indexed, _)| *indexed == path)?;
        index.find(wanted)
    }

    /// The row that must be looked at whatever the indexes say.
    pub(crate) fn lent(&self) -> Option<u64> {
        self.lent
    }

    /// The first row with this text in an indexed attribute, in any letter case, that `is` accepts.
    pub(crate) fn find(
        &self,
        path: &str,
        text: &str,
        is: impl Fn(u64, &T) -> bool,
    ) -> Option<(u64, &T)> {
        let mut found = self.find_all(path, &Wanted::Text(text));
        found.find(|(position, row)| is(*position, row))
    }

    /// The candidates of [`Table::candidates`], with the row that was lent.
    pub(crate) fn find_all<'t>(
        &'t self,
        path: &str,
        wanted: &Wanted<'_>,
    ) -> impl Iterator<Item = (u64, &'t T)> + use<'t, T> {
        let postings = self.candidates(path, wanted).unwrap_or_default();
        let found = postings.into_iter().flat_map(|found| found.after(None));
        found
            .chain(self.lent)
            .filter_map(|position| Some((position, self.rows.get(&position)?)))
    }

    /// The orders of sorted lists of which pages are being read.
    pub(crate) fn sorted(&self) -> &RefCell<SortedLists> {
        &self.sorted
    }

    /// Writes the entries of the row that was lent.
    fn settle(&mut self) {
        let Some(position) = self.lent.take() else {
            return;
        };
        if let Some(row) = self.rows.get(&position) {
            for (path, index) in &mut self.indexes {
                index.insert(row.indexed(path).as_deref(), position);
            }
        }
    }
}

#[cfg(test)]
mod tests;
