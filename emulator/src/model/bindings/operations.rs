//! `/api/v1/iam/resource-sets/{resourceSetIdOrLabel}/bindings`.

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::model::iam::{PAGE, wrapped};
use crate::modelled::{Modelled, delete, get, patch, post};
use crate::org::Org;
use crate::org::bindings::Binding;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view;

const BINDINGS: &str = "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}/bindings";

pub(crate) fn operations() -> Modelled {
    let path = |rest: &str| format!("{BINDINGS}/{{roleIdOrLabel}}{rest}");
    Modelled::new()
        .at(BINDINGS, [get(list), post(create)])
        .at(&path(""), [get(read), delete(remove)])
        .at(&path("/members"), [get(list_members), patch(add_members)])
        .at(
            &path("/members/{memberId}"),
            [get(read_member), delete(remove_member)],
        )
}

fn set_of(call: &Call) -> &str {
    call.parameter("resourceSetIdOrLabel")
}

fn binding_of(org: &Org, call: &Call) -> Result<Binding, Problem> {
    org.find_binding(set_of(call), call.parameter("roleIdOrLabel"))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let set = org.find_resource_set(set_of(call))?;
    let after = call.after()?;
    let resource_set = org.resource_set(set)?.id.clone();
    let views = (0..)
        .zip(org.bound_roles(set)?)
        .filter_map(|(position, role)| {
            let binding = Binding {
                role,
                resource_set: resource_set.clone(),
            };
            let shown = view::binding(&binding, &call.base);
            after
                .is_none_or(|after| position > after)
                .then_some((position, shown))
        });
    wrapped(call, "roles", Page::take(views, PAGE))
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let binding = org.create_binding(set_of(call), &call.object()?)?;
    Reply::ok(&view::binding_edit(&binding, &call.base))
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    Reply::ok(&view::binding(&binding_of(org, call)?, &call.base))
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let binding = binding_of(org, call)?;
    org.delete_binding(&binding)?;
    Reply::no_content()
}

fn member_views(org: &Org, binding: &Binding, base: &str) -> Vec<Value> {
    let members = org.binding_members(binding).into_iter();
    members
        .map(|(_, role)| view::binding_member(binding, role, base))
        .collect()
}

fn list_members(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let after = call.after()?;
    let views = member_views(org, &binding_of(org, call)?, &call.base);
    let rows = (0..).zip(views);
    let rows = rows.filter(|(position, _)| after.is_none_or(|after| *position > after));
    wrapped(call, "members", Page::take(rows, PAGE))
}

fn add_members(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let binding = org.binding(set_of(call), call.parameter("roleIdOrLabel"))?;
    org.bind(&binding, &call.object()?, "additions")?;
    Reply::ok(&view::binding_edit(&binding, &call.base))
}

fn read_member(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let id = call.parameter("memberId");
    let views = member_views(org, &binding_of(org, call)?, &call.base);
    let found = views.into_iter().find(|member| member["id"] == json!(id));
    Reply::ok(&found.ok_or_else(|| Problem::not_found(id, "IAMPolicyBindingMember"))?)
}

fn remove_member(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let binding = binding_of(org, call)?;
    org.unbind(&binding, call.parameter("memberId"))?;
    Reply::no_content()
}
