//! A journal in a file of `SQLite`.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::error::Error;
use crate::plan::Plan;
use crate::step::Step;

use super::State;

/// How long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(10);

const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS run (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        epoch INTEGER NOT NULL,
        plan TEXT
    );
    INSERT OR IGNORE INTO run (one, epoch) VALUES (1, 0);
    CREATE TABLE IF NOT EXISTS step (
        number INTEGER PRIMARY KEY,
        step TEXT NOT NULL,
        state INTEGER NOT NULL DEFAULT 0,
        outcome TEXT,
        id TEXT
    );
";

/// A journal in a file. Opening it takes it over.
pub(super) struct File {
    file: Mutex<Connection>,
    epoch: i64,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

/// Why the journal could not be used. It keeps the types of `rusqlite`, of which this crate needs a
/// certain release, out of [`Error`].
#[derive(Debug)]
pub(super) enum Broken {
    Sqlite(rusqlite::Error),
    Error(Error),
}

impl From<rusqlite::Error> for Broken {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<serde_json::Error> for Broken {
    fn from(error: serde_json::Error) -> Self {
        Self::Error(error.into())
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Broken> for Error {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Sqlite(error) => Self::Journal(error.into()),
            Broken::Error(error) => error,
        }
    }
}

impl File {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        make_private(path).map_err(|source| Error::File {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self::take_over(path)?)
    }

    fn take_over(path: &Path) -> Result<Self, Broken> {
        let mut file = Connection::open(path)?;
        file.busy_timeout(PATIENCE)?;
        file.execute_batch(TABLES)?;
        let taken = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let take = "UPDATE run SET epoch = epoch + 1 RETURNING epoch";
        let epoch = taken.query_row(take, (), |row| row.get(0))?;
        taken.commit()?;
        Ok(Self {
            file: Mutex::new(file),
            epoch,
        })
    }

    pub(super) fn unfinished(&self) -> Result<Option<(Plan, Vec<State>)>, Broken> {
        let file = self.file();
        let plan = file.query_row("SELECT plan FROM run", (), |row| row.get(0));
        let Some(plan): Option<String> = plan.optional()?.flatten() else {
            return Ok(None);
        };
        let mut query =
            file.prepare("SELECT step, state, outcome, id FROM step ORDER BY number")?;
        let mut rows = query.query(())?;
        let (mut steps, mut states) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let step: String = row.get(0)?;
            let outcome: Option<String> = row.get(2)?;
            steps.push(serde_json::from_str::<Step>(&step)?);
            states.push(State::read(row.get(1)?, outcome.as_deref(), row.get(3)?)?);
        }
        let plan = Plan::from_json(plan.as_bytes())?.with_steps(steps);
        Ok(Some((plan, states)))
    }

    pub(super) fn begin(&self, plan: &Plan) -> Result<(), Broken> {
        let mut file = self.file();
        let all = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let head = serde_json::to_string(&plan.without_steps())?;
        let changed = all.execute(
            "UPDATE run SET plan = ?1 WHERE epoch = ?2",
            params![head, self.epoch],
        )?;
        if changed == 0 {
            return Err(Broken::Error(Error::Superseded));
        }
        all.execute("DELETE FROM step", ())?;
        let mut insert = all.prepare("INSERT INTO step (number, step) VALUES (?1, ?2)")?;
        for (number, step) in plan.steps().iter().enumerate() {
            insert.execute(params![index(number), serde_json::to_string(step)?])?;
        }
        drop(insert);
        all.commit()?;
        Ok(())
    }

    pub(super) fn finish(&self) -> Result<(), Broken> {
        let file = self.file();
        let clear = "UPDATE run SET plan = NULL WHERE epoch = ?1";
        match file.execute(clear, [self.epoch])? {
            0 => Err(Broken::Error(Error::Superseded)),
            _ => Ok(()),
        }
    }

    /// One statement, so that no successor can take over in the middle of it.
    pub(super) fn write(&self, number: usize, state: &State) -> Result<(), Broken> {
        let (state, outcome, id) = state.written()?;
        let file = self.file();
        let mut update = file.prepare_cached(
            "UPDATE step SET state = ?2, outcome = ?3, id = ?4 \
             WHERE number = ?1 AND (SELECT epoch FROM run) = ?5",
        )?;
        match update.execute(params![index(number), state, outcome, id, self.epoch])? {
            0 => Err(Broken::Error(Error::Superseded)),
            _ => Ok(()),
        }
    }

    fn file(&self) -> MutexGuard<'_, Connection> {
        // A statement that was cut short by a panic was rolled back.
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn index(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Makes the file, if it is not there, so that only its owner can read it.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::perform::Outcome;

    fn plan() -> Plan {
        let step = r#"{"do": "addMember", "group": "Analysts", "login": "ada@x.org"}"#;
        let plan = format!(
            r#"{{"version": 3, "orgUrl": "https://x.okta.com", "kept": {{}}, "warnings": [],
                "objections": [], "ids": {{}}, "steps": [{step}, {step}]}}"#
        );
        Plan::from_json(plan.as_bytes()).unwrap()
    }

    #[test]
    fn a_plan_comes_back_with_the_states_of_its_steps() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = File::open(&path).unwrap();
        assert_eq!(journal.unfinished().unwrap(), None);
        journal.begin(&plan()).unwrap();
        journal.write(0, &State::Begun).unwrap();
        let done = State::Done(Outcome::Created, Some("00u1".to_owned()));
        journal.write(0, &done).unwrap();
        journal.write(1, &State::Begun).unwrap();
        drop(journal);

        let journal = File::open(&path).unwrap();
        let expected = (plan(), vec![done, State::Begun]);
        assert_eq!(journal.unfinished().unwrap(), Some(expected));
        journal.write(1, &State::Failed).unwrap();
        assert_eq!(journal.unfinished().unwrap().unwrap().1[1], State::Failed);
        journal.finish().unwrap();
        assert_eq!(journal.unfinished().unwrap(), None);
    }

    #[test]
    fn a_journal_that_was_taken_over_takes_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let paused = File::open(&path).unwrap();
        paused.begin(&plan()).unwrap();
        let successor = File::open(&path).unwrap();
        assert!(matches!(
            paused.write(0, &State::Begun),
            Err(Broken::Error(Error::Superseded))
        ));
        assert!(matches!(
            paused.begin(&plan()),
            Err(Broken::Error(Error::Superseded))
        ));
        assert!(matches!(
            paused.finish(),
            Err(Broken::Error(Error::Superseded))
        ));
        let (_, states) = successor.unfinished().unwrap().unwrap();
        assert_eq!(states, [State::Planned, State::Planned]);
        successor.write(0, &State::Begun).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = File::open(&path).unwrap();
        journal.begin(&plan()).unwrap();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let mode = entry.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }
}
