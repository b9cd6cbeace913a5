//! `/api/v1/eventHooks`.

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post, put};
use crate::org::Org;
use crate::problem::Problem;
use crate::view;

/// Verification asks the service, and must not hold the org meanwhile.
pub(crate) const VERIFICATION: &str = "/api/v1/eventHooks/{eventHookId}/lifecycle/verify";

pub(crate) fn operations() -> Modelled {
    let hook = |rest: &str| format!("/api/v1/eventHooks/{{eventHookId}}{rest}");
    Modelled::new()
        .at("/api/v1/eventHooks", [get(list), post(create)])
        .at(&hook(""), [get(read), put(replace), delete(remove)])
        .at(
            &hook("/lifecycle/activate"),
            [post(|org, call| switch(org, call, true))],
        )
        .at(
            &hook("/lifecycle/deactivate"),
            [post(|org, call| switch(org, call, false))],
        )
        .elsewhere(VERIFICATION, "POST")
}

fn hook_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_event_hook(call.parameter("eventHookId"))
}

fn show(org: &Org, base: &str, position: u64) -> Result<Reply, Problem> {
    Reply::ok(&view::event_hook(org.event_hook(position)?, base))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let hooks = org.event_hooks.iter();
    let views = hooks.map(|(_, hook)| view::event_hook(hook, &call.base));
    Reply::ok(&views.collect::<Vec<_>>())
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.create_event_hook(&call.object()?)?;
    show(org, &call.base, position)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, &call.base, hook_of(org, call)?)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = hook_of(org, call)?;
    org.replace_event_hook(position, &call.object()?)?;
    show(org, &call.base, position)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.delete_event_hook(hook_of(org, call)?)?;
    Reply::no_content()
}

fn switch(org: &mut Org, call: &Call, on: bool) -> Result<Reply, Problem> {
    let position = hook_of(org, call)?;
    org.set_event_hook_active(position, on)?;
    show(org, &call.base, position)
}
