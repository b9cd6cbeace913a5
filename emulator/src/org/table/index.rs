//! Which rows have a value in an attribute.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde_json::Value;

use crate::clock::Timestamp;

/// How the values of an indexed attribute are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// As text without letter case.
    Text,
    /// As moments. The attribute has no other values.
    Moment,
}

/// What an index is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted<'w> {
    /// This text, in any letter case.
    Text(&'w str),
    /// Text that starts like this, in any letter case.
    Prefix(&'w str),
    /// A moment between these bounds.
    Moments(Bound<Timestamp>, Bound<Timestamp>),
}

/// The rows that have a value in an attribute, by the value. Values that are neither text nor lists
/// of texts have no entries.
#[derive(Debug)]
pub(super) enum Index {
    Text(BTreeMap<Box<str>, Postings>),
    Moment(BTreeMap<Timestamp, Postings>),
}

impl Index {
    pub(super) fn new(order: Order) -> Self {
        match order {
            Order::Text => Self::Text(BTreeMap::new()),
            Order::Moment => Self::Moment(BTreeMap::new()),
        }
    }

    pub(super) fn insert(&mut self, value: Option<&Value>, position: u64) {
        for text in texts(value) {
            match self {
                Self::Text(entries) => enter(entries, text.to_lowercase().into(), position),
                Self::Moment(entries) => {
                    if let Some(moment) = Timestamp::parse(text) {
                        enter(entries, moment, position);
                    }
                }
            }
        }
    }

    pub(super) fn remove(&mut self, value: Option<&Value>, position: u64) {
        for text in texts(value) {
            match self {
                Self::Text(entries) => strike(entries, &text.to_lowercase().into(), position),
                Self::Moment(entries) => {
                    if let Some(moment) = Timestamp::parse(text) {
                        strike(entries, &moment, position);
                    }
                }
            }
        }
    }

    /// The rows that can have what is wanted; none if this index cannot know.
    pub(super) fn find(&self, wanted: &Wanted<'_>) -> Option<Vec<&Postings>> {
        match (self, wanted) {
            (Self::Text(entries), Wanted::Text(text)) => Some(
                entries
                    .get(text.to_lowercase().as_str())
                    .into_iter()
                    .collect(),
            ),
            (Self::Text(entries), Wanted::Prefix(prefix)) => {
                let prefix = prefix.to_lowercase();
                let start = Bound::Included(prefix.as_str());
                let from = entries.range::<str, _>((start, Bound::Unbounded));
                let found = from.take_while(|(text, _)| text.starts_with(&prefix));
                Some(found.map(|(_, postings)| postings).collect())
            }
            (Self::Moment(entries), Wanted::Moments(from, to)) => {
                if is_empty(*from, *to) {
                    return Some(Vec::new());
                }
                Some(
                    entries
                        .range((*from, *to))
                        .map(|(_, postings)| postings)
                        .collect(),
                )
            }
            _ => None,
        }
    }
}

/// Whether nothing is between the bounds; the map's own range has nothing to say of such bounds.
fn is_empty(from: Bound<Timestamp>, to: Bound<Timestamp>) -> bool {
    match (from, to) {
        (Bound::Included(from), Bound::Included(to)) => from > to,
        (
            Bound::Included(from) | Bound::Excluded(from),
            Bound::Included(to) | Bound::Excluded(to),
        ) => from >= to,
        _ => false,
    }
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    items.iter().filter_map(Value::as_str)
}

fn enter<K: Ord>(entries: &mut BTreeMap<K, Postings>, key: K, position: u64) {
    entries
        .entry(key)
        .and_modify(|postings| postings.insert(position))
        .or_insert(Postings::One(position));
}

fn strike<K: Ord>(entries: &mut BTreeMap<K, Postings>, key: &K, position: u64) {
    if let Some(postings) = entries.get_mut(key)
        && postings.remove(position)
    {
        entries.remove(key);
    }
}

/// The rows with one value. Most values are those of one row.
#[derive(Debug)]
pub(crate) enum Postings {
    One(u64),
    Many(BTreeSet<u64>),
}

impl Postings {
    fn insert(&mut self, position: u64) {
        match self {
            Self::One(only) => *self = Self::Many(BTreeSet::from([*only, position])),
            Self::Many(all) => {
                all.insert(position);
            }
        }
    }

    /// Takes a row out; tells whether none is left.
    fn remove(&mut self, position: u64) -> bool {
        match self {
            Self::One(only) => *only == position,
            Self::Many(all) => {
                all.remove(&position);
                all.is_empty()
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Many(all) => all.len(),
        }
    }

    /// The positions behind this one, in order.
    pub(crate) fn after(&self, position: Option<u64>) -> impl Iterator<Item = u64> {
        let start = position.map_or(Bound::Unbounded, Bound::Excluded);
        let (one, many) = match self {
            Self::One(only) => (position.is_none_or(|it| *only > it).then_some(*only), None),
            Self::Many(all) => (None, Some(all.range((start, Bound::Unbounded)).copied())),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }
}
