//! API tokens, sessions, and the tokens of OAuth. Their values are nowhere.

use axum::extract::State;
use chrono::DateTime;

use super::ROWS;
use super::frame::{Org, Visit};
use super::sections::{Cell, Listing, Row, Section, Table};
use super::users;
use crate::clock::Timestamp;
use crate::oauth::memory::approval::Approval;
use crate::oauth::words::server::Server;
use crate::org;
use crate::pages::Page;

/// `GET /_org/tokens`.
pub(super) async fn list(State(shared): Org, visit: Visit) -> Page {
    let org = shared.org();
    let now = shared.clock.stamp();
    let sections = vec![
        api_tokens(&org),
        sessions(&org, now),
        access_tokens(&org, now),
        refresh_tokens(&org, now),
    ];
    drop(org);
    let lead = format!("The latest {ROWS} of each kind. Values of tokens are not shown.");
    Listing::new(visit.frame("Tokens").lead(lead), sections).page()
}

fn user(org: &org::Org, position: Option<u64>) -> Cell {
    let Some(position) = position else {
        return Cell::plain("the client itself");
    };
    let user = org.users.get(position);
    user.map_or_else(|| Cell::plain("deleted"), users::link)
}

fn client(org: &org::Org, id: &str) -> Cell {
    let app = org.find_client(id).ok().and_then(|at| org.apps.get(at));
    app.map_or_else(|| Cell::code(id), super::apps::link)
}

fn server(org: &org::Org, server: Server) -> Cell {
    match server {
        Server::Org => Cell::plain("the org's own"),
        Server::Custom(at) => {
            let server = org.authorization_servers.get(at);
            Cell::plain(server.map_or("deleted", |server| server.name.as_str()))
        }
    }
}

fn second(second: i64) -> Option<Timestamp> {
    DateTime::from_timestamp(second, 0).map(Timestamp)
}

fn api_tokens(org: &org::Org) -> Section {
    let tokens = org.api_tokens.iter().take(ROWS);
    let rows = tokens.map(|(_, token)| {
        Row::new([
            Cell::plain(&token.name),
            user(org, Some(token.user)),
            Cell::plain(if token.current { "yes" } else { "no" }),
            Cell::time(Some(token.created)),
        ])
    });
    let columns = &["Name", "Of", "The one in use", "Created (UTC)"];
    Section::table(
        "API tokens",
        Table::new(columns, "There is none.", rows.collect()),
    )
}

fn sessions(org: &org::Org, now: Timestamp) -> Section {
    let mut held: Vec<_> = org.oauth.sessions.all(now).collect();
    held.sort_by_key(|held| std::cmp::Reverse(held.created));
    let rows = held.into_iter().take(ROWS).map(|held| {
        Row::new([
            user(org, Some(held.session.user)),
            Cell::time(Some(held.created)),
            Cell::time(Some(held.expires)),
        ])
    });
    let columns = &["User", "Since (UTC)", "Until (UTC)"];
    Section::table(
        "Sessions",
        Table::new(columns, "Nobody is logged in.", rows.collect()),
    )
}

/// What is said of a token: for whom, what for, and until when.
fn row(org: &org::Org, approval: &Approval, expires: i64, is_revoked: bool, now: Timestamp) -> Row {
    let status = match (is_revoked, expires <= now.epoch_seconds()) {
        (true, _) => "REVOKED",
        (false, true) => "EXPIRED",
        (false, false) => "ACTIVE",
    };
    Row::new([
        client(org, &approval.client_id),
        user(org, approval.user),
        server(org, approval.server),
        Cell::plain(approval.scopes.join(" ")),
        Cell::status(status),
        Cell::time(second(expires)),
    ])
}

const COLUMNS: &[&str] = &[
    "Client",
    "User",
    "Server",
    "Scopes",
    "Status",
    "Until (UTC)",
];

fn access_tokens(org: &org::Org, now: Timestamp) -> Section {
    let mut tokens: Vec<_> = org.oauth.tokens.all_access().collect();
    tokens.sort_by_key(|token| std::cmp::Reverse(token.issued));
    let rows = tokens.into_iter().take(ROWS);
    let rows = rows.map(|token| row(org, &token.approval, token.expires, token.revoked, now));
    let table = Table::new(COLUMNS, "None was issued.", rows.collect());
    Section::table("Access tokens", table)
}

fn refresh_tokens(org: &org::Org, now: Timestamp) -> Section {
    let tokens = org.oauth.tokens.all_refresh();
    let mut tokens: Vec<_> = tokens.filter(|token| token.replaced.is_none()).collect();
    tokens.sort_by_key(|token| std::cmp::Reverse(token.expires));
    let rows = tokens.into_iter().take(ROWS);
    let rows = rows.map(|token| row(org, &token.approval, token.expires, token.revoked, now));
    let table = Table::new(COLUMNS, "None was issued.", rows.collect());
    Section::table("Refresh tokens", table)
}
