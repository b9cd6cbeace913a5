//! `/api/v1/logs`: the System Log, <https://developer.okta.com/docs/reference/system-log-query/>.
//!
//! A request with `until` is bounded and its pages end. One without `until`, oldest first, polls:
//! its `next` link is always there, and leads to what happens later.
//!
//! The log is read from a snapshot, so that the org does not wait for a long query.

mod entry;

use chrono::TimeDelta;
use serde_json::Value;

use crate::call::{Call, Reply};
use crate::clock::Timestamp;
use crate::modelled::Modelled;
use crate::org::log::Log;
use crate::paging::Page;
use crate::problem::Problem;
use crate::selection::Selection;
use crate::view;
use entry::{Entry, Keywords};

/// The path of the log.
pub(crate) const PATH: &str = "/api/v1/logs";

/// The route is in `routes/logs.rs`: it must not hold the org.
pub(crate) fn operations() -> Modelled {
    Modelled::new().elsewhere(PATH, "GET")
}

/// The page of a log that a request asks for at `now`.
pub(crate) fn list(log: &Log, now: Timestamp, call: &Call) -> Result<Reply, Problem> {
    let selection = Selection::of(call)?;
    let keywords = Keywords::read(call.option("q").unwrap_or_default());
    let limit = call.limit(100, 1_000)?;
    let until = call.date("until")?;
    let since = call
        .date("since")?
        .unwrap_or_else(|| week_before(until.unwrap_or(now)));
    let descending = match call.option("sortOrder") {
        None | Some("ASCENDING") => false,
        Some("DESCENDING") => true,
        Some(_) => {
            let cause = "sortOrder: must be ASCENDING or DESCENDING";
            return Err(Problem::validation("sortOrder", [cause]));
        }
    };
    let found = Found {
        log,
        selection,
        keywords,
    };
    let after = call.after()?;
    let start = log.since(since);
    let end = until.map_or(log.next(), |until| log.since(until));
    let page = if descending {
        let end = after.map_or(end, |after| end.min(after));
        Page::take((start..end).rev().filter_map(|at| found.at(at)), limit)
    } else {
        let start = after.map_or(start, |after| start.max(after.saturating_add(1)));
        let mut page = Page::take((start..end).filter_map(|at| found.at(at)), limit);
        if until.is_none() && page.next.is_none() {
            // All of the log is read: the next poll starts behind it.
            page.next = Some(after.unwrap_or(0).max(log.next() - 1));
        }
        page
    };
    Reply::page(call, &page)
}

fn week_before(moment: Timestamp) -> Timestamp {
    Timestamp(
        moment
            .0
            .checked_sub_signed(TimeDelta::days(7))
            .unwrap_or(moment.0),
    )
}

/// The events of a log that a request asks for.
struct Found<'c> {
    log: &'c Log,
    selection: Selection<'c>,
    keywords: Keywords,
}

impl Found<'_> {
    /// The event at a position as it is shown, if it is one of those.
    fn at(&self, position: u64) -> Option<(u64, Value)> {
        let event = self.log.get(position)?;
        let is_found =
            self.selection.matches(&Entry(event)) && self.keywords.are_all_in(Entry(event));
        is_found.then(|| (position, view::event(event)))
    }
}
