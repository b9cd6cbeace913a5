//! One piece of work for any number of tasks that want it at the same time.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use tokio::sync::oneshot;
use tracing::Instrument;

use crate::Error;

/// What everyone who waited gets.
pub(super) type Landed<T> = Result<Arc<T>, Error>;

/// Work under way, which any number of tasks may wait for.
type Flight<T> = Shared<BoxFuture<'static, Landed<T>>>;

type Slot<T> = Arc<Mutex<Option<Flight<T>>>>;

/// Lets one piece of work run at a time. It runs in a task of its own, so that whoever began it
/// may be cancelled without harm to the others.
pub(super) struct SingleFlight<T>(Slot<T>);

impl<T: Send + Sync + 'static> SingleFlight<T> {
    pub(super) fn new() -> Self {
        Self(Slot::default())
    }

    /// Waits for the work under way, or begins `work` if none is. The work has begun when this
    /// returns, whether or not the future is awaited.
    ///
    /// `work` has to put what it made where later callers find it: once it ends, the next caller
    /// starts again.
    pub(super) fn join(
        &self,
        work: impl Future<Output = Result<Arc<T>, Error>> + Send + 'static,
    ) -> Flight<T> {
        let (tell, told) = oneshot::channel();
        let flight = {
            let mut slot = lock(&self.0);
            if let Some(flight) = &*slot {
                return flight.clone();
            }
            let landed = async move { told.await.unwrap_or_else(|_| Err(cut_off())) };
            slot.insert(landed.boxed().shared()).clone()
        };
        let landing = Landing(Arc::clone(&self.0));
        let task = async move {
            let landed = work.await;
            drop(landing);
            // Nobody may be waiting any more.
            let _ = tell.send(landed);
        };
        tokio::spawn(task.in_current_span());
        flight
    }
}

impl<T> SingleFlight<T> {
    /// Whether [`SingleFlight::join`] would wait for work that has begun.
    pub(super) fn is_under_way(&self) -> bool {
        lock(&self.0).is_some()
    }
}

/// Frees the slot when the work ends, also if its runtime goes away before that.
struct Landing<T>(Slot<T>);

impl<T> Drop for Landing<T> {
    fn drop(&mut self) {
        let ended = lock(&self.0).take();
        drop(ended);
    }
}

fn lock<T>(slot: &Mutex<Option<Flight<T>>>) -> std::sync::MutexGuard<'_, Option<Flight<T>>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cut_off() -> Error {
    Error::credentials("the runtime ended before an answer came; ask again")
}

impl<T> std::fmt::Debug for SingleFlight<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SingleFlight")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use futures::future::join_all;
    use tokio::time::sleep;

    use super::*;

    fn work(runs: &Arc<AtomicU32>) -> impl Future<Output = Result<Arc<u32>, Error>> + use<> {
        let runs = Arc::clone(runs);
        async move {
            sleep(Duration::from_secs(1)).await;
            Ok(Arc::new(runs.fetch_add(1, Ordering::SeqCst)))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_work_runs_once_for_all_and_outlives_who_began_it() {
        let (flight, runs) = (SingleFlight::new(), Arc::default());
        drop(flight.join(work(&runs)));
        let all = join_all((0..100).map(|_| flight.join(work(&runs)))).await;
        assert!(all.iter().all(|landed| **landed.as_ref().unwrap() == 0));
        assert_eq!(*flight.join(work(&runs)).await.unwrap(), 1);
    }

    #[test]
    fn a_runtime_that_ends_does_not_block_the_next() {
        let (flight, runs) = (SingleFlight::new(), Arc::default());
        let runtime = || {
            tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap()
        };
        let first = runtime();
        let cut_off = {
            let _in_first = first.enter();
            flight.join(work(&runs))
        };
        drop(first);
        let error = runtime().block_on(cut_off).unwrap_err();
        assert!(error.is_credentials());
        let second = runtime();
        let landed = second.block_on(async { flight.join(work(&runs)).await });
        assert_eq!(*landed.unwrap(), 0);
    }
}
