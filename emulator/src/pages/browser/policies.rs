//! Policies and their rules.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::ROWS;
use super::frame::{Org, Visit};
use super::sections::{Cell, Listing, Row, Section, Table};
use crate::org::policies::{Policy, by_priority};
use crate::pages::Page;

fn status(policy: &Policy) -> Cell {
    Cell::status(if policy.active { "ACTIVE" } else { "INACTIVE" })
}

/// `GET /_org/policies`.
pub(super) async fn list(State(shared): Org, visit: Visit) -> Page {
    let org = shared.org();
    let kinds: BTreeSet<&str> = org.policies.iter().map(|(_, it)| it.kind).collect();
    let sections = kinds.into_iter().map(|kind| {
        let policies = by_priority(&org.policies, kind).into_iter().take(ROWS);
        let rows = policies.map(|(_, policy)| {
            Row::new([
                Cell::link(&policy.name, format!("/_org/policies/{}", policy.id)),
                status(policy),
                Cell::plain(policy.priority),
                Cell::plain(policy.rules.len()),
            ])
        });
        let columns = &["Name", "Status", "Priority", "Rules"];
        Section::table(kind, Table::new(columns, "", rows.collect()))
    });
    let sections = sections.collect();
    drop(org);
    let lead = "Each type in the order in which Okta evaluates its policies. The emulator keeps \
                them, and acts by those of authorization servers only.";
    Listing::new(visit.frame("Policies").lead(lead), sections).page()
}

/// `GET /_org/policies/{id}`.
pub(super) async fn show(State(shared): Org, visit: Visit, Path(id): Path<String>) -> Response {
    let org = shared.org();
    let Some(policy) = org
        .policies
        .position(&id)
        .and_then(|at| org.policies.get(at))
    else {
        drop(org);
        return visit.missing("policy");
    };
    let facts = [
        ("Type", Cell::code(policy.kind)),
        ("Status", status(policy)),
        (
            "Of the system",
            Cell::plain(if policy.system { "yes" } else { "no" }),
        ),
        ("Id", Cell::code(&policy.id)),
        ("Last updated (UTC)", Cell::time(Some(policy.last_updated))),
    ];
    let mut sections = vec![
        Section::facts("Policy", facts),
        Section::json(
            "Conditions and settings",
            &Value::Object(policy.body.clone()),
        ),
    ];
    let mut rules: Vec<&Policy> = policy.rules.iter().map(|(_, rule)| rule).collect();
    rules.sort_by_key(|rule| (rule.system, rule.priority));
    sections.extend(rules.into_iter().take(ROWS).map(|rule| {
        let title = format!("Rule {}: {}", rule.priority, rule.name);
        Section::json(&title, &Value::Object(rule.body.clone()))
    }));
    let frame = visit
        .frame(&*policy.name)
        .below("/_org/policies", "Policies");
    drop(org);
    Listing::new(frame, sections).page().into_response()
}
