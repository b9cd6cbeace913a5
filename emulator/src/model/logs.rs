//! `/api/v1/logs`: the System Log, <https://developer.okta.com/docs/reference/system-log-query/>.
//!
//! A request with `until` is bounded and its pages end. One without `until`, oldest first, polls:
//! its `next` link is always there, and leads to what happens later.

use std::borrow::Cow;

use chrono::TimeDelta;
use serde_json::Value;

use crate::call::{Call, Reply};
use crate::clock::Timestamp;
use crate::expression::{Attributes, walk};
use crate::modelled::{Modelled, get};
use crate::org::Org;
use crate::org::events::Event;
use crate::paging::Page;
use crate::problem::Problem;
use crate::selection::Selection;
use crate::view;

pub(crate) fn operations() -> Modelled {
    Modelled::new().at("/api/v1/logs", [get(list)])
}

struct Entry(Value);

impl Attributes for Entry {
    fn attribute(&self, path: &str) -> Option<Cow<'_, Value>> {
        walk(&self.0, path).map(Cow::Owned)
    }
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let selection = Selection::of(call)?;
    let keywords: Vec<String> = call
        .option("q")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let limit = call.limit(100, 1_000)?;
    let until = call.date("until")?;
    let since = call
        .date("since")?
        .unwrap_or_else(|| week_before(until.unwrap_or(org.now)));
    let descending = match call.option("sortOrder") {
        None | Some("ASCENDING") => false,
        Some("DESCENDING") => true,
        Some(_) => {
            let cause = "sortOrder: must be ASCENDING or DESCENDING";
            return Err(Problem::validation("sortOrder", [cause]));
        }
    };
    let wanted = |(position, event): (u64, &Event)| {
        let in_time = event.published >= since && until.is_none_or(|until| event.published < until);
        let entry = Entry(in_time.then(|| view::event(event))?);
        let found = selection.matches(&entry) && has_all(&entry.0, &keywords);
        found.then_some((position, entry.0))
    };
    let after = call.after()?;
    // Positions start at 1, so that 0 is the cursor before everything.
    let events = || (1_u64..).zip(&org.log);
    let page = if descending {
        let older = |(position, _): &(u64, &Event)| after.is_none_or(|after| *position < after);
        let newest_first: Vec<(u64, &Event)> = events().filter(older).collect();
        Page::take(newest_first.into_iter().rev().filter_map(wanted), limit)
    } else {
        let start = usize::try_from(after.unwrap_or(0)).unwrap_or(usize::MAX);
        let mut page = Page::take(events().skip(start).filter_map(wanted), limit);
        if until.is_none() && page.next.is_none() {
            // All of the log is read: the next poll starts behind it.
            page.next = Some(after.unwrap_or(0).max(org.log.len() as u64));
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

/// Whether every keyword occurs in some value of the event.
fn has_all(event: &Value, keywords: &[String]) -> bool {
    keywords.iter().all(|keyword| has(event, keyword))
}

fn has(value: &Value, keyword: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(keyword),
        Value::Array(items) => items.iter().any(|item| has(item, keyword)),
        Value::Object(members) => members.values().any(|member| has(member, keyword)),
        _ => false,
    }
}
