//! Which objects a list shows, and in which order: `search`, `filter`, `sortBy`, `sortOrder`.

mod plan;
mod sort;

use crate::call::Call;
use crate::expression::{Attributes, Case, Expression};
use crate::org::table::{Row, Table};
use crate::paging::Page;
use crate::problem::Problem;
use plan::Candidates;
use sort::Sort;

/// What `search` or `filter` asks for.
pub(crate) struct Selection<'c> {
    call: &'c Call,
    wanted: Option<(Expression, Case)>,
    sort: Option<Sort<'c>>,
    /// How some value in these attributes starts, in any letter case.
    start: Option<(&'static [&'static str], &'c str)>,
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
            sort: sort_by.map(|path| Sort { call, path }),
            start: None,
        })
    }

    /// Says that only such objects are kept of which an attribute, one of these, starts like this, in
    /// any letter case. It is for the indexes: what [`Selection::page`] keeps is for its caller to say.
    pub(crate) fn starting<'s>(
        self,
        paths: &'static [&'static str],
        start: Option<&'s str>,
    ) -> Selection<'s>
    where
        'c: 's,
    {
        let start = start.map(|start| (paths, start));
        Selection { start, ..self }
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
        match &self.sort {
            Some(sort) => {
                let all = || self.candidates(table).after(None);
                sort.page(table, after, limit, all, chosen)
            }
            None => {
                let rows = self.candidates(table).after(after);
                let rows = rows.filter(|(_, row)| chosen(row));
                Ok(Page::take(rows.map(|(at, row)| (at, (at, row))), limit))
            }
        }
    }

    /// The rows that have to be looked at.
    fn candidates<'t, T: Row>(&self, table: &'t Table<T>) -> Candidates<'t, T> {
        let wanted = self.wanted.as_ref();
        let wanted = wanted.and_then(|(wanted, case)| plan::of(table, wanted, *case));
        let start = self.start;
        let start = start.and_then(|(paths, start)| plan::of_start(table, paths, start));
        let found = match (wanted, start) {
            (Some(wanted), Some(start)) => Some(plan::shorter(wanted, start)),
            (one, other) => one.or(other),
        };
        Candidates::new(table, found)
    }
}
