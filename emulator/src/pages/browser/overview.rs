//! What the org holds and how to call it.

use std::sync::atomic::Ordering;

use askama::Template;
use axum::extract::State;

use super::frame::{Frame, Org, Visit, page};
use super::log::{self, COLUMNS};
use super::sections::{Cell, Content, Link, Look, Section, Table};
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
    let mut events = Table::new(COLUMNS, "Nothing has happened yet.", events);
    events.more = Some(Link::new("/_org/log", "All events"));
    let base = &visit.base;
    let discovery = ".well-known/openid-configuration";
    let connect = [
        ("Org URL", Cell::code(base)),
        ("Management API", Cell::code(format!("{base}/api/v1"))),
        (
            "API token",
            Cell::plain("what the program printed at its start; in Rust, Emulator::token"),
        ),
        (
            "Custom issuer",
            Cell::code(format!("{base}/oauth2/{DEFAULT}")),
        ),
        (
            "Its metadata",
            Cell::link(
                "openid-configuration",
                format!("/oauth2/{DEFAULT}/{discovery}"),
            ),
        ),
        ("Issuer of the org's server", Cell::code(base)),
        (
            "Its metadata",
            Cell::link("openid-configuration", format!("/{discovery}")),
        ),
        ("Password of the sample users", Cell::code(PASSWORD)),
        (
            "Device login",
            Cell::link("Activate a device", "/activate".to_owned()),
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
