//! A run that a worker carries out.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::Object;
use futures::future::{Either, select};

use super::runs::{RunId, RunState};
use super::{Fleet, Lease};
use crate::error::Error;
use crate::journal::{Journal, Postgres, Term, failed};
use crate::report::Report;

/// What came of claiming a run.
#[derive(Debug)]
#[must_use = "a claim that is dropped holds its org until the lease has run out"]
pub enum Claimed {
    /// It is this worker's.
    Mine(Box<Claim>),
    /// Another has the lease of the org.
    Held {
        /// Who.
        holder: String,
        /// How long at least, unless it is renewed.
        left: Duration,
    },
    /// There is nothing to do any more.
    Ended(RunState),
}

/// How a run has ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Ended<'a> {
    /// It was carried out, apart from what the report says.
    Done(&'a Report),
    /// It was not, and trying again would not help.
    Failed(&'a str),
    /// It was not, and is tried again later.
    Again(&'a str),
}

/// A run that this worker carries out, with the lease of its org.
pub struct Claim {
    fleet: Fleet,
    run: RunId,
    desired: String,
    crashes: u32,
    length: Duration,
    journal: Journal,
    postgres: Postgres,
    lease: Lease,
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("run", &self.run)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}

impl Fleet {
    /// Claims a run for a worker of this name, with a lease of this length on its org. It can be had
    /// when nobody else has one; a worker that was killed has its own until it has run out.
    ///
    /// # Errors
    /// If there is no such run, and the database's errors.
    pub async fn claim(
        &self,
        run: RunId,
        holder: &str,
        length: Duration,
    ) -> Result<Claimed, Error> {
        let asked = Instant::now();
        let mut client = self.pool.get().await.map_err(failed)?;
        let all = client.transaction().await.map_err(failed)?;
        let find = "SELECT org, desired, state, is_cancelled FROM okta_provision.runs \
                    WHERE run = $1 FOR UPDATE";
        let row = all.query_opt(find, &[&run.0]).await.map_err(failed)?;
        let Some(row) = row else {
            return Err(Error::Missing(format!("there is no run {run}")));
        };
        let org: String = row.get(0);
        let state = RunState::read(row.get(2))?;
        if state.is_over() {
            return Ok(Claimed::Ended(state));
        }
        if row.get(3) {
            let end = "UPDATE okta_provision.runs SET state = 'cancelled', ended = now() \
                       WHERE run = $1";
            all.execute(end, &[&run.0]).await.map_err(failed)?;
            all.commit().await.map_err(failed)?;
            return Ok(Claimed::Ended(RunState::Cancelled));
        }
        let take = "UPDATE okta_provision.orgs \
                    SET epoch = epoch + 1, holder = $2, \
                        lease_until = clock_timestamp() + $3 * interval '1 second' \
                    WHERE org = $1 AND (lease_until IS NULL OR lease_until < clock_timestamp()) \
                    RETURNING epoch";
        let taken = all
            .query_opt(take, &[&org, &holder, &length.as_secs_f64()])
            .await
            .map_err(failed)?;
        let Some(taken) = taken else {
            let held = "SELECT coalesce(holder, ''), \
                            extract(epoch FROM lease_until - clock_timestamp())::float8 \
                        FROM okta_provision.orgs WHERE org = $1";
            let held = all.query_one(held, &[&org]).await.map_err(failed)?;
            return Ok(Claimed::Held {
                holder: held.get(0),
                left: Duration::try_from_secs_f64(held.get(1)).unwrap_or_default(),
            });
        };
        let begin = "UPDATE okta_provision.runs \
                     SET crashes = crashes + (state = 'running')::int, state = 'running', \
                         started = coalesce(started, now()), message = NULL \
                     WHERE run = $1 RETURNING crashes";
        let begun = all.query_one(begin, &[&run.0]).await.map_err(failed)?;
        all.commit().await.map_err(failed)?;
        let crashes: i32 = begun.get(0);
        let term = Arc::new(Term::new(asked, length));
        let postgres = Postgres {
            pool: self.pool.clone(),
            org: org.into(),
            epoch: taken.get(0),
            run: run.0,
            term: Arc::clone(&term),
        };
        Ok(Claimed::Mine(Box::new(Claim {
            fleet: self.clone(),
            run,
            desired: row.get(1),
            crashes: crashes.unsigned_abs(),
            length,
            journal: Journal::in_postgres(postgres.clone()),
            lease: Lease::new(term, postgres.epoch),
            postgres,
        })))
    }
}

impl Claim {
    /// The run.
    #[must_use]
    pub const fn run(&self) -> RunId {
        self.run
    }

    /// The org.
    #[must_use]
    pub fn org(&self) -> &str {
        &self.postgres.org
    }

    /// What was [submitted](Fleet::submit).
    #[must_use]
    pub fn desired(&self) -> &str {
        &self.desired
    }

    /// How many workers have died over this run.
    #[must_use]
    pub const fn crashes(&self) -> u32 {
        self.crashes
    }

    /// The journal of the run.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The lease of the org.
    #[must_use]
    pub const fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Does something, and renews the lease meanwhile.
    ///
    /// # Errors
    /// Those of `work`, [`Error::Superseded`] if the lease could not be renewed in time, and
    /// [`Error::Cancelled`] if the run was [cancelled](Fleet::cancel). `work` is then dropped.
    pub async fn keep<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match select(pin!(work), pin!(self.renew())).await {
            Either::Left((done, _)) => done,
            Either::Right((Err(lost), _)) => Err(lost),
        }
    }

    /// Renews the lease for as long as that works.
    async fn renew(&self) -> Result<Infallible, Error> {
        let renew = "UPDATE okta_provision.orgs \
                     SET lease_until = clock_timestamp() + $3 * interval '1 second' \
                     WHERE org = $1 AND epoch = $2 \
                     RETURNING (SELECT is_cancelled FROM okta_provision.runs WHERE run = $4)";
        let Postgres {
            org, epoch, run, ..
        } = &self.postgres;
        loop {
            tokio::time::sleep(self.length / 3).await;
            let (asked, renewed) = self
                .postgres
                .patiently(|client: Object| async move {
                    let asked = Instant::now();
                    let length = self.length.as_secs_f64();
                    let renewed = client
                        .query_opt(renew, &[&&**org, epoch, &length, run])
                        .await?;
                    Ok((asked, renewed))
                })
                .await?;
            let Some(row) = renewed else {
                self.postgres.term.end();
                return Err(Error::Superseded);
            };
            if row.get(0) {
                return Err(Error::Cancelled);
            }
            self.postgres.term.renew(asked, self.length);
        }
    }

    /// Ends the run, or this attempt at it, and gives the lease back.
    ///
    /// # Errors
    /// [`Error::Superseded`] if the lease is another's by now, and the database's errors.
    pub async fn end(self: Box<Self>, ended: Ended<'_>) -> Result<(), Error> {
        let (state, message, report) = match ended {
            Ended::Done(report) => {
                let report = serde_json::to_string(report)?;
                (RunState::Done, None, Some(report))
            }
            Ended::Failed(why) => (RunState::Failed, Some(why), None),
            Ended::Again(why) => (RunState::Waiting, Some(why), None),
        };
        self.close(state, message, report).await
    }

    /// Ends a run that was cancelled, and gives the lease back.
    ///
    /// # Errors
    /// As [`Claim::end`].
    pub async fn cancel(self: Box<Self>) -> Result<(), Error> {
        self.close(RunState::Cancelled, None, None).await
    }

    async fn close(
        &self,
        state: RunState,
        message: Option<&str>,
        report: Option<String>,
    ) -> Result<(), Error> {
        let give_back = "UPDATE okta_provision.orgs SET holder = NULL, lease_until = NULL \
                         WHERE org = $1 AND epoch = $2";
        let end = "UPDATE okta_provision.runs \
                   SET state = $2, message = $3, report = coalesce($4, report), \
                       ended = CASE WHEN $2 = 'waiting' THEN NULL ELSE now() END \
                   WHERE run = $1";
        let Postgres {
            org, epoch, run, ..
        } = &self.postgres;
        let report = &report;
        let closed = self
            .postgres
            .patiently(|mut client: Object| async move {
                let all = client.transaction().await?;
                let given = all.execute(give_back, &[&&**org, epoch]).await?;
                if given == 1 {
                    let state = state.name();
                    all.execute(end, &[run, &state, &message, report]).await?;
                }
                all.commit().await?;
                Ok(given)
            })
            .await?;
        self.postgres.term.end();
        match closed {
            0 => Err(Error::Superseded),
            _ => Ok(()),
        }
    }

    /// The fleet.
    #[must_use]
    pub const fn fleet(&self) -> &Fleet {
        &self.fleet
    }
}
