//! The System Log, whose long queries must not hold the org or the threads that serve requests.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::get;
use tokio::sync::Semaphore;

use super::answer::answer;
use crate::body::Body;
use crate::call::{Call, Reply};
use crate::model::logs;
use crate::problem::Problem;
use crate::refusals::refusal;
use crate::shared::Shared;

/// How many queries run at a time. The others wait: the cores are for short requests, too.
const AT_A_TIME: usize = 1;

pub(super) fn routes() -> Router<Arc<Shared>> {
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let respond = move |State(shared): State<Arc<Shared>>, request: Request| {
        let turns = turns.clone();
        let base = shared.entrance.base(request.headers());
        let call = Call::unrouted(base, request.uri(), Body::Nothing);
        async move {
            match list(&shared, turns, call).await {
                Ok(reply) => answer(reply),
                Err(problem) => refusal(&shared, &problem),
            }
        }
    };
    Router::new().route(logs::PATH, get(respond))
}

async fn list(shared: &Shared, turns: Arc<Semaphore>, call: Call) -> Result<Reply, Problem> {
    let turn = turns.acquire_owned().await;
    let turn = turn.map_err(|_| Problem::internal())?;
    let (log, now) = (shared.org().log.clone(), shared.clock.stamp());
    let list = move || {
        let reply = logs::list(&log, now, &call);
        drop(turn);
        reply
    };
    let listed = tokio::task::spawn_blocking(list).await;
    listed.map_err(|_| Problem::internal())?
}
