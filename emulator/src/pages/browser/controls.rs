//! Clock, keys and records.

use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::frame::{Frame, Org, Visit, page};
use crate::pages::Page;

#[derive(Template)]
#[template(path = "controls.html")]
struct Controls {
    frame: Frame,
    done: Option<&'static str>,
    now: String,
    requests: usize,
    messages: usize,
}

/// What was done, by its word in the address.
const DONE: [(&str, &str); 5] = [
    ("clock", "The clock has moved."),
    (
        "seconds",
        "The clock has not moved: write a whole number of seconds.",
    ),
    ("keys", "The keys are rotated."),
    ("requests", "The requests are forgotten."),
    ("messages", "The messages are forgotten."),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// `GET /_org/controls`.
pub(super) async fn show(State(shared): Org, visit: Visit, Query(asked): Query<Asked>) -> Page {
    let done = DONE.iter().find(|(word, _)| *word == asked.done);
    let messages = shared.org().outbox.all().count();
    page(&Controls {
        frame: visit.frame("Controls"),
        done: done.map(|(_, text)| *text),
        now: shared.clock.stamp().to_string(),
        requests: shared.requests.count(),
        messages,
    })
}

fn done(what: &str) -> Response {
    Redirect::to(&format!("/_org/controls?done={what}")).into_response()
}

#[derive(Debug, Deserialize)]
pub(super) struct Advance {
    seconds: String,
}

/// `POST /_org/controls/clock`.
pub(super) async fn advance_clock(State(shared): Org, Form(sent): Form<Advance>) -> Response {
    let Ok(seconds) = sent.seconds.trim().parse::<u32>() else {
        return done("seconds");
    };
    shared.clock.advance(Duration::from_secs(seconds.into()));
    done("clock")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rotation {
    retire: bool,
}

/// `POST /_org/controls/keys`.
pub(super) async fn rotate_keys(State(shared): Org, Form(sent): Form<Rotation>) -> Response {
    let keys = &mut shared.org().oauth.keys;
    keys.rotate();
    if sent.retire {
        keys.retire_old();
    }
    done("keys")
}

/// `POST /_org/controls/requests`.
pub(super) async fn forget_requests(State(shared): Org) -> Response {
    shared.requests.clear();
    done("requests")
}

/// `POST /_org/controls/messages`.
pub(super) async fn forget_messages(State(shared): Org) -> Response {
    shared.org().outbox.clear();
    done("messages")
}
