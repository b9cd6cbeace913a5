//! Administrator roles: who holds which, and the custom ones.

use axum::extract::State;

use super::frame::{Org, Visit};
use super::sections::{Cell, Listing, Row, Section, Table};
use super::{ROWS, apps, groups, users};
use crate::org;
use crate::org::roles::{RoleAssignment, RoleKind};
use crate::pages::Page;

const COLUMNS: &[&str] = &["Role", "Kind", "Limited to", "Since (UTC)"];

/// How many assignments are shown.
const MOST: usize = 500;

fn cells(org: &org::Org, role: &RoleAssignment) -> [Cell; 4] {
    let kind = match &role.kind {
        RoleKind::Standard { kind } => Cell::code(kind),
        RoleKind::Custom { resource_set, .. } => {
            let set = org.resource_sets.position(resource_set);
            let set = set.and_then(|at| org.resource_sets.get(at));
            let label = set.map_or(resource_set.as_str(), |set| set.label.as_str());
            Cell::plain(format!("custom, on {label}"))
        }
    };
    let limits = match (role.targets.groups.len(), role.targets.apps.len()) {
        (0, 0) => "everything it reaches".to_owned(),
        (groups, 0) => format!("groups: {groups}"),
        (0, apps) => format!("applications: {apps}"),
        (groups, apps) => format!("groups: {groups}, applications: {apps}"),
    };
    [
        Cell::plain(&role.label),
        kind,
        Cell::plain(limits),
        Cell::time(Some(role.created)),
    ]
}

/// The roles that someone holds.
pub(super) fn section(org: &org::Org, held: &[RoleAssignment]) -> Section {
    let rows = held
        .iter()
        .take(ROWS)
        .map(|role| Row::new(cells(org, role)));
    Section::table(
        "Roles",
        Table::new(COLUMNS, "No administrator role.", rows.collect()),
    )
}

/// `GET /_org/roles`.
pub(super) async fn list(State(shared): Org, visit: Visit) -> Page {
    let org = shared.org();
    let users = org.users.iter();
    let users =
        users.flat_map(|(_, user)| user.roles.iter().map(move |it| (users::link(user), it)));
    let groups = org.groups.iter();
    let groups =
        groups.flat_map(|(_, group)| group.roles.iter().map(move |it| (groups::link(group), it)));
    let apps = org.apps.iter();
    let apps = apps.flat_map(|(_, app)| app.roles.iter().map(move |it| (apps::link(app), it)));
    let assigned = groups
        .chain(apps)
        .chain(users)
        .take(MOST)
        .map(|(holder, role)| Row::new(std::iter::once(holder).chain(cells(&org, role))));
    let assigned = Table::new(
        &["Holder", "Role", "Kind", "Limited to", "Since (UTC)"],
        "Nobody holds a role.",
        assigned.collect(),
    );
    let custom = org.custom_roles.iter().take(MOST).map(|(_, role)| {
        let permissions: Vec<&str> = role.permissions.keys().map(String::as_str).collect();
        Row::new([
            Cell::plain(&role.label),
            Cell::plain(&role.description),
            Cell::plain(permissions.join(", ")),
        ])
    });
    let custom = Table::new(
        &["Role", "Description", "Permissions"],
        "There is no custom role.",
        custom.collect(),
    );
    let sets = org.resource_sets.iter().take(MOST).map(|(_, set)| {
        Row::new([
            Cell::plain(&set.label),
            Cell::plain(&set.description),
            Cell::plain(set.resources.len()),
        ])
    });
    let sets = Table::new(
        &["Resource set", "Description", "Resources"],
        "There is no resource set.",
        sets.collect(),
    );
    drop(org);
    let sections = vec![
        Section::table("Assignments", assigned),
        Section::table("Custom roles", custom),
        Section::table("Resource sets", sets),
    ];
    Listing::new(visit.frame("Roles"), sections).page()
}
