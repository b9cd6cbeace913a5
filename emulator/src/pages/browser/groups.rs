//! Groups.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};

use super::frame::{Org, Visit};
use super::sections::{Cell, Listing, Row, Section, Table, rows};
use super::{Asked, log, roles, users};
use crate::org;
use crate::org::groups::Group;
use crate::org::profile;
use crate::pages::Page;
use crate::paging;

pub(super) const COLUMNS: &[&str] = &["Name", "Kind", "Members", "Description"];

pub(super) fn link(group: &Group) -> Cell {
    Cell::link(group.name(), format!("/_org/groups/{}", group.id))
}

pub(super) fn row(org: &org::Org, group: &Group) -> Row {
    let members = org
        .groups
        .position(&group.id)
        .map_or(0, |at| org.memberships.count(at));
    Row::new([
        link(group),
        Cell::plain(group.kind.as_str()),
        Cell::plain(members),
        Cell::plain(profile::text(&group.profile, "description")),
    ])
}

/// `GET /_org/groups`.
pub(super) async fn list(State(shared): Org, visit: Visit, Query(asked): Query<Asked>) -> Page {
    let org = shared.org();
    let text = asked.q.trim().to_lowercase();
    let groups = org.groups.after(paging::decode(&asked.after));
    let groups = groups.filter(|(_, group)| group.name().to_lowercase().contains(&text));
    let (rows, next) = rows(groups, |group| row(&org, group));
    drop(org);
    let table = Table::new(COLUMNS, "No group fits.", rows);
    Listing::new(visit.frame("Groups"), vec![Section::list("Groups", table)])
        .search("Text in the name", &asked.q)
        .next(next)
        .page()
}

/// `GET /_org/groups/{id}`.
pub(super) async fn show(
    State(shared): Org,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let org = shared.org();
    let Some((position, group)) = org
        .groups
        .position(&id)
        .and_then(|at| Some((at, org.groups.get(at)?)))
    else {
        drop(org);
        return visit.missing("group");
    };
    let facts = [
        ("Kind", Cell::plain(group.kind.as_str())),
        (
            "Description",
            Cell::plain(profile::text(&group.profile, "description")),
        ),
        ("Id", Cell::code(&group.id)),
        ("Created (UTC)", Cell::time(Some(group.created))),
        (
            "Membership updated (UTC)",
            Cell::time(Some(group.last_membership_updated)),
        ),
    ];
    let from = paging::decode(&asked.after).map_or(0, |after| after + 1);
    let members = org.memberships.members(position, from);
    let members = members.filter_map(|at| Some((at, org.users.get(at)?)));
    let (members, next) = rows(members, users::row);
    let count = org.memberships.count(position);
    let sections = vec![
        Section::facts("Group", facts),
        apps(&org, position),
        roles::section(&org, &group.roles),
        log::about(&org, &group.id),
        Section::table(
            &format!("Members ({count})"),
            Table::new(users::COLUMNS, "Nobody is in this group.", members),
        ),
    ];
    let frame = visit.frame(group.name()).below("/_org/groups", "Groups");
    drop(org);
    Listing::new(frame, sections)
        .next_of(&format!("/_org/groups/{id}"), next)
        .page()
        .into_response()
}

fn apps(org: &org::Org, group: u64) -> Section {
    let apps = org
        .apps
        .iter()
        .filter_map(|(_, app)| Some((app, app.groups.get(&group)?)));
    let rows = apps
        .take(super::ROWS)
        .map(|(app, assigned)| Row::new([super::apps::link(app), Cell::plain(assigned.priority)]));
    let columns = &["Application", "Priority"];
    Section::table(
        "Applications",
        Table::new(columns, "No application.", rows.collect()),
    )
}
