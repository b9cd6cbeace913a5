//! The file that the database is in.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use redb::backends::FileBackend;
use redb::{DatabaseError, StorageBackend};

/// A file that is written to and not flushed to the disk at each transaction: written pages are the
/// operating system's, and outlive the process. They are flushed when the file is closed.
#[derive(Debug)]
pub(super) struct Unflushed {
    file: FileBackend,
    closing: File,
}

impl Unflushed {
    /// Opens a file, or makes one that nobody else can read: it holds secrets.
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        Ok(Self {
            closing: file.try_clone()?,
            file: FileBackend::new(file)?,
        })
    }
}

impl Drop for Unflushed {
    fn drop(&mut self) {
        if let Err(error) = self.closing.sync_all() {
            tracing::error!(%error, "the file of the org was not flushed");
        }
    }
}

impl StorageBackend for Unflushed {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        self.file.read(offset, len)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync_data(&self, _eventual: bool) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write(offset, data)
    }
}
