//! `/api/v1/groups/{groupId}/owners`.

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post};
use crate::org::Org;
use crate::paging::Page;
use crate::problem::Problem;
use crate::selection::Selection;

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/groups/{groupId}/owners", [get(list), post(assign)])
        .at(
            "/api/v1/groups/{groupId}/owners/{ownerId}",
            [delete(remove)],
        )
}

fn group_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_group(call.parameter("groupId"))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let group = group_of(org, call)?;
    let selection = Selection::of(call)?;
    let owners = org.owners.after(group, call.after()?.unwrap_or_default());
    let owners = owners.filter(|(_, owner)| selection.matches(*owner));
    let shown = owners.map(|(number, owner)| (number, org.shown_owner(owner)));
    Reply::page(call, &Page::take(shown, call.limit(1000, 1000)?))
}

fn assign(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let group = group_of(org, call)?;
    let id = org.assign_owner(group, &call.object()?)?;
    let owner = org.owner(group, &id)?;
    Reply::created(&org.shown_owner(owner))
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let group = group_of(org, call)?;
    org.remove_owner(group, call.parameter("ownerId"))?;
    Reply::no_content()
}
