//! What a review has to know of what it has read.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

pub(super) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, login TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS administrator (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS listed (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS queue (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        given TEXT NOT NULL,
        cursor TEXT
    );
    CREATE TABLE IF NOT EXISTS member (
        owner TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (owner, id)
    ) WITHOUT ROWID;
";

/// Forgets an earlier review.
pub(super) fn clear(all: &Transaction<'_>) -> rusqlite::Result<()> {
    all.execute_batch(
        "DELETE FROM person; DELETE FROM administrator; DELETE FROM listed; DELETE FROM queue;
         DELETE FROM member;",
    )
}

/// A group or an application whose users are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) id: String,
    pub(super) name: String,
    /// How its users have it, if that is the same for all.
    pub(super) given: String,
    /// The page of users that is next; the first one if there is none.
    pub(super) cursor: Option<String>,
}

/// What is to be noted once the rows are on the disk.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) people: Vec<(String, String)>,
    pub(super) administrators: Vec<String>,
    /// Groups or applications that were found.
    pub(super) found: Vec<Owner>,
    /// Those of the queue of which a page was read, with the users of the page, and where to go on.
    pub(super) read: Vec<PageOf>,
}

/// A page of the users of a group or an application.
#[derive(Debug)]
pub(super) struct PageOf {
    pub(super) number: i64,
    pub(super) owner: String,
    pub(super) users: Vec<String>,
    pub(super) next: Option<String>,
}

impl Changes {
    pub(super) fn write(self, all: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut person = all.prepare_cached("INSERT OR IGNORE INTO person VALUES (?1, ?2)")?;
        for (id, login) in self.people {
            person.execute(params![id, login])?;
        }
        let mut administrator =
            all.prepare_cached("INSERT OR IGNORE INTO administrator VALUES (?1)")?;
        for id in self.administrators {
            administrator.execute([id])?;
        }
        let mut listed = all.prepare_cached("INSERT INTO listed VALUES (?1)")?;
        let mut queue =
            all.prepare_cached("INSERT INTO queue (id, name, given) VALUES (?1, ?2, ?3)")?;
        for owner in self.found {
            listed.execute([&owner.id])?;
            queue.execute(params![owner.id, owner.name, owner.given])?;
        }
        let mut member = all.prepare_cached("INSERT OR IGNORE INTO member VALUES (?1, ?2)")?;
        for page in self.read {
            match page.next {
                Some(next) => {
                    let go_on = "UPDATE queue SET cursor = ?2 WHERE number = ?1";
                    all.execute(go_on, params![page.number, next])?;
                    for id in page.users {
                        member.execute(params![page.owner, id])?;
                    }
                }
                None => {
                    all.execute("DELETE FROM queue WHERE number = ?1", [page.number])?;
                    all.execute("DELETE FROM member WHERE owner = ?1", [page.owner])?;
                }
            }
        }
        Ok(())
    }
}

/// The first of the queue.
pub(super) fn queued(file: &Connection, most: usize) -> rusqlite::Result<Vec<(i64, Owner)>> {
    let mut query = file.prepare_cached(
        "SELECT number, id, name, given, cursor FROM queue ORDER BY number LIMIT ?1",
    )?;
    let rows = query.query_map([i64::try_from(most).unwrap_or(i64::MAX)], |row| {
        let owner = Owner {
            id: row.get(1)?,
            name: row.get(2)?,
            given: row.get(3)?,
            cursor: row.get(4)?,
        };
        Ok((row.get(0)?, owner))
    })?;
    rows.collect()
}

pub(super) fn login(file: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    let mut query = file.prepare_cached("SELECT login FROM person WHERE id = ?1")?;
    query.query_row([id], |row| row.get(0)).optional()
}

pub(super) fn is_administrator(file: &Connection, id: &str) -> rusqlite::Result<bool> {
    file.prepare_cached("SELECT 1 FROM administrator WHERE id = ?1")?
        .exists([id])
}

/// Whether a group or application was found before.
pub(super) fn is_listed(file: &Connection, id: &str) -> rusqlite::Result<bool> {
    file.prepare_cached("SELECT 1 FROM listed WHERE id = ?1")?
        .exists([id])
}

/// Whether a user was on an earlier page of a group or an application.
pub(super) fn is_member(file: &Connection, owner: &str, id: &str) -> rusqlite::Result<bool> {
    file.prepare_cached("SELECT 1 FROM member WHERE owner = ?1 AND id = ?2")?
        .exists([owner, id])
}
