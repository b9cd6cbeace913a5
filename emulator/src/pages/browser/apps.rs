//! Applications.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::frame::{Org, Visit};
use super::sections::{Cell, Listing, Row, Section, Table, rows};
use super::{Asked, groups, log, masked, roles, users};
use crate::org;
use crate::org::apps::App;
use crate::pages::Page;
use crate::paging;

const COLUMNS: &[&str] = &["Label", "Sign-on mode", "Status", "Users", "Groups"];

pub(super) fn link(app: &App) -> Cell {
    Cell::link(&app.label, format!("/_org/apps/{}", app.id))
}

fn sign_on_mode(app: &App) -> &str {
    app.body
        .get("signOnMode")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn row(app: &App) -> Row {
    Row::new([
        link(app),
        Cell::plain(sign_on_mode(app)),
        Cell::status(app.status()),
        Cell::plain(app.users.len()),
        Cell::plain(app.groups.len()),
    ])
}

/// `GET /_org/apps`.
pub(super) async fn list(State(shared): Org, visit: Visit, Query(asked): Query<Asked>) -> Page {
    let org = shared.org();
    let text = asked.q.trim().to_lowercase();
    let apps = org.apps.after(paging::decode(&asked.after));
    let apps = apps.filter(|(_, app)| app.label.to_lowercase().contains(&text));
    let (rows, next) = rows(apps, row);
    drop(org);
    let table = Table::new(COLUMNS, "No application fits.", rows);
    Listing::new(
        visit.frame("Applications"),
        vec![Section::list("Applications", table)],
    )
    .search("Text in the label", &asked.q)
    .next(next)
    .page()
}

/// `GET /_org/apps/{id}`.
pub(super) async fn show(
    State(shared): Org,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let org = shared.org();
    let Some(app) = org.apps.position(&id).and_then(|at| org.apps.get(at)) else {
        drop(org);
        return visit.missing("application");
    };
    let facts = [
        ("Sign-on mode", Cell::plain(sign_on_mode(app))),
        ("Status", Cell::status(app.status())),
        ("Name", Cell::code(&app.name)),
        ("Id", Cell::code(&app.id)),
        ("Created (UTC)", Cell::time(Some(app.created))),
        ("API scopes", Cell::plain(scopes(app))),
    ];
    let after = paging::decode(&asked.after);
    let accounts = app
        .users
        .iter()
        .filter(|(at, _)| after.is_none_or(|after| **at > after));
    let accounts = accounts.filter_map(|(at, account)| Some((*at, (org.users.get(*at)?, account))));
    let (accounts, next) = rows(accounts, |(user, account)| {
        Row::new([
            users::link(user),
            Cell::plain(&account.user_name),
            Cell::plain(account.scope.as_str()),
        ])
    });
    let columns = &["Login", "Username there", "Assigned by"];
    let count = app.users.len();
    let mut body = Value::Object(app.body.clone());
    masked::json(&mut body);
    let sections = vec![
        Section::facts("Application", facts),
        assigned_groups(&org, app),
        roles::section(&org, &app.roles),
        Section::json("Settings and credentials", &body),
        log::about(&org, &app.id),
        Section::table(
            &format!("Users ({count})"),
            Table::new(columns, "Nobody is assigned.", accounts),
        ),
    ];
    let frame = visit.frame(&*app.label).below("/_org/apps", "Applications");
    drop(org);
    Listing::new(frame, sections)
        .next_of(&format!("/_org/apps/{id}"), next)
        .page()
        .into_response()
}

fn scopes(app: &App) -> String {
    let scopes = app.grants.values().map(|grant| grant.scope.as_str());
    match scopes.collect::<Vec<_>>() {
        none if none.is_empty() => "none".to_owned(),
        scopes => scopes.join(" "),
    }
}

fn assigned_groups(org: &org::Org, app: &App) -> Section {
    let assigned = app.groups.keys().filter_map(|at| org.groups.get(*at));
    let rows = assigned
        .take(super::ROWS)
        .map(|group| groups::row(org, group));
    let table = Table::new(groups::COLUMNS, "No group is assigned.", rows.collect());
    Section::table("Groups", table)
}
