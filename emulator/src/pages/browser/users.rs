//! Users.

use std::collections::BTreeSet;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::frame::{Org, Visit};
use super::sections::{Cell, Listing, Row, Section, Table, rows};
use super::{Asked, ROWS, log, roles};
use crate::org;
use crate::org::table::Wanted;
use crate::org::users::{LOGIN, SEARCHED_BY_Q, User};
use crate::pages::Page;
use crate::paging;

pub(super) const COLUMNS: &[&str] = &["Login", "Name", "Status", "Last updated (UTC)"];

pub(super) fn link(user: &User) -> Cell {
    Cell::link(user.login(), format!("/_org/users/{}", user.id))
}

pub(super) fn row(user: &User) -> Row {
    Row::new([
        link(user),
        Cell::plain(user.display_name()),
        Cell::status(user.status.as_str()),
        Cell::time(Some(user.last_updated)),
    ])
}

/// The positions of users of whom a login, a name or an e-mail address starts like this.
fn found(org: &org::Org, start: &str) -> BTreeSet<u64> {
    let start = start.to_lowercase();
    let wanted = Wanted::Prefix(&start);
    let paths = SEARCHED_BY_Q.into_iter().chain([LOGIN]);
    let candidates = paths.flat_map(|path| org.users.find_all(path, &wanted));
    let fits =
        |user: &User| user.starts_with(&start) || user.login().to_lowercase().starts_with(&start);
    let found = candidates.filter(|(_, user)| fits(user));
    found.map(|(position, _)| position).collect()
}

/// `GET /_org/users`.
pub(super) async fn list(State(shared): Org, visit: Visit, Query(asked): Query<Asked>) -> Page {
    let org = shared.org();
    let after = paging::decode(&asked.after);
    let start = asked.q.trim();
    let (rows, next) = if start.is_empty() {
        rows(org.users.after(after), row)
    } else {
        let found = found(&org, start);
        let found = found
            .into_iter()
            .filter(|at| after.is_none_or(|after| *at > after));
        let users = found.filter_map(|at| Some((at, org.users.get(at)?)));
        rows(users, row)
    };
    drop(org);
    let table = Table::new(COLUMNS, "No user fits.", rows);
    Listing::new(visit.frame("Users"), vec![Section::list("Users", table)])
        .search("Login, name or e-mail address", &asked.q)
        .next(next)
        .page()
}

/// `GET /_org/users/{id}`.
pub(super) async fn show(State(shared): Org, visit: Visit, Path(id): Path<String>) -> Response {
    let org = shared.org();
    let Some((position, user)) = org
        .users
        .position(&id)
        .and_then(|at| Some((at, org.users.get(at)?)))
    else {
        drop(org);
        return visit.missing("user");
    };
    let sections = vec![
        facts(user),
        profile(user),
        groups(&org, position),
        apps(&org, position),
        roles::section(&org, &user.roles),
        factors(&org, position, &visit, shared.clock.stamp()),
        log::about(&org, &user.id),
    ];
    let frame = visit
        .frame(user.display_name())
        .below("/_org/users", "Users");
    drop(org);
    Listing::new(frame, sections).page().into_response()
}

fn facts(user: &User) -> Section {
    Section::facts(
        "User",
        [
            ("Login", Cell::plain(user.login())),
            ("Status", Cell::status(user.status.as_str())),
            ("Id", Cell::code(&user.id)),
            ("Created (UTC)", Cell::time(Some(user.created))),
            ("Last login (UTC)", Cell::time(user.last_login)),
            ("Password changed (UTC)", Cell::time(user.password_changed)),
        ],
    )
}

fn profile(user: &User) -> Section {
    let profile = user.profile.object();
    let attributes = profile.into_iter().filter(|(_, value)| !value.is_null());
    let shown = attributes.map(|(name, value)| match value {
        Value::String(text) => (name, Cell::plain(text)),
        other => (name, Cell::code(other)),
    });
    Section::facts("Profile", shown)
}

fn groups(org: &org::Org, user: u64) -> Section {
    let groups = org.memberships.groups(user).iter();
    let rows = groups.filter_map(|at| org.groups.get(*at)).take(ROWS);
    let rows = rows.map(|group| super::groups::row(org, group));
    let table = Table::new(super::groups::COLUMNS, "In no group.", rows.collect());
    Section::table("Groups", table)
}

fn apps(org: &org::Org, user: u64) -> Section {
    let apps = org
        .apps
        .iter()
        .filter_map(|(_, app)| Some((app, app.users.get(&user)?)));
    let rows = apps.take(ROWS).map(|(app, account)| {
        Row::new([
            super::apps::link(app),
            Cell::plain(&account.user_name),
            Cell::plain(account.scope.as_str()),
        ])
    });
    let columns = &["Application", "Username there", "Assigned by"];
    Section::table(
        "Applications",
        Table::new(columns, "No application.", rows.collect()),
    )
}

fn factors(org: &org::Org, user: u64, visit: &Visit, now: crate::clock::Timestamp) -> Section {
    let factors = org.factors.iter().filter(|(_, factor)| factor.user == user);
    let rows = factors.take(ROWS).map(|(position, factor)| {
        let code = match org.passcode(position, now) {
            Some(code) if visit.is_unlocked => Cell::code(code),
            Some(_) => Cell::plain("locked"),
            None => Cell::plain("none"),
        };
        let status = if factor.active {
            "ACTIVE"
        } else {
            "PENDING_ACTIVATION"
        };
        Row::new([
            Cell::code(factor.kind),
            Cell::plain(factor.provider),
            Cell::status(status),
            code,
        ])
    });
    let columns = &["Factor", "Provider", "Status", "Code now"];
    Section::table("Factors", Table::new(columns, "No factor.", rows.collect()))
}
