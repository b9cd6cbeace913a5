//! Sorted lists.

use std::cmp::Ordering;

use serde_json::Value;

use crate::call::Call;
use crate::expression::Attributes;
use crate::org::table::{Row, Table};
use crate::paging::Page;
use crate::problem::Problem;

/// What `sortBy` and `sortOrder` ask for.
#[derive(Clone, Copy)]
pub(super) struct Sort<'c> {
    pub(super) call: &'c Call,
    pub(super) path: &'c str,
}

impl Sort<'_> {
    /// A page of the rows that `chosen` picks. The order is found once, for the first page; `all` are
    /// the rows for that.
    pub(super) fn page<'t, T: Row + Attributes>(
        &self,
        table: &'t Table<T>,
        after: Option<u64>,
        limit: usize,
        all: impl FnOnce() -> Box<dyn Iterator<Item = (u64, &'t T)> + 't>,
        chosen: impl Fn(&T) -> bool,
    ) -> Result<Page<(u64, &'t T)>, Problem> {
        let descending = self.is_descending()?;
        let query = self.query();
        let place = match after {
            None => {
                let rows = all().filter(|(_, row)| chosen(row));
                let order = self.order(rows, descending);
                table.sorted().borrow_mut().keep(&query, order)
            }
            Some(cursor) => {
                let kept = table.sorted().borrow_mut().find(&query, cursor);
                kept.ok_or_else(|| Problem::invalid_search("Invalid cursor."))?
            }
        };
        let rows = place.rest().filter_map(|(cursor, position)| {
            let row = table.get(position).filter(|row| chosen(row))?;
            Some((cursor, (position, row)))
        });
        Ok(Page::take(rows, limit))
    }

    fn is_descending(&self) -> Result<bool, Problem> {
        match self.call.option("sortOrder") {
            None => Ok(false),
            Some(order) if order.eq_ignore_ascii_case("asc") => Ok(false),
            Some(order) if order.eq_ignore_ascii_case("desc") => Ok(true),
            Some(_) => Err(Problem::invalid_search("sortOrder: must be asc or desc")),
        }
    }

    /// What the pages of one list have in common.
    fn query(&self) -> String {
        let query = self.call.query.iter();
        let own = query.filter(|(name, _)| !["after", "limit"].contains(&name.as_str()));
        format!("{} {:?}", self.call.path, own.collect::<Vec<_>>())
    }

    fn order<'t, T: Attributes + 't>(
        &self,
        rows: impl Iterator<Item = (u64, &'t T)>,
        descending: bool,
    ) -> Vec<u64> {
        let keyed =
            rows.map(|(position, row)| (Key::of(row.attribute(self.path).as_deref()), position));
        let mut keyed: Vec<(Key, u64)> = keyed.collect();
        keyed.sort_by(|(left, _), (right, _)| {
            let order = left.compare(right);
            if descending { order.reverse() } else { order }
        });
        keyed.into_iter().map(|(_, position)| position).collect()
    }
}

/// Numbers as numbers, then everything else as text without letter case, absent values last.
#[derive(Debug)]
enum Key {
    Number(f64),
    Text(String),
    Absent,
}

impl Key {
    fn of(value: Option<&Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self::Absent,
            Some(Value::String(text)) => Self::Text(text.to_lowercase()),
            Some(value) => match value.as_f64() {
                Some(number) => Self::Number(number),
                None => Self::Text(value.to_string()),
            },
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.total_cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Absent => 2,
        }
    }
}
