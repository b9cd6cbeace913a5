//! Many orgs, many machines: what is to be done, who does it, and how far it is, in PostgreSQL.
//!
//! A [`Fleet`] is the database. A run is [submitted](Fleet::submit) for an org; a worker on any machine
//! [claims](Fleet::claim) it, and carries it out with the [`Journal`](crate::Journal) of its [`Claim`]:
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use okta_provision::fleet::{Claimed, Ended, Fleet, RunId};
//! use okta_provision::{Apply, Desired, Error, Guard, Plan};
//!
//! # async fn work(fleet: Fleet, okta: okta_sdk::ClientBuilder, desired: Desired, run: RunId) -> Result<(), Error> {
//! let claim = match fleet.claim(run, "worker-1", Duration::from_secs(30)).await? {
//!     Claimed::Mine(claim) => claim,
//!     // Later, or never.
//!     Claimed::Held { .. } | Claimed::Ended(_) => return Ok(()),
//! };
//! let okta = claim.lease().fence(okta)?;
//! let report = claim
//!     .keep(async {
//!         if let Some(rest) = Apply::resume(&okta, claim.journal()).await? {
//!             return rest.run().await;
//!         }
//!         let plan = Plan::make(&okta, &desired, &Guard::new()).await?;
//!         Apply::new(&okta, plan).journal(claim.journal()).run().await
//!     })
//!     .await?;
//! claim.end(Ended::Done(&report)).await
//! # }
//! ```
//!
//! Only one worker at a time has the lease of an org. It is good for a while and renewed by
//! [`Claim::keep`]. A worker that was paused wakes up with a lease that has run out: its
//! [fenced](Lease::fence) client sends nothing more, and the journal refuses what it writes, since the
//! org's epoch has moved on. Whatever wakes the workers up may do so twice or too often; that it does so
//! at all is what a queue is for.
//!
//! What is promised holds while the database keeps what it has confirmed. Without the database nothing
//! is lost but the waiting runs and the history: the org is the truth, and planning again finds what is
//! left to do.

mod claim;
mod lease;
mod runs;

use std::fmt;

use deadpool_postgres::Pool;

use crate::error::Error;
use crate::journal::failed;

pub use claim::{Claim, Claimed, Ended};
pub use deadpool_postgres;
pub use lease::Lease;
pub use runs::{Progress, Run, RunId, RunState};

/// What has to be in the database.
const TABLES: &str = include_str!("fleet/tables.sql");

/// The key of the lock under which the tables are made: two workers may be started at once.
const MIGRATION: i64 = 0x6f6b_7461_5f70;

/// The database of a fleet. Cheap to clone.
#[derive(Clone)]
pub struct Fleet {
    pool: Pool,
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").finish_non_exhaustive()
    }
}

impl Fleet {
    /// The fleet in this database, in its schema `okta_provision`, which is made if it is not there.
    /// A run that is carried out uses as many connections as it sends requests at a time.
    ///
    /// # Errors
    /// If the database cannot be reached or used.
    pub async fn open(pool: Pool) -> Result<Self, Error> {
        let mut client = pool.get().await.map_err(failed)?;
        let all = client.transaction().await.map_err(failed)?;
        all.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION])
            .await
            .map_err(failed)?;
        all.batch_execute(TABLES).await.map_err(failed)?;
        all.commit().await.map_err(failed)?;
        drop(client);
        Ok(Self { pool })
    }
}
