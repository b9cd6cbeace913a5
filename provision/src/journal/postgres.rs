//! A journal in PostgreSQL, fenced by the lease of its org.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use deadpool_postgres::{Object, Pool, PoolError};
use tokio_postgres::error::SqlState;

use super::State;
use crate::error::Error;
use crate::plan::Plan;
use crate::step::Step;

/// How many steps of a plan are written with one statement.
const ROWS: usize = 1000;

/// The pause before a statement that found no database is tried again.
const PAUSE: Duration = Duration::from_millis(200);

/// Holds the row of the org for the time of a statement, so that no successor can take over in the
/// middle of it. Without a row, the org is another's.
const HELD: &str = "WITH held AS (
    SELECT 1 FROM okta_provision.orgs WHERE org = $1 AND epoch = $2 FOR SHARE
) ";

/// How long a lease is good by this machine's clock. It is counted from before the database was asked,
/// so that it ends no later than there.
#[derive(Debug)]
pub(crate) struct Term {
    start: Instant,
    /// Milliseconds from the start.
    end: AtomicU64,
}

impl Term {
    pub(crate) fn new(asked: Instant, length: Duration) -> Self {
        let term = Self {
            start: asked,
            end: AtomicU64::new(0),
        };
        term.renew(asked, length);
        term
    }

    pub(crate) fn renew(&self, asked: Instant, length: Duration) {
        let end = asked.saturating_duration_since(self.start) + length;
        let end = u64::try_from(end.as_millis()).unwrap_or(u64::MAX);
        self.end.store(end, Ordering::Relaxed);
    }

    /// Ends it now.
    pub(crate) fn end(&self) {
        self.end.store(0, Ordering::Relaxed);
    }

    /// What is left of it; nothing once it is over.
    pub(crate) fn left(&self) -> Option<Duration> {
        let end = Duration::from_millis(self.end.load(Ordering::Relaxed));
        end.checked_sub(self.start.elapsed())
            .filter(|left| !left.is_zero())
    }
}

/// The steps of one run, for who holds the lease of its org.
#[derive(Clone)]
pub(crate) struct Postgres {
    pub(crate) pool: Pool,
    pub(crate) org: Arc<str>,
    pub(crate) epoch: i64,
    pub(crate) run: i64,
    pub(crate) term: Arc<Term>,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("org", &self.org)
            .field("epoch", &self.epoch)
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

impl Postgres {
    pub(super) async fn unfinished(&self) -> Result<Option<(Plan, Vec<State>)>, Error> {
        let (plan, rows) = self
            .patiently(|client: Object| async move {
                let plan = "SELECT plan FROM okta_provision.runs WHERE run = $1";
                let plan: Option<String> = client.query_one(plan, &[&self.run]).await?.get(0);
                let steps = "SELECT step, state, outcome, id FROM okta_provision.steps \
                             WHERE run = $1 ORDER BY number";
                Ok((plan, client.query(steps, &[&self.run]).await?))
            })
            .await?;
        let Some(plan) = plan else {
            return Ok(None);
        };
        let (mut steps, mut states) = (Vec::new(), Vec::new());
        for row in rows {
            steps.push(serde_json::from_str::<Step>(row.get(0))?);
            states.push(State::read(row.get(1), row.get(2), row.get(3))?);
        }
        let plan = Plan::from_json(plan.as_bytes())?.with_steps(steps);
        Ok(Some((plan, states)))
    }

    pub(super) async fn begin(&self, plan: &Plan) -> Result<(), Error> {
        let head = serde_json::to_string(&plan.without_steps())?;
        let steps: Vec<String> = plan
            .steps()
            .iter()
            .map(serde_json::to_string)
            .collect::<Result<_, _>>()?;
        let (head, steps) = (&head, &steps);
        let changed = self
            .patiently(|mut client: Object| async move {
                let all = client.transaction().await?;
                let take = format!(
                    "{HELD} UPDATE okta_provision.runs SET plan = $4 \
                     WHERE run = $3 AND EXISTS (SELECT FROM held)"
                );
                let changed = all
                    .execute(&take, &[&&*self.org, &self.epoch, &self.run, head])
                    .await?;
                let clear = "DELETE FROM okta_provision.steps WHERE run = $1";
                all.execute(clear, &[&self.run]).await?;
                let insert = "INSERT INTO okta_provision.steps (run, number, step) \
                              SELECT $1, $2 + row - 1, step \
                              FROM unnest($3::text[]) WITH ORDINALITY AS new (step, row)";
                for (chunk, steps) in steps.chunks(ROWS).enumerate() {
                    all.execute(insert, &[&self.run, &index(chunk * ROWS), &steps])
                        .await?;
                }
                match changed {
                    0 => all.rollback().await?,
                    _ => all.commit().await?,
                }
                Ok(changed)
            })
            .await?;
        held(changed)
    }

    pub(super) async fn write(&self, number: usize, state: &State) -> Result<(), Error> {
        let (state, outcome, id) = state.written()?;
        let update = format!(
            "{HELD} UPDATE okta_provision.steps SET state = $5, outcome = $6, id = $7 \
             WHERE run = $3 AND number = $4 AND EXISTS (SELECT FROM held)"
        );
        let (update, outcome) = (&update, &outcome);
        let changed = self
            .patiently(|client: Object| async move {
                let update = client.prepare_cached(update).await?;
                client
                    .execute(
                        &update,
                        &[
                            &&*self.org,
                            &self.epoch,
                            &self.run,
                            &index(number),
                            &state,
                            outcome,
                            &id,
                        ],
                    )
                    .await
            })
            .await?;
        held(changed)
    }

    pub(super) async fn finish(&self) -> Result<(), Error> {
        let clear = format!(
            "{HELD} UPDATE okta_provision.runs SET plan = NULL \
             WHERE run = $3 AND EXISTS (SELECT FROM held)"
        );
        let clear = &clear;
        let changed = self
            .patiently(|client: Object| async move {
                client
                    .execute(clear, &[&&*self.org, &self.epoch, &self.run])
                    .await
            })
            .await?;
        held(changed)
    }

    /// Asks the database, and asks again while it is away, for as long as the lease is good. What is
    /// asked may be asked twice.
    pub(crate) async fn patiently<T, F>(&self, ask: impl Fn(Object) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, tokio_postgres::Error>>,
    {
        loop {
            let Some(left) = self.term.left() else {
                return Err(Error::Superseded);
            };
            let asked = async {
                let client = self.pool.get().await?;
                Ok(ask(client).await?)
            };
            match tokio::time::timeout(left, asked).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) if is_away(&error) => tokio::time::sleep(PAUSE).await,
                Ok(Err(error)) => return Err(failed(error)),
                Err(_) => {}
            }
        }
    }
}

fn index(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

const fn held(changed: u64) -> Result<(), Error> {
    match changed {
        0 => Err(Error::Superseded),
        _ => Ok(()),
    }
}

/// The error of a journal, without the types of the database's crates.
pub(crate) fn failed(error: impl Into<PoolError>) -> Error {
    Error::Journal(match error.into() {
        PoolError::Backend(error) => error.into(),
        error => error.into(),
    })
}

/// Whether the database is away, as it is while it is started again.
fn is_away(error: &PoolError) -> bool {
    let PoolError::Backend(error) = error else {
        return matches!(error, PoolError::Timeout(_));
    };
    let is_broken = error
        .source()
        .is_some_and(|source| source.is::<std::io::Error>());
    let stops = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
    ];
    is_broken || error.is_closed() || error.code().is_some_and(|code| stops.contains(code))
}
