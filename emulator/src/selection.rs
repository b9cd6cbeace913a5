//! Which objects a list shows, and in which order: `search`, `filter`, `sortBy`, `sortOrder`.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use crate::call::Call;
use crate::expression::{Attributes, Case, Expression};
use crate::org::table::{Row, Table};
use crate::paging::Page;
use crate::problem::Problem;

/// What `search` or `filter` asks for.
pub(crate) struct Selection<'c> {
    call: &'c Call,
    wanted: Option<(Expression, Case)>,
    sort_by: Option<&'c str>,
}

impl<'c> Selection<'c> {
    /// Reads `search`, or else `filter`. Only a search can be sorted.
    pub(crate) fn of(call: &'c Call) -> Result<Self, Problem> {
        let search = call.option("search");
        let parse = |text: &str, case: Case| {
            let parsed = Expression::parse(text);
            parsed
                .map(|expression| (expression, case))
                .map_err(|error| Problem::invalid_search(error.to_string()))
        };
        let wanted = match (search, call.option("filter")) {
            (Some(search), _) => Some(parse(search, Case::Insensitive)?),
            (None, Some(filter)) => Some(parse(filter, Case::Sensitive)?),
            (None, None) => None,
        };
        let sort_by = call.option("sortBy").filter(|_| search.is_some());
        Ok(Self {
            call,
            wanted,
            sort_by,
        })
    }

    /// Whether nothing was asked for.
    pub(crate) fn is_everything(&self) -> bool {
        self.wanted.is_none()
    }

    pub(crate) fn matches(&self, object: &impl Attributes) -> bool {
        match &self.wanted {
            Some((expression, case)) => expression.matches(object, *case),
            None => true,
        }
    }

    /// The page of `table` that the call asks for, of rows that `keep` keeps.
    pub(crate) fn page<'t, T: Row + Attributes>(
        &self,
        table: &'t Table<T>,
        limit: usize,
        keep: impl Fn(&T) -> bool,
    ) -> Result<Page<(u64, &'t T)>, Problem> {
        let after = self.call.after()?;
        let chosen = |row: &T| keep(row) && self.matches(row);
        let with_position = |(position, row)| (position, (position, row));
        let Some(sort_by) = self.sort_by else {
            let rows = table.after(after).filter(|(_, row)| chosen(row));
            return Ok(Page::take(rows.map(with_position), limit));
        };
        let descending = match self.call.option("sortOrder") {
            None => false,
            Some(order) if order.eq_ignore_ascii_case("asc") => false,
            Some(order) if order.eq_ignore_ascii_case("desc") => true,
            Some(_) => return Err(Problem::invalid_search("sortOrder: must be asc or desc")),
        };
        let key = |row: &'t T| row.attribute(sort_by);
        let mut rows: Vec<_> = table
            .iter()
            .filter(|(_, row)| chosen(row))
            .map(|row| (key(row.1), row))
            .collect();
        rows.sort_by(|(left, _), (right, _)| {
            let order = by_value(left.as_ref(), right.as_ref());
            if descending { order.reverse() } else { order }
        });
        let skip = match after {
            None => 0,
            Some(after) => {
                let last = rows
                    .iter()
                    .position(|(_, (position, _))| *position == after);
                last.ok_or_else(|| Problem::invalid_search("Invalid cursor."))? + 1
            }
        };
        let rows = rows
            .into_iter()
            .skip(skip)
            .map(|(_, row)| with_position(row));
        Ok(Page::take(rows, limit))
    }
}

/// Absent values last; numbers as numbers, everything else as text without letter case.
fn by_value(left: Option<&Cow<'_, Value>>, right: Option<&Cow<'_, Value>>) -> Ordering {
    let value = |side: Option<&Cow<'_, Value>>| {
        side.map(|value| value.as_ref().clone())
            .filter(|value| !value.is_null())
    };
    match (value(left), value(right)) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(Value::Number(left)), Some(Value::Number(right))) => left
            .as_f64()
            .partial_cmp(&right.as_f64())
            .unwrap_or(Ordering::Equal),
        (Some(left), Some(right)) => text(&left).cmp(&text(&right)),
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_lowercase)
}
