//! A worker: it takes jobs from the queue until it is stopped.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use futures::FutureExt as _;
use graphile_worker::{WorkerOptions, WorkerRecoveryConfig, WorkerShutdownConfig};
use okta_sdk::Secret;
use okta_sdk::budget::SharedBudget;
use okta_sdk::redis::{RedisConnection, RedisRateBudget};
use tokio::sync::watch;
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::carry_out::carry_out;
use crate::orgs::Orgs;
use crate::queue::{Queue, WakeUp};
use crate::reconcile::reconcile;
use crate::telemetry::Meters;

/// How long a stopped worker may take for what is under way.
const GRACE: Duration = Duration::from_secs(60);

/// How often a worker asks for jobs, beside being told of them.
const POLL: Duration = Duration::from_secs(1);

/// What a worker is told.
#[derive(Debug)]
pub struct Settings {
    pub orgs: Orgs,
    pub redis: Option<Secret>,
    pub name: String,
    pub orgs_at_once: usize,
    pub requests_at_once: usize,
    pub lease: Duration,
}

/// What the jobs of a worker share.
#[derive(Clone)]
pub struct Worker(Arc<Inner>);

pub struct Inner {
    pub queue: Queue,
    pub settings: Settings,
    pub budget: Option<SharedBudget>,
    pub is_stopped: watch::Receiver<bool>,
    pub meters: Meters,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Worker")
            .field(&self.0.settings.name)
            .finish()
    }
}

/// Works until it is stopped.
pub async fn work(queue: Queue, settings: Settings) -> anyhow::Result<()> {
    let budget = match &settings.redis {
        Some(url) => Some(RedisRateBudget::new(&RedisConnection::open(url)?).into()),
        None => None,
    };
    let (stop, is_stopped) = watch::channel(false);
    let signal = async move {
        stopped().await;
        tracing::info!("stopping: what is under way is finished");
        stop.send_replace(true);
    };
    let lease = settings.lease;
    let options = WorkerOptions::default()
        .database(queue.database())
        .schema(queue.schema())
        .concurrency(settings.orgs_at_once)
        .poll_interval(POLL)
        .worker_recovery(
            WorkerRecoveryConfig::default()
                .enabled(true)
                .heartbeat_interval(lease / 4)
                .sweep_interval(lease / 2)
                .sweep_threshold(lease)
                .recovery_delay(Duration::ZERO),
        )
        .worker_shutdown(
            WorkerShutdownConfig::default()
                .listen_os_shutdown_signals(false)
                .grace_period(GRACE)
                .interrupted_job_retry_delay(Duration::ZERO),
        )
        .shutdown_signal(signal.boxed().shared());
    let worker = Worker(Arc::new(Inner {
        meters: Meters::new(&settings.name),
        queue: queue.clone(),
        settings,
        budget,
        is_stopped,
    }));
    let jobs = options
        .define_job::<WakeUp>()
        .add_extension(worker.clone())
        .init()
        .await
        .context("the queue cannot be used")?;
    tracing::info!(name = worker.0.settings.name, "working");
    tokio::select! {
        ended = jobs.run() => Ok(ended?),
        never = reconcile(&worker.0) => match never {},
    }
}

/// Ends when this process is asked to stop.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

impl Worker {
    /// Carries out the run of a job. What it gives back is written beside the job, which is tried
    /// again later.
    pub async fn wake_up(&self, job: WakeUp) -> Result<(), String> {
        let span = tracing::info_span!(
            "provision",
            org = job.org,
            run = job.run.0,
            worker = self.0.settings.name
        );
        // Without a collector there is no trace to go on with.
        let _ = span.set_parent(job.context());
        let done = carry_out(&self.0, &job).instrument(span).await;
        done.map_err(|error| {
            tracing::warn!(org = job.org, run = job.run.0, "{error:#}");
            format!("{error:#}")
        })
    }
}
