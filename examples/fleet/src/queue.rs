//! The queue: it wakes workers up, and no more. What is to be done is in the fleet's database.

use std::collections::HashMap;

use anyhow::Context as _;
use graphile_worker::{IntoTaskHandlerResult, JobSpec, TaskHandler, WorkerContext, WorkerUtils};
use graphile_worker_database::Database;
use graphile_worker_database::tokio_postgres::TokioPostgresDatabase;
use okta_provision::fleet::{Fleet, RunId};
use okta_sdk::Secret;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use serde::{Deserialize, Serialize};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::worker::Worker;

/// The schema of the queue's tables.
const SCHEMA: &str = "okta_fleet_queue";

/// How many connections to PostgreSQL a program has at most.
const CONNECTIONS: usize = 32;

/// How often a job is tried. The pauses grow to hours, and a worker puts in new jobs for runs that have
/// lost theirs.
const ATTEMPTS: i16 = 25;

/// A run waits for a worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WakeUp {
    /// The org.
    pub org: String,
    /// The run.
    pub run: RunId,
    /// The trace of who submitted it.
    #[serde(default)]
    pub trace: HashMap<String, String>,
}

impl TaskHandler for WakeUp {
    const IDENTIFIER: &'static str = "provision";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        match context.get_ext::<Worker>() {
            Some(worker) => worker.wake_up(self).await,
            None => Err("this program is no worker".to_owned()),
        }
    }
}

impl WakeUp {
    fn new(org: &str, run: RunId) -> Self {
        let mut trace = HashMap::new();
        let context = tracing::Span::current().context();
        TraceContextPropagator::new().inject_context(&context, &mut trace);
        Self {
            org: org.to_owned(),
            run,
            trace,
        }
    }

    /// The trace of who submitted it.
    pub fn context(&self) -> opentelemetry::Context {
        TraceContextPropagator::new().extract(&self.trace)
    }

    /// One run of an org at a time, and one job of a run.
    fn spec(&self) -> JobSpec {
        JobSpec {
            queue_name: Some(self.org.clone()),
            job_key: Some(self.run.to_string()),
            max_attempts: Some(ATTEMPTS),
            ..JobSpec::default()
        }
    }
}

/// The queue and the fleet, which are in the same database.
#[derive(Clone, Debug)]
pub struct Queue {
    database: Database,
    fleet: Fleet,
}

impl Queue {
    /// Connects to the database and makes the tables that are not there.
    pub async fn open(url: &Secret) -> anyhow::Result<Self> {
        // Its error would have the password.
        let database = TokioPostgresDatabase::from_url(url.expose(), CONNECTIONS)
            .ok()
            .context(
                "the address of PostgreSQL is wrong; write postgres://user:password@host/database",
            )?;
        let fleet = Fleet::open(database.pool().clone()).await?;
        let queue = Self {
            database: database.into(),
            fleet,
        };
        queue.jobs().migrate().await?;
        Ok(queue)
    }

    pub const fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    pub fn database(&self) -> Database {
        self.database.clone()
    }

    pub const fn schema(&self) -> &'static str {
        SCHEMA
    }

    fn jobs(&self) -> WorkerUtils {
        WorkerUtils::new(self.database(), SCHEMA)
    }

    /// Submits a run. Should the program die before its job is in the queue, a worker puts it there.
    #[tracing::instrument(skip(self, desired))]
    pub async fn submit(&self, org: &str, desired: &str) -> anyhow::Result<RunId> {
        let run = self.fleet.submit(org, desired).await?;
        self.wake(org, run).await?;
        Ok(run)
    }

    /// Wakes a worker up for this run.
    pub async fn wake(&self, org: &str, run: RunId) -> anyhow::Result<()> {
        let job = WakeUp::new(org, run);
        let spec = job.spec();
        self.jobs().add_job(job, spec).await?;
        Ok(())
    }

    /// Cancels a run; whether there was something to cancel.
    pub async fn cancel(&self, run: RunId) -> anyhow::Result<bool> {
        let is_cancelled = self.fleet.cancel(run).await?;
        // A job that is under way is left alone, and its worker ends it.
        self.jobs().remove_job(&run.to_string()).await?;
        Ok(is_cancelled)
    }
}
