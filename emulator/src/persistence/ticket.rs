//! Requests wait for what they changed.

use std::cell::Cell;
use std::future::Future;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::problem::Problem;
use crate::refusals::refusal;
use crate::shared::Shared;

tokio::task_local! {
    /// The last batch with changes of the present request.
    static LAST: Cell<Option<u64>>;
}

/// Notes the batch for the request that runs here. False if none does.
pub(super) fn noted(number: u64) -> bool {
    LAST.try_with(|last| last.set(Some(number))).is_ok()
}

/// The outcome of a request and the last batch with what it changed.
async fn ticketed<T>(request: impl Future<Output = T>) -> (T, Option<u64>) {
    let request = async {
        let outcome = request.await;
        (outcome, LAST.with(Cell::get))
    };
    LAST.scope(Cell::new(None), request).await
}

/// Answers when the changes are written. What cannot be written is answered with 500, and so is every
/// change from then on.
pub(crate) async fn keep(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(data) = &shared.data else {
        return next.run(request).await;
    };
    let (response, last) = ticketed(next.run(request)).await;
    let Some(last) = last else {
        return response;
    };
    if data.written(last).await {
        response
    } else {
        refusal(&shared, &Problem::not_kept())
    }
}
