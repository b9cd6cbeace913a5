//! `/api/v1/users/{userId}/roles`, `/api/v1/groups/{groupId}/roles`,
//! `/oauth2/v1/clients/{clientId}/roles`, and the targets of roles.

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::model::users::operations::user_of;
use crate::modelled::{Modelled, delete, get, post, put};
use crate::org::Org;
use crate::org::roles::Assignee;
use crate::org::targets::AppTarget;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view::{self, GroupView};

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .merge(roles_of("/api/v1/users/{userId}/roles"))
        .merge(roles_of("/api/v1/groups/{groupId}/roles"))
        .merge(roles_of("/oauth2/v1/clients/{clientId}/roles"))
        // A role of a client goes back to all applications only by a new assignment.
        .at(
            "/api/v1/users/{userId}/roles/{roleAssignmentId}/targets/catalog/apps",
            [put(all_apps)],
        )
        .at(
            "/api/v1/groups/{groupId}/roles/{roleAssignmentId}/targets/catalog/apps",
            [put(all_apps)],
        )
}

/// The paths below a holder's roles, the same for users, groups and clients.
fn roles_of(holder: &str) -> Modelled {
    let role = format!("{holder}/{{roleAssignmentId}}");
    let groups = format!("{role}/targets/groups");
    let apps = format!("{role}/targets/catalog/apps");
    let target = || [put(add_app), delete(remove_app)];
    Modelled::new()
        .at(holder, [get(list), post(assign)])
        .at(&role, [get(read), delete(unassign)])
        .at(&groups, [get(list_groups)])
        .at(
            &format!("{groups}/{{targetGroupId}}"),
            [put(add_group), delete(remove_group)],
        )
        .at(&apps, [get(list_apps)])
        .at(&format!("{apps}/{{appName}}"), target())
        .at(&format!("{apps}/{{appName}}/{{appId}}"), target())
}

fn assignee_of(org: &Org, call: &Call) -> Result<Assignee, Problem> {
    match (call.parameter("groupId"), call.parameter("clientId")) {
        ("", "") => Ok(Assignee::User(user_of(org, call)?)),
        ("", client) => Ok(Assignee::Client(org.find_client(client)?)),
        (group, _) => Ok(Assignee::Group(org.find_group(group)?)),
    }
}

fn role_of(call: &Call) -> &str {
    call.parameter("roleAssignmentId")
}

/// A user's list has the roles of the user's groups, too.
fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let assignee = assignee_of(org, call)?;
    let mut holders = vec![assignee];
    if let Assignee::User(user) = assignee {
        holders.extend(org.groups_of(user).map(|(group, _)| Assignee::Group(group)));
    }
    let mut roles: Vec<Value> = Vec::new();
    for holder in holders {
        let held = org.roles(holder)?.iter();
        roles.extend(held.map(|role| view::role(org, holder, role, &call.base)));
    }
    Reply::ok(&roles)
}

fn assign(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let assignee = assignee_of(org, call)?;
    let role = org.assign_role(assignee, &call.object()?)?;
    Reply::created(&view::role(org, assignee, &role, &call.base))
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let assignee = assignee_of(org, call)?;
    let role = org.role(assignee, role_of(call))?;
    Reply::ok(&view::role(org, assignee, role, &call.base))
}

fn unassign(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.unassign_role(assignee_of(org, call)?, role_of(call))?;
    Reply::no_content()
}

/// Targets in the order in which they were added; a cursor counts them.
fn page<'o, T: 'o>(
    call: &Call,
    targets: &'o [T],
    view: impl Fn(&'o T) -> Option<Value>,
) -> Result<Reply, Problem> {
    let after = call.after()?;
    let rows = (0..)
        .zip(targets)
        .filter(|(position, _)| after.is_none_or(|after| *position > after));
    let views = rows.filter_map(|(position, target)| Some((position, view(target)?)));
    Reply::page(call, &Page::take(views, call.limit(20, 200)?))
}

fn list_groups(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let role = org.role(assignee_of(org, call)?, role_of(call))?;
    page(call, &role.targets.groups, |id| {
        let group = org.groups.get(org.groups.position(id)?)?;
        Some(serde_json::json!(GroupView {
            group,
            base: &call.base
        }))
    })
}

fn add_group(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let assignee = assignee_of(org, call)?;
    org.add_group_target(assignee, role_of(call), call.parameter("targetGroupId"))?;
    Reply::no_content()
}

fn remove_group(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let assignee = assignee_of(org, call)?;
    org.remove_group_target(assignee, role_of(call), call.parameter("targetGroupId"))?;
    Reply::no_content()
}

fn list_apps(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let role = org.role(assignee_of(org, call)?, role_of(call))?;
    page(call, &role.targets.apps, |target| {
        let instance = match &target.instance {
            Some(id) => Some(org.apps.get(org.apps.position(id)?)?),
            None => None,
        };
        Some(view::catalog_app(&target.name, instance, &call.base))
    })
}

fn all_apps(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.clear_app_targets(assignee_of(org, call)?, role_of(call))?;
    Reply::empty_object()
}

fn app_target(call: &Call) -> AppTarget {
    let instance = Some(call.parameter("appId")).filter(|id| !id.is_empty());
    AppTarget {
        name: call.parameter("appName").to_owned(),
        instance: instance.map(str::to_owned),
    }
}

fn add_app(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.add_app_target(assignee_of(org, call)?, role_of(call), app_target(call))?;
    Reply::no_content()
}

fn remove_app(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.remove_app_target(assignee_of(org, call)?, role_of(call), &app_target(call))?;
    Reply::no_content()
}
