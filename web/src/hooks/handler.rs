//! What an app does with what it is sent.

use std::error::Error as StdError;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;

/// How a handler ends, for an inline hook with its answer. The error is logged.
pub type HandlerResult<T = ()> = Result<T, Box<dyn StdError + Send + Sync>>;

/// A handler of `T`, which ends with an `A`.
pub(super) type Handler<T, A = ()> =
    Arc<dyn Fn(T) -> BoxFuture<'static, HandlerResult<A>> + Send + Sync>;

pub(super) const PANICKED: &str = "the handler panicked";
pub(super) const TOO_LATE: &str = "the handler took too long";

/// Has the handler handle what was sent, for so long. The error says why it was not handled.
pub(super) async fn call<T: Send + 'static>(
    handler: &Handler<T>,
    sent: T,
    limit: Duration,
) -> Result<(), String> {
    let handler = Arc::clone(handler);
    // The handler can panic before it has made its future, too.
    let work = AssertUnwindSafe(async move { handler(sent).await }).catch_unwind();
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(ended)) => ended.map_err(|error| error.to_string()),
        Ok(Err(_)) => Err(PANICKED.to_owned()),
        Err(_) => Err(TOO_LATE.to_owned()),
    }
}
