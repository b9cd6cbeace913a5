//! `/api/v1/eventHooks`.

use std::sync::Arc;

use axum::extract::{Path, Request, State};

use super::{Methods, Routes, answer, delete, get, post, put};
use crate::call::{Call, Reply};
use crate::delivery;
use crate::org::Org;
use crate::problem::Problem;
use crate::refusals::refusal;
use crate::shared::Shared;
use crate::view;

pub(super) fn routes() -> Routes {
    let hook = |rest: &str| format!("/api/v1/eventHooks/{{eventHookId}}{rest}");
    Routes::new()
        .route("/api/v1/eventHooks", get(list).merge(post(create)))
        .route(
            &hook(""),
            get(read).merge(put(replace)).merge(delete(remove)),
        )
        .route(
            &hook("/lifecycle/activate"),
            post(|org, call| switch(org, call, true)),
        )
        .route(
            &hook("/lifecycle/deactivate"),
            post(|org, call| switch(org, call, false)),
        )
        .route(&hook("/lifecycle/verify"), verification())
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

/// Verification asks the service, and must not hold the org meanwhile.
fn verification() -> Methods {
    Methods::on(
        "POST",
        None,
        async |State(shared): State<Arc<Shared>>, Path(id): Path<String>, request: Request| {
            let base = shared.entrance.base(request.headers());
            match verify(&shared, &id, &base).await {
                Ok(reply) => answer(reply),
                Err(problem) => refusal(&shared, &problem),
            }
        },
    )
}

async fn verify(shared: &Shared, id: &str, base: &str) -> Result<Reply, Problem> {
    let (service, challenge) = {
        let mut org = shared.org();
        let hook = org.event_hook(org.find_event_hook(id)?)?;
        let service = delivery::Service::of(hook);
        (service, org.ids.secret(40))
    };
    service.verify(&challenge).await?;
    let mut org = shared.org();
    org.now = shared.clock.stamp();
    let position = org.find_event_hook(id)?;
    org.set_event_hook_verified(position)?;
    show(&org, base, position)
}
