//! The verification of event hooks, which asks the service and must not hold the org meanwhile.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::post;

use super::answer;
use crate::call::Reply;
use crate::model::event_hooks::operations::VERIFICATION;
use crate::problem::Problem;
use crate::shared::Shared;
use crate::{delivery, view};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route(VERIFICATION, post(respond))
}

async fn respond(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let base = shared.entrance.base(request.headers());
    answer::respond(&shared, verify(&shared, &id, &base).await)
}

async fn verify(shared: &Shared, id: &str, base: &str) -> Result<Reply, Problem> {
    let (service, challenge) = {
        let mut org = shared.org();
        let hook = org.event_hook(org.find_event_hook(id)?)?;
        let service = delivery::Service::of(&hook.channel);
        (service, org.ids.secret(40))
    };
    let verified = service.verify(&shared.outgoing, &challenge).await;
    verified.map_err(|failure| Problem::validation("verifyEventHook", [failure.to_string()]))?;
    let mut org = shared.org();
    org.now = shared.clock.stamp();
    let position = org.find_event_hook(id)?;
    org.set_event_hook_verified(position)?;
    Reply::ok(&view::event_hook(org.event_hook(position)?, base))
}
