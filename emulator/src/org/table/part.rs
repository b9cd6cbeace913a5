//! A table as a part of what is kept: an entry for each row, and one for the next position.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::sorted::SortedLists;
use super::{Notes, Row, Table};
use crate::tracked::part::{Changes, Damage, Part, decoded, key_position, position_key};

/// No row has this position. Its entry is the next position.
const NEXT: u64 = 0;

impl<T: Row + Serialize + DeserializeOwned> Part for Table<T> {
    fn watch(&mut self, all: bool) {
        if !all {
            // It was read.
            self.sorted = RefCell::new(SortedLists::of_another_start());
        }
        for row in self.rows.values_mut() {
            row.inner(&mut |_, part| part.watch(all));
        }
        let changed: BTreeSet<u64> = self.rows.keys().copied().filter(|_| all).collect();
        self.notes = Some(Notes {
            changed,
            inserted: BTreeSet::new(),
            next: all,
        });
    }

    fn collect(&mut self, changes: &mut Changes) {
        let Some(notes) = &mut self.notes else {
            return;
        };
        let notes = std::mem::take(notes);
        if notes.next {
            changes.put(position_key(NEXT), &self.next);
        }
        for position in notes.changed {
            let key = position_key(position);
            let Some(row) = self.rows.get_mut(&position) else {
                changes.remove_all(key);
                continue;
            };
            changes.put(key, row);
            let is_new = notes.inserted.contains(&position);
            row.inner(&mut |number, part| {
                if is_new {
                    part.watch(true);
                }
                changes.below(&[&key[..], &[number]].concat(), part);
            });
        }
    }

    fn restore(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
        let (position, below) = key_position(key)?;
        if position == NEXT {
            self.next = decoded(value)?;
        } else if let Some((wanted, key)) = below.split_first() {
            let row = self.rows.get_mut(&position);
            let row = row.ok_or_else(|| Damage::of::<T>("it has parts and is not there"))?;
            let mut restored = Err(Damage::of::<T>("it has a part of another version"));
            row.inner(&mut |number, part| {
                if number == *wanted {
                    restored = part.restore(key, value);
                }
            });
            restored?;
        } else {
            if position >= self.next {
                return Err(Damage::of::<T>("its position is not yet given away"));
            }
            self.place(position, decoded(value)?);
        }
        Ok(())
    }
}
