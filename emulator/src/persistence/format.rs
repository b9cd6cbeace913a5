//! How an org stands in the database: one table of entries by part and key, and one that says what
//! this is.

use std::fmt;
use std::io;
use std::path::Path;

use super::CLOCK;
use crate::clock::Clock;
use crate::error::Error;
use crate::org::Org;
use crate::seed::Start;
use crate::tracked::part::{Change, Changes, Damage, Deed, decoded, encoded};
use redb::{Database, ReadableTable, StorageError, Table, TableDefinition, TableError};

/// The format that this version writes, and the only one that it reads. It changes when what was
/// written can no longer be read; a new member with a default is no such change.
const FORMAT: u32 = 3;

/// The number of the format.
pub(super) const ABOUT: TableDefinition<'_, &str, u32> = TableDefinition::new("okta-emulator");
/// What the org started with.
const START: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("start");
/// Values in MessagePack by the name of the part and the key in it.
const ENTRIES: TableDefinition<'_, (&str, &[u8]), &[u8]> = TableDefinition::new("entries");

type Entries<'t> = Table<'t, (&'static str, &'static [u8]), &'static [u8]>;

/// Why a directory cannot be used.
#[derive(Debug)]
pub(super) enum Unusable {
    InUse,
    Io(String),
    Damaged(String),
    Foreign,
    Format(u32),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse => f.write_str(
                "another emulator has it open; stop that one, or choose another directory",
            ),
            Self::Io(reason) => write!(
                f,
                "{reason}; choose a directory that this program may write to, with space left"
            ),
            Self::Damaged(reason) => write!(
                f,
                "it is damaged, or no emulator wrote it ({reason}); move it away to start with a \
                 new org"
            ),
            Self::Foreign => f.write_str(
                "its database is of another program; choose another directory, or an empty one",
            ),
            Self::Format(format) => write!(
                f,
                "it has format {format}, and this version reads format {FORMAT}; use the version \
                 that wrote it, or an empty directory"
            ),
        }
    }
}

impl Unusable {
    pub(super) fn about(&self, directory: &Path) -> Error {
        Error::Data {
            directory: directory.to_owned(),
            reason: self.to_string(),
        }
    }
}

impl From<StorageError> for Unusable {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Io(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // What redb says of a file that does not start as its own do.
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<TableError> for Unusable {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Storage(error) => error.into(),
            TableError::TableDoesNotExist(_)
            | TableError::TableTypeMismatch { .. }
            | TableError::TypeDefinitionChanged { .. } => Self::Foreign,
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<redb::TransactionError> for Unusable {
    fn from(error: redb::TransactionError) -> Self {
        redb::Error::from(error).into()
    }
}

impl From<redb::CommitError> for Unusable {
    fn from(error: redb::CommitError) -> Self {
        redb::Error::from(error).into()
    }
}

impl From<redb::Error> for Unusable {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Io(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<Damage> for Unusable {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage.to_string())
    }
}

/// What the org of the database started with; none if the database is new.
pub(super) fn start(database: &Database) -> Result<Option<Start>, Unusable> {
    let reading = database.begin_read()?;
    if reading.list_tables()?.next().is_none() {
        return Ok(None);
    }
    let format = reading.open_table(ABOUT)?.get("format")?;
    match format.map(|format| format.value()) {
        Some(FORMAT) => {}
        Some(other) => return Err(Unusable::Format(other)),
        None => return Err(Unusable::Foreign),
    }
    let start = reading.open_table(START)?.get("start")?;
    let start = start.ok_or_else(|| Unusable::Damaged("it has no start".to_owned()))?;
    Ok(Some(decoded(start.value())?))
}

/// Writes a new org, all at once, and notes what changes in it from here on.
pub(super) fn begin(database: &Database, org: &mut Org, start: &Start) -> Result<(), Unusable> {
    let writing = database.begin_write()?;
    {
        writing.open_table(ABOUT)?.insert("format", FORMAT)?;
        writing
            .open_table(START)?
            .insert("start", encoded(start).as_slice())?;
        let mut entries = writing.open_table(ENTRIES)?;
        let mut outcome = Ok(());
        org.parts(&mut |name, part| {
            let mut changes = Changes::default();
            changes.of(name);
            part.watch(true);
            part.collect(&mut changes);
            if outcome.is_ok() {
                outcome = apply(&mut entries, &changes.list);
            }
        });
        outcome?;
    }
    writing.commit()?;
    Ok(())
}

/// Writes changes, all or none.
pub(super) fn write(database: &Database, changes: &[Change]) -> Result<(), Unusable> {
    let writing = database.begin_write()?;
    apply(&mut writing.open_table(ENTRIES)?, changes)?;
    writing.commit()?;
    Ok(())
}

fn apply(entries: &mut Entries<'_>, changes: &[Change]) -> Result<(), Unusable> {
    for Change { part, key, deed } in changes {
        let place = (*part, key.as_slice());
        match deed {
            Deed::Put(value) => drop(entries.insert(place, value.as_slice())?),
            Deed::Remove => drop(entries.remove(place)?),
            Deed::RemoveAll => match behind(key) {
                Some(end) => entries.retain_in(place..(*part, end.as_slice()), |_, _| false)?,
                // No key of the org starts with nothing but the highest bytes.
                None => entries.retain_in(place.., |(name, _), _| name != *part)?,
            },
        }
    }
    Ok(())
}

/// The first key that does not start with this one and is behind it.
fn behind(key: &[u8]) -> Option<Vec<u8>> {
    let at = key.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end = key[..=at].to_vec();
    end[at] += 1;
    Some(end)
}

/// Reads an org, and notes what changes in it from here on.
pub(super) fn read(database: &Database, org: &mut Org, clock: &Clock) -> Result<(), Unusable> {
    let reading = database.begin_read()?;
    let entries = reading.open_table(ENTRIES)?;
    let mut read = 0;
    org.empty();
    let mut outcome = Ok(());
    org.parts(&mut |name, part| {
        if outcome.is_ok() {
            outcome = each(&entries, name, |key, value| {
                read += 1;
                Ok(part.restore(key, value)?)
            });
        }
        part.watch(false);
    });
    outcome?;
    let mut advanced = 0;
    each(&entries, CLOCK, |_, value| {
        read += 1;
        advanced = decoded(value)?;
        Ok(())
    })?;
    clock.resume(advanced, org.log.latest());
    if read != redb::ReadableTableMetadata::len(&entries)? {
        let reason = "it has parts that this version does not know";
        return Err(Unusable::Damaged(reason.to_owned()));
    }
    Ok(())
}

/// The part of each entry that is written.
#[cfg(test)]
pub(super) fn parts(database: &Database) -> Result<Vec<String>, Unusable> {
    let entries = database.begin_read()?.open_table(ENTRIES)?;
    let entries = entries.iter()?;
    entries
        .map(|entry| Ok(entry?.0.value().0.to_owned()))
        .collect()
}

/// Visits the entries of a part in order.
fn each(
    entries: &impl ReadableTable<(&'static str, &'static [u8]), &'static [u8]>,
    part: &str,
    mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), Unusable>,
) -> Result<(), Unusable> {
    let start: (&str, &[u8]) = (part, &[]);
    for entry in entries.range(start..)? {
        let (key, value) = entry?;
        let (name, key) = key.value();
        if name != part {
            break;
        }
        visit(key, value.value())?;
    }
    Ok(())
}
