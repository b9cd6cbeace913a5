//! Opening a directory.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use redb::{Database, DatabaseError};

use super::file::Unflushed;
use super::format::Unusable;
use crate::error::Error;

/// The name of the file in the directory.
pub(super) const FILE: &str = "okta-emulator.redb";
/// How much of the file is held in memory, in bytes.
const CACHE: usize = 32 << 20;

/// The database of a directory, whose pages are all as they were written.
pub(super) fn database(directory: &Path) -> Result<Database, Error> {
    let cannot = |unusable: Unusable| unusable.about(directory);
    fs::create_dir_all(directory).map_err(|error| cannot(Unusable::Io(error.to_string())))?;
    let path = directory.join(FILE);
    guarded(directory, || {
        let file = Unflushed::open(&path)?;
        let mut database = Database::builder()
            .set_cache_size(CACHE)
            .create_with_file_format_v3(true)
            .create_with_backend(file)?;
        match database.check_integrity() {
            Ok(true) => Ok(database),
            Ok(false) => Err(Unusable::Damaged("pages were changed".to_owned())),
            Err(error) => Err(error.into()),
        }
    })
}

/// Does what reads the file. The library panics at some files that it did not write.
pub(super) fn guarded<T>(
    directory: &Path,
    read: impl FnOnce() -> Result<T, Unusable>,
) -> Result<T, Error> {
    let outcome = catch_unwind(AssertUnwindSafe(read));
    let outcome = outcome.unwrap_or_else(|_| Err(Unusable::Damaged("it has no order".to_owned())));
    outcome.map_err(|unusable| unusable.about(directory))
}

impl From<DatabaseError> for Unusable {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::DatabaseAlreadyOpen => Self::InUse,
            DatabaseError::UpgradeRequired(_) => Self::Damaged(error.to_string()),
            DatabaseError::Storage(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}
