//! What an export knows of the objects of an org.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;

pub(super) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS object (
        id TEXT PRIMARY KEY, updated TEXT NOT NULL, run INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS object_run ON object (run);
";

/// So many objects are asked for one by one before the ledger is written.
const BATCH: i64 = 50;

/// How an object differs from what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Change {
    Created,
    Updated,
    None,
}

#[derive(Debug)]
pub(super) struct Known {
    pub(super) updated: String,
}

pub(super) fn find(file: &Connection, id: &str) -> rusqlite::Result<Option<Known>> {
    let mut query = file.prepare_cached("SELECT updated FROM object WHERE id = ?1")?;
    let known = query.query_row([id], |row| {
        let updated = row.get(0)?;
        Ok(Known { updated })
    });
    known.optional()
}

/// Notes objects that a run has seen.
pub(super) fn see(all: &Transaction<'_>, seen: &[(&str, &str)], run: i64) -> rusqlite::Result<()> {
    let mut put = all.prepare_cached("INSERT OR REPLACE INTO object VALUES (?1, ?2, ?3)")?;
    for (id, updated) in seen {
        put.execute(params![id, updated, run])?;
    }
    Ok(())
}

/// Some of the objects that a run has not seen.
pub(super) fn unseen(file: &Connection, run: i64) -> rusqlite::Result<Vec<String>> {
    let mut query =
        file.prepare_cached("SELECT id FROM object WHERE run < ?1 ORDER BY id LIMIT ?2")?;
    query.query_map([run, BATCH], |row| row.get(0))?.collect()
}

/// Forgets what is gone, and counts what was found after all as seen.
pub(super) fn settle(
    all: &Transaction<'_>,
    gone: &[&str],
    there: &[&str],
    run: i64,
) -> rusqlite::Result<()> {
    let mut delete = all.prepare_cached("DELETE FROM object WHERE id = ?1")?;
    for id in gone {
        delete.execute([id])?;
    }
    let mut keep = all.prepare_cached("UPDATE object SET run = ?2 WHERE id = ?1")?;
    for id in there {
        keep.execute(params![id, run])?;
    }
    Ok(())
}
