//! What was submitted, and what has become of it.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tokio_postgres::Row;

use super::Fleet;
use crate::error::Error;
use crate::journal::failed;

/// More runs than this are not listed at once.
const MOST: i64 = 10_000;

/// A run: its number in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum RunState {
    /// It was submitted, or is tried again.
    Waiting,
    /// A worker carries it out, or has died over it.
    Running,
    /// It was carried out; its report may have failures.
    Done,
    /// It was not carried out, or not to its end.
    Failed,
    /// It was cancelled.
    Cancelled,
}

impl RunState {
    const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Running,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
    ];

    /// As the database has it, and as people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more will be done.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    pub(super) fn read(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| Error::Journal(format!("{name} is no state of a run").into()))
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How many steps of a run are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Progress {
    /// All steps of its plan.
    pub steps: u64,
    /// Done.
    pub done: u64,
    /// Refused, or gone wrong.
    pub failed: u64,
}

/// What has become of a run.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Run {
    /// Its number.
    pub run: RunId,
    /// The org.
    pub org: String,
    /// How far it is.
    pub state: RunState,
    /// Someone wants it to end.
    pub is_cancelled: bool,
    /// How many workers have died over it.
    pub crashes: u32,
    /// Why it has failed, or is tried again.
    pub message: Option<String>,
    /// The report, as JSON, once it is done.
    pub report: Option<String>,
    /// When it was submitted.
    pub submitted: SystemTime,
    /// When a worker first took it up.
    pub started: Option<SystemTime>,
    /// When it ended.
    pub ended: Option<SystemTime>,
    /// Who has the lease of the org; nobody, or one that has run out.
    pub holder: Option<String>,
    /// How many of its steps are done.
    pub progress: Progress,
}

impl Run {
    fn read(row: &Row) -> Result<Self, Error> {
        let count = |column: usize| row.get::<_, i64>(column).unsigned_abs();
        Ok(Self {
            run: RunId(row.get(0)),
            org: row.get(1),
            state: RunState::read(row.get(2))?,
            is_cancelled: row.get(3),
            crashes: row.get::<_, i32>(4).unsigned_abs(),
            message: row.get(5),
            report: row.get(6),
            submitted: row.get(7),
            started: row.get(8),
            ended: row.get(9),
            holder: row.get(10),
            progress: Progress {
                steps: count(11),
                done: count(12),
                failed: count(13),
            },
        })
    }
}

impl Fleet {
    /// Notes that an org should become as `desired` says: a text that the worker understands. Whoever
    /// submits wakes a worker up.
    ///
    /// # Errors
    /// The database's.
    pub async fn submit(&self, org: &str, desired: &str) -> Result<RunId, Error> {
        let client = self.pool.get().await.map_err(failed)?;
        let submit = "WITH known AS ( \
                          INSERT INTO okta_provision.orgs (org) VALUES ($1) ON CONFLICT DO NOTHING \
                      ) \
                      INSERT INTO okta_provision.runs (org, desired) VALUES ($1, $2) RETURNING run";
        let row = client.query_one(submit, &[&org, &desired]).await;
        Ok(RunId(row.map_err(failed)?.get(0)))
    }

    /// Ends a run: at once if it waits, else when its worker renews the lease. Whether there was
    /// something to end.
    ///
    /// # Errors
    /// The database's.
    pub async fn cancel(&self, run: RunId) -> Result<bool, Error> {
        let client = self.pool.get().await.map_err(failed)?;
        let cancel = "UPDATE okta_provision.runs \
                      SET is_cancelled = TRUE, \
                          state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END, \
                          ended = CASE state WHEN 'waiting' THEN now() END \
                      WHERE run = $1 AND state IN ('waiting', 'running')";
        let changed = client.execute(cancel, &[&run.0]).await.map_err(failed)?;
        Ok(changed > 0)
    }

