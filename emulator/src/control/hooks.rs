//! What event hooks and the receiver of security event tokens still wait for.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::problem::Problem;
use crate::refusals::refusal;
use crate::shared::Shared;

/// The maximum wait, in seconds.
const MOST_SECONDS: u64 = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Patience {
    /// How many seconds to wait until nothing is under way.
    #[serde(default)]
    wait: u64,
}

/// How many events wait or are under way, after waiting for those at the caller's wish.
pub(super) async fn waiting(
    State(shared): State<Arc<Shared>>,
    Query(patience): Query<Patience>,
) -> Response {
    if patience.wait > MOST_SECONDS {
        let cause = format!("wait: must be at most {MOST_SECONDS} seconds");
        return refusal(&shared, &Problem::validation("wait", [cause]));
    }
    let deliveries = shared.org().deliveries.clone();
    let wait = Duration::from_secs(patience.wait);
    // Whether the time was too short is in the answer.
    drop(tokio::time::timeout(wait, deliveries.all_done()).await);
    Json(json!({ "waiting": deliveries.open() })).into_response()
}
