//! What the org holds and how to call it.

use std::sync::atomic::Ordering;

use askama::Template;
use axum::extract::State;

use super::frame::{Frame, Link, Org, Visit, page};
use super::log;
use super::sections::{Cell, Content, Look, Section};
use crate::org::authorization_servers::DEFAULT;
use crate::org::credentials::PASSWORD;
use crate::pages::Page;

/// How many events are shown.
const EVENTS: usize = 8;

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    frame: Frame,
    counts: Vec<Count>,
    sections: Vec<Section>,
}

struct Count {
    number: String,
    name: &'static str,
    path: Option<&'static str>,
}

/// `GET /`.
pub(super) async fn show(State(shared): Org, visit: Visit) -> Page {
    let counts = &shared.counts;
    let counted = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed).to_string();
    let org = shared.org();
    let count = |number: String, name, path| Count { number, name, path };
    let counts = vec![
        count(org.users.len().to_string(), "users", Some("/_org/users")),
        count(org.groups.len().to_string(), "groups", Some("/_org/groups")),
        count(
            org.apps.len().to_string(),
            "applications",
            Some("/_org/apps"),
        ),
        count(org.log.len().to_string(), "events", Some("/_org/log")),
        count(
            counted(&counts.requests),
            "requests",
            Some("/_org/requests"),
        ),
        count(counted(&counts.faults), "faults", Some("/_org/faults")),
        count(counted(&counts.rate_limited), "answered 429", None),
        count(counted(&counts.not_emulated), "not emulated", None),
    ];
    let events = log::latest(&org, EVENTS, |_| true);
    drop(org);
    let mut events = log::table("Nothing has happened yet.", events);
    events.more = Some(Link::new("/_org/log", "All events"));
    let base = &visit.base;
    let discovery = ".well-known/openid-configuration";
    let connect = [
        ("Org URL", Cell::code(base)),
        (
            "API token",
            Cell::plain("what the program printed at its start; in Rust, Emulator::token"),
        ),
        ("Password of the sample users", Cell::code(PASSWORD)),
        (
            "Issuer for your APIs",
            Cell::code(format!("{base}/oauth2/{DEFAULT}")),
        ),
        (
            "Metadata",
            Cell::link(
                format!("/oauth2/{DEFAULT}/{discovery}"),
                format!("/oauth2/{DEFAULT}/{discovery}"),
            ),
        ),
        ("Issuer for Okta's API", Cell::code(base)),
        (
            "Metadata",
            Cell::link(format!("/{discovery}"), format!("/{discovery}")),
        ),
        (
            "Device login",
            Cell::link("/activate", "/activate".to_owned()),
        ),
    ];
    let lead = "An Okta org on this machine, for tests and demonstrations.";
    page(&Overview {
        frame: visit.frame("Overview").lead(lead),
        counts,
        sections: vec![
            Section::facts("Connect", connect),
            Section::table("Latest events", events),
        ],
    })
}
