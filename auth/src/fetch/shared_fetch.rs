//! One request for all who want its answer, and a pause after it has failed.

use std::future::{Future, ready};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::timeout;

use super::failure_memory::{FailureMemory, Standing};
use super::single_flight::SingleFlight;
use crate::{Clock, Error};

/// How long callers wait for a server that has failed before: one that hangs does not hang them
/// all each time that it is tried.
const PROBE: Duration = Duration::from_secs(2);

/// Asks a server for something: once for all who wait for the answer, and after a failure not at
/// all for a while. The wait grows with each failure; it is longer after an OAuth error that the
/// same request would meet again.
///
/// - While it lasts, everyone gets the error that is remembered, at once.
/// - After it, the next caller asks again. Whoever waits for that gets the answer if it comes
///   within two seconds, and else the error that is remembered.
pub(crate) struct SharedFetch<T> {
    flight: SingleFlight<T>,
    failures: Arc<FailureMemory>,
}

impl<T: Send + Sync + 'static> SharedFetch<T> {
    /// `clock` measures the waits.
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            flight: SingleFlight::new(),
            failures: Arc::new(FailureMemory::new(clock)),
        }
    }

    /// Waits for the work under way, or begins `work` if it may be begun. That has happened when
    /// this returns, whether or not the future is awaited.
    ///
    /// `work` has to put what it made where later callers find it: once it ends, the next caller
    /// starts again.
    ///
    /// # Errors
    /// That of the work, or the one that is remembered.
    pub(crate) fn get(
        &self,
        work: impl Future<Output = Result<Arc<T>, Error>> + Send + 'static,
    ) -> BoxFuture<'static, Result<Arc<T>, Error>> {
        let remembered = match self.failures.standing() {
            Standing::Good => None,
            Standing::Probing(error) => Some(error),
            Standing::Waiting(error) => return ready(Err(error)).boxed(),
        };
        let failures = Arc::clone(&self.failures);
        let flight = self.flight.join(async move {
            // Another flight may have failed just before this one began.
            if let Standing::Waiting(error) = failures.standing() {
                return Err(error);
            }
            let result = work.await;
            failures.note(result.as_ref().err());
            result
        });
        match remembered {
            None => flight.boxed(),
            Some(error) => {
                async move { timeout(PROBE, flight).await.unwrap_or(Err(error)) }.boxed()
            }
        }
    }

    /// The error that [`SharedFetch::get`] would give at once, without asking.
    pub(crate) fn remembered(&self) -> Option<Error> {
        match self.failures.standing() {
            Standing::Waiting(error) => Some(error),
            Standing::Good | Standing::Probing(_) => None,
        }
    }

    /// Whether [`SharedFetch::get`] would wait for work that has begun.
    pub(crate) fn is_under_way(&self) -> bool {
        self.flight.is_under_way()
    }
}

impl<T> std::fmt::Debug for SharedFetch<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedFetch")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::UNIX_EPOCH;

    use futures::future::join_all;
    use tokio::time::{Instant, sleep};

    use super::*;

    /// A server that fails `failures` times, each time after `delay`.
    struct Server {
        fetch: SharedFetch<u32>,
        asked: Arc<AtomicU32>,
        failures: u32,
        delay: Duration,
    }

    impl Server {
        fn new(failures: u32, delay: u64) -> Self {
            let start = Instant::now();
            let clock = Clock::new(move || UNIX_EPOCH + start.elapsed());
            Self {
                fetch: SharedFetch::new(clock),
                asked: Arc::default(),
                failures,
                delay: Duration::from_secs(delay),
            }
        }

        async fn get(&self) -> Result<u32, String> {
            let (asked, failures, delay) = (Arc::clone(&self.asked), self.failures, self.delay);
            let work = async move {
                let number = asked.fetch_add(1, Ordering::SeqCst);
                sleep(delay).await;
                match number < failures {
                    true => Err(Error::timeout(format!("down {number}"))),
                    false => Ok(Arc::new(number)),
                }
            };
            let result = self.fetch.get(work).await;
            result
                .map(|number| *number)
                .map_err(|error| error.to_string())
        }

        fn asked(&self) -> u32 {
            self.asked.load(Ordering::SeqCst)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_handed_out_until_its_wait_is_over() {
        let server = Server::new(2, 0);
        for _ in 0..100 {
            assert_eq!(server.get().await.unwrap_err(), "down 0");
            sleep(Duration::from_millis(99)).await;
        }
        assert_eq!(server.asked(), 1);
        sleep(Duration::from_millis(2100)).await;
        assert_eq!(server.get().await.unwrap_err(), "down 1");
        sleep(Duration::from_secs(19)).await;
        assert_eq!(server.get().await.unwrap_err(), "down 1");
        assert_eq!(server.asked(), 2);
        sleep(Duration::from_secs(5)).await;
        assert_eq!(server.get().await, Ok(2));
        // All is forgotten with that.
        assert_eq!(server.get().await, Ok(3));
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_while_a_failed_server_is_tried_waits_two_seconds_at_most() {
        let server = Server::new(2, 15);
        let first = Instant::now();
        let all = join_all((0..100).map(|_| server.get())).await;
        assert!(all.iter().all(|one| one.as_ref().unwrap_err() == "down 0"));
        assert_eq!(first.elapsed().as_secs(), 15);
        sleep(Duration::from_secs(12)).await;
        let second = Instant::now();
        let all = join_all((0..100).map(|_| server.get())).await;
        assert!(all.iter().all(|one| one.as_ref().unwrap_err() == "down 0"));
        assert_eq!((second.elapsed(), server.asked()), (PROBE, 2));
        sleep(Duration::from_secs(13)).await;
        assert_eq!(server.get().await.unwrap_err(), "down 1");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_crowd_on_several_threads_asks_a_dead_server_once() {
        let server = Arc::new(Server {
            fetch: SharedFetch::new(Clock::fixed(UNIX_EPOCH)),
            asked: Arc::default(),
            failures: u32::MAX,
            delay: Duration::ZERO,
        });
        let tasks = (0..1000).map(|_| {
            let server = Arc::clone(&server);
            tokio::spawn(async move { server.get().await.unwrap_err() })
        });
        for error in join_all(tasks).await {
            assert_eq!(error.unwrap(), "down 0");
        }
        assert_eq!(server.asked(), 1);
    }
}
