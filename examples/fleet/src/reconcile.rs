//! Runs that have lost their jobs.

use std::convert::Infallible;
use std::time::Duration;

use crate::worker::Inner;

/// How often workers look for such runs, and how long a run waits before it is one.
const EVERY: Duration = Duration::from_secs(60);

/// Puts jobs into the queue for runs that wait without one: who submitted them may have died in
/// between, and a job is given up after many attempts. A job too many does no harm, since the run
/// is claimed once.
pub async fn reconcile(worker: &Inner) -> Infallible {
    loop {
        if let Err(error) = look(worker).await {
            tracing::warn!("cannot look for runs that wait: {error:#}");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn look(worker: &Inner) -> anyhow::Result<()> {
    for (run, org) in worker.queue.fleet().abandoned(EVERY).await? {
        worker.queue.wake(&org, run).await?;
    }
    for org in worker.settings.orgs.names() {
        let oldest = worker.queue.fleet().oldest_waiting(org).await?;
        worker.meters.waiting(org, oldest.unwrap_or_default());
    }
    Ok(())
}
