//! Pages that show the org: what it holds, what happens in it, and what makes it misbehave. `/` and
//! `/_org/…`, which are no paths of Okta's. No request to them is recorded, counted or hit by a fault.
//!
//! Everyone who may see them may read them: they show no secret. Who wants to change something, or to
//! read what was sent to people, shows the API token first.

mod apps;
mod controls;
mod faults;
mod frame;
mod groups;
mod log;
mod masked;
mod messages;
mod overview;
mod policies;
mod requests;
mod roles;
mod sections;
mod tokens;
mod unlock;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::unlocking::is_own_form;
use super::{assets, sign_in};
use crate::shared::Shared;
use frame::{Org, Visit};

/// How many rows a page has.
const ROWS: usize = 50;

/// The pages with what they load.
pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let changes = Router::new()
        .route("/_org/faults/clear", post(faults::clear))
        .route("/_org/faults/seed", post(faults::seed))
        .route("/_org/faults/{number}/remove", post(faults::remove))
        .route("/_org/controls/clock", post(controls::advance_clock))
        .route("/_org/controls/keys", post(controls::rotate_keys))
        .route("/_org/controls/requests", post(controls::forget_requests))
        .route("/_org/controls/messages", post(controls::forget_messages));
    Router::new()
        .route("/", get(overview::show))
        .route("/_org/users", get(users::list))
        .route("/_org/users/{id}", get(users::show))
        .route("/_org/groups", get(groups::list))
        .route("/_org/groups/{id}", get(groups::show))
        .route("/_org/apps", get(apps::list))
        .route("/_org/apps/{id}", get(apps::show))
        .route("/_org/roles", get(roles::list))
        .route("/_org/policies", get(policies::list))
        .route("/_org/policies/{id}", get(policies::show))
        .route("/_org/tokens", get(tokens::list))
        .route("/_org/log", get(log::list))
        .route("/_org/log/{position}", get(log::show))
        .route("/_org/requests", get(requests::list))
        .route("/_org/requests/{number}", get(requests::show))
        .route("/_org/messages", get(messages::list))
        .route("/_org/faults", get(faults::list).post(faults::add))
        .route("/_org/controls", get(controls::show))
        .route("/_org/unlock", get(unlock::ask).post(unlock::unlock))
        .route("/_org/lock", post(unlock::lock))
        .route("/_org", get(async || Redirect::permanent("/")))
        .route("/_org/{*rest}", get(missing))
        .merge(changes)
        .route_layer(middleware::from_fn_with_state(shared.clone(), guard))
        .merge(assets::routes())
}

/// What lists are asked for: texts, and from where on. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    after: String,
}

/// Lets browsers on this machine read, and those change something that have shown the token.
async fn guard(State(shared): Org, mut request: Request, next: Next) -> Response {
    if !shared.entrance.shows_pages_to(request.headers()) {
        return elsewhere(&shared);
    }
    let visit = Visit::of(&shared, &request);
    let is_change = *request.method() == Method::POST;
    if is_change && !is_own_form(&visit.base, request.headers()) {
        let text = "This form was not sent by a page of the emulator.";
        return refused(text, ("/", "To the overview"));
    }
    let unlocks = request.uri().path() == "/_org/unlock";
    if is_change && !unlocks && !visit.is_unlocked {
        let text = "To change something, show the API token first.";
        return refused(text, ("/_org/unlock", "Unlock the controls"));
    }
    request.extensions_mut().insert(visit);
    next.run(request).await
}

fn refused(text: &str, link: (&str, &str)) -> Response {
    let page = sign_in::signpost("Nothing was changed", text, link);
    (StatusCode::FORBIDDEN, page).into_response()
}

/// What callers from elsewhere see.
fn elsewhere(shared: &Shared) -> Response {
    let text = "The pages of this org are for browsers on the machine on which it runs. \
                --open-pages, or Builder::open_pages in Rust, shows them to everyone. The API \
                answers under this name.";
    let page = sign_in::signpost(
        "An emulated Okta org",
        text,
        (&shared.org_url, &shared.org_url),
    );
    (StatusCode::FORBIDDEN, page).into_response()
}

async fn missing(visit: Visit) -> Response {
    visit.missing("page")
}
