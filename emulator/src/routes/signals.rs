//! The verification of the stream of security event tokens, which calls the receiver and must not hold
//! the org meanwhile.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use serde_json::Value;

use super::answer::{self, received};
use crate::call::Reply;
use crate::delivery::{Failure, signals};
use crate::model::signal_streams::{VERIFICATION, id_of};
use crate::object::Object;
use crate::problem::Problem;
use crate::shared::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route(VERIFICATION, post(respond))
}

async fn respond(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    answer::respond(&shared, verify(&shared, request).await)
}

async fn verify(shared: &Shared, request: Request) -> Result<Reply, Problem> {
    let (_, body) = received(request).await?;
    let body: Object = serde_json::from_slice(&body).map_err(|_| Problem::malformed())?;
    let id = id_of(&body).ok_or_else(|| Problem::blank("stream_id"))?;
    let stream = shared.org().find_signal_stream(Some(id))?.clone();
    let state = body.get("state").and_then(Value::as_str);
    match signals::verify(shared, &stream, state).await {
        Ok(()) => {}
        // Only a setting can mend that, so that the caller has to know.
        Err(failure @ Failure::NotAllowed(_)) => {
            return Err(Problem::validation("verification", [failure.to_string()]));
        }
        // As at Okta, the request is answered whatever the receiver does.
        Err(failure) => tracing::warn!(stream = stream.id, "not verified: {failure}"),
    }
    Reply::no_content()
}
