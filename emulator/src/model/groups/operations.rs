//! `/api/v1/groups`: groups, their members and their applications.

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post, put};
use crate::org::Org;
use crate::org::groups::NAME;
use crate::paging::Page;
use crate::problem::Problem;
use crate::selection::Selection;
use crate::view::{self, GroupView, UserDetail, UserView};

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/groups", [get(list), post(create)])
        .at(
            "/api/v1/groups/{groupId}",
            [get(read), put(replace), delete(remove)],
        )
        .at("/api/v1/groups/{groupId}/users", [get(members)])
        .at(
            "/api/v1/groups/{groupId}/users/{userId}",
            [put(add_member), delete(remove_member)],
        )
        .at("/api/v1/groups/{groupId}/apps", [get(apps)])
}

fn show(org: &Org, call: &Call, position: u64) -> Result<Reply, Problem> {
    Reply::ok(&GroupView {
        group: org.group(position)?,
        base: &call.base,
    })
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let selection = Selection::of(call)?;
    let limit = call.limit(10_000, 10_000)?;
    let q = call.option("q").map(str::to_lowercase);
    let selection = selection.starting(&[NAME], q.as_deref());
    let page = selection.page(&org.groups, limit, |group| {
        q.as_ref()
            .is_none_or(|q| group.name().to_lowercase().starts_with(q))
    })?;
    let base = &call.base;
    let with_stats = call
        .option("expand")
        .is_some_and(|expand| expand.contains("stats"));
    let item = |(position, group)| {
        if with_stats {
            view::group_with_stats(org, position, group, base)
        } else {
            json!(GroupView { group, base })
        }
    };
    let items: Vec<Value> = page.items.into_iter().map(item).collect();
    Reply::page(
        call,
        &Page {
            items,
            next: page.next,
        },
    )
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.create_group(&call.object()?)?;
    show(org, call, position)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, call, org.find_group(call.parameter("groupId"))?)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.find_own_group(call.parameter("groupId"))?;
    org.replace_group(position, &call.object()?)?;
    show(org, call, position)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.delete_group(org.find_own_group(call.parameter("groupId"))?)?;
    Reply::no_content()
}

fn members(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let group = org.find_group(call.parameter("groupId"))?;
    let after = call.after()?.map_or(0, |position| position + 1);
    let (base, detail) = (&call.base, UserDetail::Brief);
    let users = org.memberships.members(group, after);
    let users = users.filter_map(|position| {
        let user = org.users.get(position)?;
        Some((
            position,
            UserView {
                org,
                user,
                base,
                detail,
            },
        ))
    });
    Reply::page(call, &Page::take(users, call.limit(1_000, 1_000)?))
}

fn add_member(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let group = org.find_own_group(call.parameter("groupId"))?;
    let user = org.find_user(call.parameter("userId"))?;
    org.add_member(group, user)?;
    org.refresh_rules_of(user);
    Reply::no_content()
}

fn remove_member(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let group = org.find_own_group(call.parameter("groupId"))?;
    let user = org.find_user(call.parameter("userId"))?;
    org.exclude_from_rules(user, group);
    org.remove_member(group, user)?;
    org.refresh_rules_of(user);
    Reply::no_content()
}

fn apps(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let group = org.find_group(call.parameter("groupId"))?;
    let assigned = org
        .apps
        .after(call.after()?)
        .filter(|(_, app)| app.groups.contains_key(&group));
    let views = assigned.map(|(position, app)| (position, view::app(org, app, &call.base)));
    Reply::page(call, &Page::take(views, call.limit(20, 200)?))
}