    /// The last run of each org, in the order of the orgs, or all runs of one org, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn runs(&self, org: Option<&str>) -> Result<Vec<Run>, Error> {
        let client = self.pool.get().await.map_err(failed)?;
        let which = match org {
            Some(_) => "SELECT * FROM okta_provision.runs WHERE org = $1 ORDER BY run DESC",
            None => {
                "SELECT DISTINCT ON (org) * FROM okta_provision.runs \
                 WHERE $1::text IS NULL ORDER BY org, run DESC"
            }
        };
        let list = format!(
            "SELECT run, org, state, is_cancelled, crashes, message, report, submitted, started, \
                    ended, CASE WHEN lease_until > now() THEN holder END, \
                    steps.planned, steps.done, steps.failed \
             FROM ({which} LIMIT {MOST}) AS run \
             JOIN okta_provision.orgs USING (org) \
             CROSS JOIN LATERAL ( \
                 SELECT count(*) AS planned, count(*) FILTER (WHERE step.state = 2) AS done, \
                        count(*) FILTER (WHERE step.state = 3) AS failed \
                 FROM okta_provision.steps AS step WHERE step.run = run.run \
             ) AS steps ORDER BY org, run DESC"
        );
        let rows = client.query(&list, &[&org]).await.map_err(failed)?;
        rows.iter().map(Run::read).collect()
    }

    /// How long the oldest run has waited that nobody carries out; nothing if none waits.
    ///
    /// # Errors
    /// The database's.
    pub async fn oldest_waiting(&self, org: &str) -> Result<Option<Duration>, Error> {
        let client = self.pool.get().await.map_err(failed)?;
        let oldest = "SELECT extract(epoch FROM now() - min(submitted))::float8 \
                      FROM okta_provision.runs WHERE org = $1 AND state = 'waiting'";
        let row = client.query_one(oldest, &[&org]).await.map_err(failed)?;
        let seconds: Option<f64> = row.get(0);
        Ok(seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()))
    }

    /// Runs that nobody carries out although they were submitted, or begun, longer ago than this, with
    /// their orgs: what wakes workers up may have lost them.
    ///
    /// # Errors
    /// The database's.
    pub async fn abandoned(&self, longer: Duration) -> Result<Vec<(RunId, String)>, Error> {
        let client = self.pool.get().await.map_err(failed)?;
        let abandoned = "SELECT run, org FROM okta_provision.runs \
                         JOIN okta_provision.orgs USING (org) \
                         WHERE state IN ('waiting', 'running') \
                         AND coalesce(started, submitted) < now() - $1 * interval '1 second' \
                         AND (lease_until IS NULL OR lease_until < now()) \
                         ORDER BY run LIMIT 1000";
        let seconds = longer.as_secs_f64();
        let rows = client.query(abandoned, &[&seconds]).await.map_err(failed)?;
        Ok(rows
            .iter()
            .map(|row| (RunId(row.get(0)), row.get(1)))
            .collect())
    }

    /// Asks workers to begin no run any more, or to begin runs again. It is for the workers to
    /// [look](Self::is_drained).
    ///
    /// # Errors
    /// The database's.
    pub async fn drain(&self, is_drained: bool) -> Result<(), Error> {
        let client = self.pool.get().await.map_err(failed)?;
        let drain = "UPDATE okta_provision.fleet SET is_drained = $1";
        client
            .execute(drain, &[&is_drained])
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Whether no run is to be begun.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_drained(&self) -> Result<bool, Error> {
        let client = self.pool.get().await.map_err(failed)?;
        let look = "SELECT is_drained FROM okta_provision.fleet";
        Ok(client.query_one(look, &[]).await.map_err(failed)?.get(0))
    }

    /// How many orgs a worker has the lease of.
    ///
    /// # Errors
    /// The database's.
    pub async fn under_way(&self) -> Result<usize, Error> {
        let client = self.pool.get().await.map_err(failed)?;
        let count = "SELECT count(*) FROM okta_provision.orgs WHERE lease_until > now()";
        let count: i64 = client.query_one(count, &[]).await.map_err(failed)?.get(0);
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Deletes runs that ended longer ago than this, with their steps; how many.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget(&self, older: Duration) -> Result<u64, Error> {
        let client = self.pool.get().await.map_err(failed)?;
        let forget = "DELETE FROM okta_provision.runs \
                      WHERE ended < now() - $1 * interval '1 second'";
        let seconds = older.as_secs_f64();
        client.execute(forget, &[&seconds]).await.map_err(failed)
    }
}
