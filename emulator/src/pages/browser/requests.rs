//! What reached the org, and what it answered.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};

use super::frame::{Org, Visit};
use super::sections::{Cell, Listing, Row, Section, Table};
use super::{Asked, ROWS, masked};
use crate::pages::Page;
use crate::requests::RecordedRequest;

fn row(number: u64, request: &RecordedRequest) -> Row {
    let path = masked::target(&request.path, request.query.as_deref());
    let (status, took) = answer(request);
    Row::keyed(
        number,
        [
            Cell::time(Some(request.received)),
            Cell::code(&request.method),
            Cell::link(path, format!("/_org/requests/{number}")),
            status,
            took,
        ],
    )
}

/// Status and time of the answer.
fn answer(request: &RecordedRequest) -> (Cell, Cell) {
    match &request.answer {
        Some(answer) => (
            Cell::http_status(answer.status),
            Cell::plain(took(answer.elapsed)),
        ),
        None => (Cell::status("NO ANSWER"), Cell::plain("")),
    }
}

fn took(elapsed: Duration) -> String {
    match elapsed.as_millis() {
        0 => "< 1 ms".to_owned(),
        millis => format!("{millis} ms"),
    }
}

/// `GET /_org/requests`.
pub(super) async fn list(State(shared): Org, visit: Visit, Query(asked): Query<Asked>) -> Page {
    let before = asked.after.parse().unwrap_or(u64::MAX);
    let mut rows = shared.requests.latest(before, ROWS + 1, row);
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let next = rows.last().filter(|_| more).map(|row| row.key.clone());
    let columns = &["Time (UTC)", "Method", "Path", "Status", "Took"];
    let mut table = Table::new(columns, "No request has come yet.", rows);
    table.kind = "requests";
    table.is_live = asked.after.is_empty();
    let lead = "The latest ten thousand, the latest first. Secrets are hidden.";
    Listing::new(
        visit.frame("Requests").lead(lead),
        vec![Section::list("Requests", table)],
    )
    .next(next)
    .page()
}

/// `GET /_org/requests/{number}`.
pub(super) async fn show(State(shared): Org, visit: Visit, Path(number): Path<String>) -> Response {
    let request = number.parse().ok();
    let Some(request) = request.and_then(|number| shared.requests.get(number)) else {
        return visit.missing("request");
    };
    let path = masked::target(&request.path, request.query.as_deref());
    let (status, took) = answer(&request);
    let facts = [
        ("Received (UTC)", Cell::time(Some(request.received))),
        ("Status", status),
        ("Took", took),
    ];
    let mut sections = vec![
        Section::facts("Answer", facts),
        Section::facts("Headers of the request", headers(&request.headers)),
    ];
    sections.extend(body("Body of the request", &request.body));
    if let Some(answer) = &request.answer {
        sections.push(Section::facts(
            "Headers of the answer",
            headers(&answer.headers),
        ));
        sections.extend(body("Body of the answer", &answer.body));
    }
    let title = format!("{} {path}", request.method);
    let frame = visit.frame(title).below("/_org/requests", "Requests");
    Listing::new(frame, sections).page().into_response()
}

fn headers(headers: &[(String, String)]) -> impl Iterator<Item = (&str, Cell)> {
    masked::headers(headers).map(|(name, value)| (name, Cell::code(value)))
}

fn body(title: &str, body: &[u8]) -> Option<Section> {
    (!body.is_empty()).then(|| Section::text(title, masked::body(body)))
}
