//! Sorted lists whose pages are read one after the other.
//!
//! The order is that of the moment when the first page was read. Later pages follow it, whatever
//! changes in between: nothing comes twice, and nothing that was there all the time is left out.

use std::collections::VecDeque;
use std::sync::Arc;

/// How many lists are kept. The one that nobody has read for the longest time goes first.
const MOST_LISTS: usize = 100;
/// How many positions all lists have together, unless one alone has more: 64 MiB.
const MOST_POSITIONS: usize = 8 << 20;
/// How many bits of a cursor say where in the list the next page starts.
const OFFSET_BITS: u32 = 28;
/// Serial numbers of lists start again behind this, so that cursors stay under 48 bits.
const SERIALS: u64 = 1 << 20;

/// The orders of sorted lists, the latest read last.
#[derive(Debug, Default)]
pub(crate) struct SortedLists {
    lists: VecDeque<SortedList>,
    issued: u64,
}

#[derive(Debug)]
struct SortedList {
    serial: u64,
    /// What the list is of: a cursor goes with its own query only.
    query: Box<str>,
    positions: Arc<[u64]>,
}

/// A sorted list, and where in it a page starts.
#[derive(Debug)]
pub(crate) struct Place {
    serial: u64,
    offset: usize,
    positions: Arc<[u64]>,
}

impl Place {
    /// The positions from here on, each with the cursor behind it.
    pub(crate) fn rest(&self) -> impl Iterator<Item = (u64, u64)> {
        let numbered = self.positions.iter().enumerate().skip(self.offset);
        numbered.map(|(index, &position)| (cursor(self.serial, index + 1), position))
    }
}

#[cfg(feature = "data")]
impl SortedLists {
    /// Lists that no cursor of an earlier start names, but for one in a million.
    pub(super) fn of_another_start() -> Self {
        let mut random = [0; 8];
        if getrandom::fill(&mut random).is_err() {
            tracing::error!("there are no random numbers");
        }
        Self {
            lists: VecDeque::new(),
            issued: u64::from_le_bytes(random) % SERIALS,
        }
    }
}

fn cursor(serial: u64, offset: usize) -> u64 {
    serial << OFFSET_BITS | offset as u64
}

impl SortedLists {
    /// Keeps the order of a list.
    pub(crate) fn keep(&mut self, query: &str, positions: Vec<u64>) -> Place {
        self.issued = (self.issued + 1) % SERIALS;
        let list = SortedList {
            serial: self.issued,
            query: query.into(),
            positions: positions.into(),
        };
        let place = Place {
            serial: list.serial,
            offset: 0,
            positions: list.positions.clone(),
        };
        self.lists.push_back(list);
        while self.lists.len() > 1 && self.is_full() {
            self.lists.pop_front();
        }
        place
    }

    /// The place that a cursor of this query names, while its list is kept.
    pub(crate) fn find(&mut self, query: &str, cursor: u64) -> Option<Place> {
        let (serial, offset) = (cursor >> OFFSET_BITS, cursor & ((1 << OFFSET_BITS) - 1));
        let is = |list: &SortedList| list.serial == serial && *list.query == *query;
        let at = self.lists.iter().position(is)?;
        let list = self.lists.remove(at)?;
        let place = Place {
            serial,
            offset: usize::try_from(offset).ok()?,
            positions: list.positions.clone(),
        };
        self.lists.push_back(list);
        Some(place)
    }

    fn is_full(&self) -> bool {
        let positions = self.lists.iter().map(|list| list.positions.len());
        self.lists.len() > MOST_LISTS || positions.sum::<usize>() > MOST_POSITIONS
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_cursor_leads_to_the_rest_of_its_own_query() {
        let mut lists = SortedLists::default();
        let first = lists.keep("by name", vec![7, 3, 5]);
        let (cursor, _) = first.rest().nth(1).unwrap();
        let rest: Vec<u64> = lists
            .find("by name", cursor)
            .unwrap()
            .rest()
            .map(|it| it.1)
            .collect();
        assert_eq!(rest, [5]);
        assert!(lists.find("by age", cursor).is_none());
    }

    #[test]
    fn the_list_that_nobody_reads_goes_first() {
        let mut lists = SortedLists::default();
        let (read, _) = lists.keep("read", vec![1]).rest().next().unwrap();
        let (left, _) = lists.keep("left", vec![1]).rest().next().unwrap();
        for _ in 0..MOST_LISTS - 1 {
            assert!(lists.find("read", read).is_some());
            lists.keep("other", vec![1]);
        }
        assert!(lists.find("read", read).is_some());
        assert!(lists.find("left", left).is_none());
    }
}
