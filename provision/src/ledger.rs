//! How far a long reading is: an `SQLite` file that is changed as a whole, once the data is on the disk.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data_file::{Lock, beside, make_private};
use crate::error::Error;

const STATE: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL);
";

/// What was read so far, and a state in JSON. One program at a time has it.
#[derive(Debug)]
pub(crate) struct Ledger {
    file: Connection,
    path: PathBuf,
    _lock: Lock,
}

impl Ledger {
    /// Opens the file, or makes it, with these tables.
    pub(crate) fn open(path: &Path, tables: &str) -> Result<Self, Error> {
        let lock = Lock::take(&beside(path, ".lock"))?;
        make_private(path)?;
        let open = || {
            let file = Connection::open(path)?;
            file.execute_batch(STATE)?;
            file.execute_batch(tables)?;
            Ok(file)
        };
        Ok(Self {
            file: open().map_err(failed(path))?,
            path: path.to_owned(),
            _lock: lock,
        })
    }

    pub(crate) fn state<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        let state: Option<String> = self.read(|file| {
            let get = "SELECT state FROM state";
            file.query_row(get, (), |row| row.get(0)).optional()
        })?;
        Ok(match state {
            Some(state) => Some(serde_json::from_str(&state)?),
            None => None,
        })
    }

    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        read(&self.file).map_err(failed(&self.path))
    }

    /// Changes tables and state, or nothing.
    pub(crate) fn change<T>(
        &mut self,
        state: &impl Serialize,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let text = serde_json::to_string(state)?;
        let Self { file, path, .. } = self;
        let all = || {
            let all = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let changed = change(&all)?;
            let set = "INSERT OR REPLACE INTO state (one, state) VALUES (1, ?1)";
            all.execute(set, [text])?;
            all.commit()?;
            Ok(changed)
        };
        all().map_err(failed(path))
    }
}

fn failed(path: &Path) -> impl Fn(rusqlite::Error) -> Error {
    move |error| Error::File {
        path: path.to_owned(),
        source: io::Error::other(error),
    }
}
