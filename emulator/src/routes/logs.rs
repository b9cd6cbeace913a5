//! The System Log, whose long queries must not hold the org or the threads that serve requests.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::get;
use tokio::sync::Semaphore;

use super::answer;
use crate::body::Body;
use crate::call::{Call, Reply};
use crate::model::logs;
use crate::org::log::Log;
use crate::problem::Problem;
use crate::shared::Shared;

/// How many queries run at a time. The others wait: the cores are for short requests, too.
const AT_A_TIME: usize = 1;

pub(super) fn routes() -> Router<Arc<Shared>> {
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let respond = move |State(shared): State<Arc<Shared>>, request: Request| {
        let turns = turns.clone();
        let base = shared.entrance.base(request.headers());
        let call = Call::unrouted(base, request.uri(), Body::Nothing);
        async move { answer::respond(&shared, list(&shared, turns, call).await) }
    };
    Router::new().route(logs::PATH, get(respond))
}

async fn list(shared: &Shared, turns: Arc<Semaphore>, call: Call) -> Result<Reply, Problem> {
    let now = shared.clock.stamp();
    query(shared, turns, move |log| logs::list(log, now, &call)).await
}

/// Asks the log as it is now. Meanwhile nobody else waits, apart from other queries.
async fn query<T: Send + 'static>(
    shared: &Shared,
    turns: Arc<Semaphore>,
    ask: impl FnOnce(&Log) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let turn = turns.acquire_owned().await;
    let turn = turn.map_err(|_| Problem::internal())?;
    let log = shared.org().log.clone();
    let asked = move || {
        let answer = ask(&log);
        drop(turn);
        answer
    };
    let asked = tokio::task::spawn_blocking(asked).await;
    asked.map_err(|_| Problem::internal())?
}

#[cfg(test)]
mod tests;
