//! The preview of inline hooks, which asks the service and must not hold the org meanwhile.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::post;

use super::answer::{self, received};
use crate::body::Body;
use crate::call::Reply;
use crate::delivery::Service;
use crate::model::inline_hooks::EXECUTION;
use crate::problem::Problem;
use crate::shared::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route(EXECUTION, post(respond))
}

async fn respond(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    answer::respond(&shared, execute(&shared, &id, request).await)
}

/// Sends the body to the service as it is, and answers what the service says.
async fn execute(shared: &Shared, id: &str, request: Request) -> Result<Reply, Problem> {
    let (parts, body) = received(request).await?;
    let Body::Json(asked) = answer::read(answer::described(&parts), &parts, body)? else {
        return Err(Problem::malformed());
    };
    let service = {
        let org = shared.org();
        let hook = org.inline_hook(id);
        let hook = hook.ok_or_else(|| Problem::not_found(id, "InlineHook"))?;
        if hook["status"] != "ACTIVE" {
            let cause = "status: Activate the inline hook before you execute it";
            return Err(Problem::validation("inlineHook", [cause]));
        }
        Service::of(&hook["channel"])
    };
    let answered = service.ask(&shared.outgoing, &asked).await;
    let answered = answered
        .map_err(|failure| Problem::validation("executeInlineHook", [failure.to_string()]))?;
    Reply::ok(&answered)
}
