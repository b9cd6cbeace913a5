//! `/api/v1/iam`: custom roles, resource sets, and who is an administrator. These lists carry
//! their cursor in the body.

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, patch, post, put};
use crate::org::Org;
use crate::org::custom_roles::CustomRole;
use crate::org::resource_sets::ResourceSet;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view;

pub(crate) const PAGE: usize = 100;

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/iam/assignees/users", [get(list_assignees)])
        .at("/api/v1/iam/roles", [get(list_roles), post(create_role)])
        .at(
            "/api/v1/iam/roles/{roleIdOrLabel}",
            [get(read_role), put(replace_role), delete(remove_role)],
        )
        .at(
            "/api/v1/iam/roles/{roleIdOrLabel}/permissions",
            [get(list_permissions)],
        )
        .at(
            "/api/v1/iam/roles/{roleIdOrLabel}/permissions/{permissionType}",
            [
                get(read_permission),
                post(create_permission),
                put(replace_permission),
                delete(remove_permission),
            ],
        )
        .at(
            "/api/v1/iam/resource-sets",
            [get(list_sets), post(create_set)],
        )
        .at(
            "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}",
            [get(read_set), put(replace_set), delete(remove_set)],
        )
        .at(
            "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}/resources",
            [
                get(list_resources),
                post(add_resource),
                patch(add_resources),
            ],
        )
        .at(
            "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}/resources/{resourceId}",
            [
                get(read_resource),
                put(replace_resource),
                delete(remove_resource),
            ],
        )
}

/// A page in an object: the items under `name`, the cursor under `_links.next`.
pub(crate) fn wrapped(call: &Call, name: &str, page: Page<Value>) -> Result<Reply, Problem> {
    let mut links = json!({ "self": { "href": call.self_url() } });
    if let Some(position) = page.next {
        links["next"] = json!({ "href": call.next_url(position) });
    }
    Reply::ok(&json!({ name: page.items, "_links": links }))
}

fn list_assignees(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let admins = org
        .users
        .after(call.after()?)
        .filter(|(_, user)| !user.roles.is_empty());
    let views = admins.map(|(position, user)| {
        let own = format!("{}/api/v1/users/{}", call.base, user.id);
        let assignee = json!({
            "id": user.id,
            "orn": format!("orn:okta:directory:{}:users:{}", *org.id, user.id),
            "_links": {
                "self": { "href": own },
                "roles": { "href": format!("{own}/roles") },
            },
        });
        (position, assignee)
    });
    wrapped(call, "value", Page::take(views, call.limit(PAGE, PAGE)?))
}

fn role_of<'o>(org: &'o Org, call: &Call) -> Result<(u64, &'o CustomRole), Problem> {
    let position = org.find_custom_role(call.parameter("roleIdOrLabel"))?;
    Ok((position, org.custom_role(position)?))
}

fn list_roles(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let roles = org.custom_roles.after(call.after()?);
    let views = roles.map(|(position, role)| (position, view::custom_role(role, &call.base)));
    wrapped(call, "roles", Page::take(views, PAGE))
}

fn create_role(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.create_custom_role(&call.object()?)?;
    Reply::ok(&view::custom_role(org.custom_role(position)?, &call.base))
}

fn read_role(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    Reply::ok(&view::custom_role(role_of(org, call)?.1, &call.base))
}

fn replace_role(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (position, _) = role_of(org, call)?;
    org.replace_custom_role(position, &call.object()?)?;
    Reply::ok(&view::custom_role(org.custom_role(position)?, &call.base))
}

fn remove_role(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (position, _) = role_of(org, call)?;
    org.delete_custom_role(position)?;
    Reply::no_content()
}

fn list_permissions(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (_, role) = role_of(org, call)?;
    let permissions: Vec<Value> = role
        .permissions
        .iter()
        .map(|(kind, permission)| view::permission(role, kind, permission, &call.base))
        .collect();
    Reply::ok(&json!({ "permissions": permissions }))
}

fn read_permission(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (_, role) = role_of(org, call)?;
    let kind = call.parameter("permissionType");
    Reply::ok(&view::permission(
        role,
        kind,
        role.permission(kind)?,
        &call.base,
    ))
}

fn set_permission(org: &mut Org, call: &Call) -> Result<(), Problem> {
    let (position, _) = role_of(org, call)?;
    let conditions = call
        .object_or_empty()?
        .remove("conditions")
        .unwrap_or_default();
    org.set_permission(position, call.parameter("permissionType"), conditions)
}

fn create_permission(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    set_permission(org, call)?;
    Reply::no_content()
}

fn replace_permission(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    role_of(org, call)?
        .1
        .permission(call.parameter("permissionType"))?;
    set_permission(org, call)?;
    read_permission(org, call)
}

fn remove_permission(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (position, _) = role_of(org, call)?;
    org.remove_permission(position, call.parameter("permissionType"))?;
    Reply::no_content()
}

fn set_of<'o>(org: &'o Org, call: &Call) -> Result<(u64, &'o ResourceSet), Problem> {
    let position = org.find_resource_set(call.parameter("resourceSetIdOrLabel"))?;
    Ok((position, org.resource_set(position)?))
}

fn list_sets(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let sets = org.resource_sets.after(call.after()?);
    let views = sets.map(|(position, set)| (position, view::resource_set(set, &call.base)));
    wrapped(call, "resource-sets", Page::take(views, PAGE))
}

fn create_set(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.create_resource_set(&call.object()?)?;
    Reply::ok(&view::resource_set(org.resource_set(position)?, &call.base))
}

fn read_set(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    Reply::ok(&view::resource_set(set_of(org, call)?.1, &call.base))
}

fn replace_set(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (position, _) = set_of(org, call)?;
    org.replace_resource_set(position, &call.object()?)?;
    Reply::ok(&view::resource_set(org.resource_set(position)?, &call.base))
}

fn remove_set(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (position, _) = set_of(org, call)?;
    org.delete_resource_set(position)?;
    Reply::no_content()
}

fn list_resources(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (_, set) = set_of(org, call)?;
    let after = call.after()?;
    let rows = (0..)
        .zip(&set.resources)
        .filter(|(position, _)| after.is_none_or(|after| *position > after));
    let views = rows.map(|(position, one)| (position, view::resource(set, one, &call.base)));
    wrapped(
        call,
        "resources",
        Page::take(views, call.limit(PAGE, PAGE)?),
    )
}

fn add_resources(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (position, _) = set_of(org, call)?;
    org.add_resources(position, &call.object()?)?;
    Reply::ok(&view::resource_set(org.resource_set(position)?, &call.base))
}

fn add_resource(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (position, _) = set_of(org, call)?;
    let id = org.add_resource(position, &call.object()?)?;
    show_resource(org, call, &id)
}

fn read_resource(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show_resource(org, call, call.parameter("resourceId"))
}

fn replace_resource(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (position, _) = set_of(org, call)?;
    let id = call.parameter("resourceId");
    org.replace_resource(position, id, &call.object()?)?;
    show_resource(org, call, id)
}

fn show_resource(org: &Org, call: &Call, id: &str) -> Result<Reply, Problem> {
    let (_, set) = set_of(org, call)?;
    Reply::ok(&view::resource(set, set.resource(id)?, &call.base))
}

fn remove_resource(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (position, _) = set_of(org, call)?;
    org.remove_resource(position, call.parameter("resourceId"))?;
    Reply::no_content()
}
