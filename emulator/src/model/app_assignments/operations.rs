//! `/api/v1/apps/{appId}/users` and `/groups`.

use std::ops::Bound;

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::model::apps::operations::app_of;
use crate::modelled::{Modelled, delete, get, patch, post, put};
use crate::org::Org;
use crate::org::app_assignments::AppUser;
use crate::org::apps::App;
use crate::org::users::User;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view::{self, UserDetail, UserView};

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at(
            "/api/v1/apps/{appId}/users",
            [get(list_users), post(assign_user)],
        )
        .at(
            "/api/v1/apps/{appId}/users/{userId}",
            [
                get(read_user),
                post(update_user),
                put(put_user),
                delete(remove_user),
            ],
        )
        .at("/api/v1/apps/{appId}/groups", [get(list_groups)])
        .at(
            "/api/v1/apps/{appId}/groups/{groupId}",
            [
                get(read_group),
                put(assign_group),
                patch(update_group),
                delete(remove_group),
            ],
        )
}

fn app_and_user(org: &Org, call: &Call) -> Result<(u64, u64), Problem> {
    Ok((app_of(org, call)?, org.find_user(call.parameter("userId"))?))
}

fn app_and_group(org: &Org, call: &Call) -> Result<(u64, u64), Problem> {
    Ok((
        app_of(org, call)?,
        org.find_group(call.parameter("groupId"))?,
    ))
}

fn show_user(org: &Org, call: &Call, app: u64, user: u64) -> Result<Reply, Problem> {
    let held = org.app_user(app, user)?;
    Reply::ok(&account(org, call, org.app(app)?, org.user(user)?, held))
}

fn show_group(org: &Org, call: &Call, app: u64, group: u64) -> Result<Reply, Problem> {
    let assignment = org.app_group(app, group)?;
    Reply::ok(&view::app_group(
        org.app(app)?,
        org.group(group)?,
        assignment,
        &call.base,
    ))
}

fn behind(call: &Call) -> Result<(Bound<u64>, Bound<u64>), Problem> {
    Ok((
        call.after()?.map_or(Bound::Unbounded, Bound::Excluded),
        Bound::Unbounded,
    ))
}

/// A user of an app; with the user in it where `expand=user` asks for that.
fn account(org: &Org, call: &Call, app: &App, user: &User, held: &AppUser) -> Value {
    let mut shown = view::app_user(app, user, held, &call.base);
    if call.option("expand") == Some("user") {
        let user = UserView {
            org,
            user,
            base: &call.base,
            detail: UserDetail::Brief,
        };
        shown["_embedded"] = json!({ "user": user });
    }
    shown
}

fn list_users(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = org.app(app_of(org, call)?)?;
    let q = call.option("q").map(str::to_lowercase);
    let accounts = app
        .users
        .range(behind(call)?)
        .filter_map(|(&position, held)| {
            let user = org.users.get(position)?;
            let named =
                |q: &String| user.starts_with(q) || held.user_name.to_lowercase().starts_with(q);
            q.as_ref()
                .is_none_or(named)
                .then(|| (position, account(org, call, app, user, held)))
        });
    Reply::page(call, &Page::take(accounts, call.limit(50, 500)?))
}

fn assign_user(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let body = call.object()?;
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default();
    if id.is_empty() {
        return Err(Problem::blank("id"));
    }
    let user = org.find_user(id)?;
    org.assign_user_to_app(app, user, &body)?;
    show_user(org, call, app, user)
}

fn read_user(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, user) = app_and_user(org, call)?;
    show_user(org, call, app, user)
}

fn update_user(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, user) = app_and_user(org, call)?;
    org.update_app_user(app, user, &call.object_or_empty()?)?;
    show_user(org, call, app, user)
}

fn put_user(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, user) = app_and_user(org, call)?;
    org.assign_user_to_app(app, user, &call.object_or_empty()?)?;
    show_user(org, call, app, user)
}

fn remove_user(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, user) = app_and_user(org, call)?;
    org.unassign_user_from_app(app, user)?;
    Reply::no_content()
}

fn list_groups(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = org.app(app_of(org, call)?)?;
    let q = call.option("q").map(str::to_lowercase);
    let assigned = app
        .groups
        .range(behind(call)?)
        .filter_map(|(&position, assignment)| {
            let group = org.groups.get(position)?;
            q.as_ref()
                .is_none_or(|q| group.name().to_lowercase().starts_with(q))
                .then(|| {
                    (
                        position,
                        view::app_group(app, group, assignment, &call.base),
                    )
                })
        });
    Reply::page(call, &Page::take(assigned, call.limit(20, 200)?))
}

fn read_group(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, group) = app_and_group(org, call)?;
    show_group(org, call, app, group)
}

fn assign_group(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, group) = app_and_group(org, call)?;
    org.assign_group_to_app(app, group, &call.object_or_empty()?)?;
    show_group(org, call, app, group)
}

/// The body is a JSON Patch; of its operations those on `/priority` have an effect here.
fn update_group(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, group) = app_and_group(org, call)?;
    org.app_group(app, group)?;
    let operations = call.list()?.iter();
    let changes = operations
        .filter(|operation| operation["path"] == "/priority")
        .map(|operation| ("priority".to_owned(), operation["value"].clone()))
        .collect();
    org.assign_group_to_app(app, group, &changes)?;
    show_group(org, call, app, group)
}

fn remove_group(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (app, group) = app_and_group(org, call)?;
    org.unassign_group_from_app(app, group)?;
    Reply::no_content()
}
