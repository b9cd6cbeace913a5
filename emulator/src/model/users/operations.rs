//! `/api/v1/users`: create, read, list, update, delete, and what belongs to a user.

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post, put};
use crate::org::Org;
use crate::org::users::{Creation, SEARCHED_BY_Q, Status, User};
use crate::paging::Page;
use crate::problem::Problem;
use crate::selection::Selection;
use crate::view::{self, GroupView, UserDetail, UserView};

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/users", [get(list), post(create)])
        .at(
            "/api/v1/users/{userId}",
            [get(read), post(update), put(replace), delete(remove)],
        )
        .at("/api/v1/users/{userId}/groups", [get(groups)])
        .at("/api/v1/users/{userId}/appLinks", [get(app_links)])
        .at("/api/v1/users/{userId}/sessions", [delete(clear_sessions)])
}

/// The user that the path names, by id, by login, or as `me`.
pub(crate) fn user_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    match call.parameter("userId") {
        "me" => org.find_user(&org.caller.actor.id),
        id_or_login => org.find_user(id_or_login),
    }
}

fn show(org: &Org, call: &Call, position: u64) -> Result<Reply, Problem> {
    let user = org.user(position)?;
    Reply::ok(&UserView {
        org,
        user,
        base: &call.base,
        detail: UserDetail::Full,
    })
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let selection = Selection::of(call)?;
    let q = call.option("q");
    let mut page = match q {
        // A look-up by `q` is for pickers: it has one short page.
        Some(q) => {
            let found = |user: &User| user.starts_with(q) && user.status != Status::Deprovisioned;
            let selection = selection.starting(&SEARCHED_BY_Q, Some(q));
            selection.page(&org.users, call.limit(10, 200)?, found)?
        }
        None => {
            let everything = selection.is_everything();
            selection.page(&org.users, call.limit(200, 200)?, |user| {
                !everything || user.status != Status::Deprovisioned
            })?
        }
    };
    if q.is_some() {
        page.next = None;
    }
    let (base, detail) = (&call.base, UserDetail::Brief);
    let items = page
        .items
        .into_iter()
        .map(|(_, user)| UserView {
            org,
            user,
            base,
            detail,
        })
        .collect();
    Reply::page(
        call,
        &Page {
            items,
            next: page.next,
        },
    )
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let how = Creation {
        activate: call.flag("activate", true)?,
        provider: call.flag("provider", false)?,
        change_password: call.option("nextLogin") == Some("changePassword"),
    };
    let position = org.create_user(&call.object()?, how)?;
    show(org, call, position)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, call, user_of(org, call)?)
}

fn update(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = user_of(org, call)?;
    org.update_user(position, &call.object()?, false)?;
    show(org, call, position)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = user_of(org, call)?;
    org.update_user(position, &call.object()?, true)?;
    show(org, call, position)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.delete_user(user_of(org, call)?)?;
    Reply::no_content()
}

fn groups(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = user_of(org, call)?;
    let (after, base) = (call.after()?, &call.base);
    let rows = org
        .groups_of(position)
        .filter(|(group, _)| Some(*group) > after);
    let views = rows.map(|(position, group)| (position, GroupView { group, base }));
    Reply::page(call, &Page::take(views, call.limit(200, 200)?))
}

fn app_links(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = user_of(org, call)?;
    let user = org.user(position)?;
    let apps = org
        .apps
        .iter()
        .filter(|(_, app)| app.active && app.users.contains_key(&position));
    let links: Vec<Value> = apps
        .map(|(_, app)| view::app_link(app, user, &call.base))
        .collect();
    Reply::ok(&links)
}

fn clear_sessions(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.clear_sessions(user_of(org, call)?, call.flag("oauthTokens", false)?)?;
    Reply::no_content()
}
