//! What a run was about to do and has done, written ahead.

mod file;
#[cfg(feature = "postgres")]
mod postgres;

use std::fmt;
use std::path::Path;

use crate::error::Error;
use crate::perform::Outcome;
use crate::plan::Plan;

#[cfg(feature = "postgres")]
pub(crate) use postgres::{Postgres, Term, failed};

/// What a run was about to do and has done: an `SQLite` file. A run that was killed is taken up again
/// from it. It is a help only: without it, planning again does the same.
///
/// Opening a journal takes it over. Another run that still has it open writes nothing more to it and
/// changes nothing more in the org, apart from the requests that are under way.
///
/// It holds what [`Plan::save`] writes, and is readable by its owner only.
#[cfg_attr(
    feature = "postgres",
    doc = "\nThat of a [`Claim`](crate::fleet::Claim) is in PostgreSQL instead."
)]
pub struct Journal(Store);

enum Store {
    File(file::File),
    #[cfg(feature = "postgres")]
    Postgres(Postgres),
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Store::File(file) => f.debug_tuple("Journal").field(file).finish(),
            #[cfg(feature = "postgres")]
            Store::Postgres(postgres) => f.debug_tuple("Journal").field(postgres).finish(),
        }
    }
}

/// How far a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Planned,
    /// It was begun, and nobody knows whether it was done.
    Begun,
    /// It was done; with the id of what it made.
    Done(Outcome, Option<String>),
    /// It was refused.
    Failed,
}

impl State {
    /// As a journal has it: a number, how it was done, and what it made.
    fn written(&self) -> Result<(i16, Option<String>, Option<&str>), serde_json::Error> {
        Ok(match self {
            Self::Planned => (0, None, None),
            Self::Begun => (1, None, None),
            Self::Done(outcome, id) => (2, Some(serde_json::to_string(outcome)?), id.as_deref()),
            Self::Failed => (3, None, None),
        })
    }

    /// The reverse.
    fn read(
        number: i16,
        outcome: Option<&str>,
        id: Option<String>,
    ) -> Result<Self, serde_json::Error> {
        Ok(match (number, outcome) {
            (1, _) => Self::Begun,
            (2, Some(outcome)) => Self::Done(serde_json::from_str(outcome)?, id),
            (3, _) => Self::Failed,
            _ => Self::Planned,
        })
    }
}

impl Journal {
    /// Opens the journal of this file, or makes it, and takes it over.
    ///
    /// # Errors
    /// If the file cannot be used, or is no journal.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self(Store::File(file::File::open(path.as_ref())?)))
    }

    #[cfg(feature = "postgres")]
    pub(crate) const fn in_postgres(postgres: Postgres) -> Self {
        Self(Store::Postgres(postgres))
    }

    /// The plan that was not carried out to its end, with how far each step is.
    pub(crate) async fn unfinished(&self) -> Result<Option<(Plan, Vec<State>)>, Error> {
        match &self.0 {
            Store::File(file) => Ok(file.unfinished()?),
            #[cfg(feature = "postgres")]
            Store::Postgres(postgres) => postgres.unfinished().await,
        }
    }

    /// Writes a plan down before anything of it is done; what was there before goes.
    pub(crate) async fn begin(&self, plan: &Plan) -> Result<(), Error> {
        match &self.0 {
            Store::File(file) => Ok(file.begin(plan)?),
            #[cfg(feature = "postgres")]
            Store::Postgres(postgres) => postgres.begin(plan).await,
        }
    }

    /// Writes down how far a step is; before it is done, and after.
    pub(crate) async fn write(&self, number: usize, state: &State) -> Result<(), Error> {
        match &self.0 {
            Store::File(file) => Ok(file.write(number, state)?),
            #[cfg(feature = "postgres")]
            Store::Postgres(postgres) => postgres.write(number, state).await,
        }
    }

    /// All that could be done is done.
    pub(crate) async fn finish(&self) -> Result<(), Error> {
        match &self.0 {
            Store::File(file) => Ok(file.finish()?),
            #[cfg(feature = "postgres")]
            Store::Postgres(postgres) => postgres.finish().await,
        }
    }
}
