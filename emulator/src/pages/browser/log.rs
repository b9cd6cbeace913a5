//! The System Log.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};

use super::frame::{Org, Visit};
use super::sections::{Cell, Listing, Row, Section, Table};
use super::{Asked, ROWS};
use crate::org::events::Event;
use crate::org::log::Log;
use crate::pages::Page;
use crate::view;

const COLUMNS: &[&str] = &["Time (UTC)", "Event", "Actor", "Targets"];

/// How many events are looked at for those about one object.
const LOOKED_AT: u64 = 20_000;

/// A table of events.
pub(super) fn table(empty: &'static str, rows: Vec<Row>) -> Table {
    Table {
        kind: "events",
        ..Table::new(COLUMNS, empty, rows)
    }
}

fn row(position: u64, event: &Event) -> Row {
    let mut targets: Vec<String> = Vec::new();
    for target in &event.targets {
        let name = match target.display_name.trim() {
            "" => &target.id,
            name => name,
        };
        if !targets.iter().any(|shown| shown == name) {
            targets.push(name.to_owned());
        }
    }
    Row::keyed(
        position,
        [
            Cell::time(Some(event.published)),
            Cell::link(event.kind.message, format!("/_org/log/{position}")),
            Cell::plain(&event.actor.display_name),
            Cell::plain(targets.join(", ")),
        ],
    )
}

/// The latest events that `keep` keeps, the latest one first.
pub(super) fn latest(
    org: &crate::org::Org,
    most: usize,
    keep: impl Fn(&Event) -> bool,
) -> Vec<Row> {
    let first = org.log.next().saturating_sub(LOOKED_AT);
    let found = below(&org.log, org.log.next(), first);
    let found = found.filter(|(_, event)| keep(event));
    found
        .take(most)
        .map(|(position, event)| row(position, event))
        .collect()
}

/// The latest events about an object.
pub(super) fn about(org: &crate::org::Org, id: &str) -> Section {
    let concerns =
        |event: &Event| event.actor.id == id || event.targets.iter().any(|target| target.id == id);
    let rows = latest(org, 10, concerns);
    Section::table("Latest events", table("Nothing has happened yet.", rows))
}

/// The events before a position down to another, the latest one first.
fn below(log: &Log, before: u64, down_to: u64) -> impl Iterator<Item = (u64, &Event)> {
    let positions = log.first().max(down_to)..before;
    let events = positions.rev().map(|at| (at, log.get(at)));
    events.filter_map(|(at, event)| Some((at, &**event?)))
}

/// `GET /_org/log`.
pub(super) async fn list(State(shared): Org, visit: Visit, Query(asked): Query<Asked>) -> Page {
    // A snapshot: the org goes on while the texts of many events are looked at.
    let log = shared.org().log.clone();
    let before = asked.after.parse().unwrap_or(u64::MAX).min(log.next());
    let words = asked.q.to_lowercase();
    let mut found = below(&log, before, 0)
        .filter(|(_, event)| event.texts().contains(words.trim()))
        .take(ROWS + 1);
    let rows: Vec<Row> = found
        .by_ref()
        .take(ROWS)
        .map(|(at, event)| row(at, event))
        .collect();
    let next = found.next().and(rows.last().map(|row| row.key.clone()));
    let mut table = table("No event fits.", rows);
    table.is_live = asked.after.is_empty();
    let lead = "What happened, the latest first.";
    Listing::new(
        visit.frame("System Log").lead(lead),
        vec![Section::list("Events", table)],
    )
    .search("Text in an event", &asked.q)
    .next(next)
    .page()
}

/// `GET /_org/log/{position}`.
pub(super) async fn show(
    State(shared): Org,
    visit: Visit,
    Path(position): Path<String>,
) -> Response {
    let event = position.parse().ok();
    let event = event.and_then(|position| shared.org().log.get(position).cloned());
    let Some(event) = event else {
        return visit.missing("event");
    };
    let facts = [
        ("Time (UTC)", Cell::time(Some(event.published))),
        ("Type", Cell::code(event.kind.name)),
        ("Actor", Cell::plain(&event.actor.display_name)),
        ("Request", Cell::code(&event.request.path)),
    ];
    let frame = visit
        .frame(event.kind.message)
        .below("/_org/log", "System Log");
    let sections = vec![
        Section::facts("What happened", facts),
        Section::json("As the API shows it", &view::event(&event)),
    ];
    Listing::new(frame, sections).page().into_response()
}
