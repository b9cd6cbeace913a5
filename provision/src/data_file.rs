//! Files that are written before it is noted how long they are. What a killed program has written
//! beyond that is cut off when the file is opened again.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use fs4::fs_std::FileExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// More than any state takes: what is longer is another file.
const LONGEST_STATE: u64 = 64 << 20;

/// A file that only grows.
#[derive(Debug)]
pub(crate) struct DataFile {
    file: File,
    path: PathBuf,
    length: u64,
}

impl DataFile {
    /// Opens the file, or makes it, and cuts it to what was noted of it.
    pub(crate) fn open(path: &Path, length: u64) -> Result<Self, Error> {
        let open = || {
            let mut file = private().read(true).open(path)?;
            let found = file.metadata()?.len();
            if found < length {
                let why = format!("it has {found} bytes of the {length} that were written to it");
                return Err(io::Error::new(ErrorKind::InvalidData, why));
            }
            file.set_len(length)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        Ok(Self {
            file: open().map_err(failed(path))?,
            path: path.to_owned(),
            length,
        })
    }

    /// Cuts off what was written beyond this length and not noted.
    pub(crate) fn cut(&mut self, length: u64) -> Result<(), Error> {
        if self.length == length {
            return Ok(());
        }
        let cut = self.file.set_len(length);
        let cut = cut.and_then(|()| self.file.seek(SeekFrom::Start(length)));
        cut.map_err(failed(&self.path))?;
        self.length = length;
        Ok(())
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = self.file.write_all(bytes);
        // Also if only a part was written, so that it is cut off.
        self.length += bytes.len() as u64;
        written.map_err(failed(&self.path))
    }

    /// Waits until all that was written is on the disk. Only then may its length be noted.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.file.sync_data().map_err(failed(&self.path))
    }

    pub(crate) const fn length(&self) -> u64 {
        self.length
    }
}

/// Makes a file, if it is not there, that only its owner reads.
pub(crate) fn make_private(path: &Path) -> Result<(), Error> {
    private().open(path).map(drop).map_err(failed(path))
}

/// The length of a file; 0 if it is not there.
pub(crate) fn length(path: &Path) -> Result<u64, Error> {
    match path.metadata() {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(failed(path)(error)),
    }
}

/// Removes a file; whether it was there.
pub(crate) fn remove(path: &Path) -> Result<bool, Error> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(path)(error)),
    }
}

/// Reads what [`write_state`] has written; nothing if there is no such file.
pub(crate) fn read_state<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path)(error)),
    };
    let mut text = Vec::new();
    let read = file.take(LONGEST_STATE).read_to_end(&mut text);
    read.map_err(failed(path))?;
    match serde_json::from_slice(&text) {
        Ok(state) => Ok(Some(state)),
        Err(error) => {
            let why = format!("it does not say where to go on ({error})");
            Err(failed(path)(io::Error::new(ErrorKind::InvalidData, why)))
        }
    }
}

/// Replaces a file as a whole: whoever reads it, also after a power cut, finds the old state or the
/// new one.
pub(crate) fn write_state(path: &Path, state: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_vec(state)?;
    let beside = beside(path, ".new");
    let write = || {
        let mut file = private().truncate(true).open(&beside)?;
        file.write_all(&text)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)?;
        sync_folder(path)
    };
    write().map_err(failed(path))
}

/// A renamed file is where it should be once its folder is on the disk.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// That nobody else writes these files. It ends with this value, and with the process.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Fails at once if another process, or another part of this one, has it.
    pub(crate) fn take(path: &Path) -> Result<Self, Error> {
        let file = private().open(path).map_err(failed(path))?;
        match file.try_lock_exclusive() {
            Ok(true) => Ok(Self { _file: file }),
            Ok(false) => {
                let why = "another program is writing these files";
                Err(failed(path)(io::Error::new(ErrorKind::WouldBlock, why)))
            }
            Err(error) => Err(failed(path)(error)),
        }
    }
}

/// The file whose name has this at its end.
pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// What is written tells of people: only the owner reads it.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Error {
    move |source| Error::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_was_not_noted_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let mut file = DataFile::open(&path, 0).unwrap();
        file.append(b"one\n").unwrap();
        file.sync().unwrap();
        let noted = file.length();
        file.append(b"tw").unwrap();
        drop(file);
        let mut file = DataFile::open(&path, noted).unwrap();
        file.append(b"two\n").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\n");
        drop(file);
        let error = DataFile::open(&path, 100).unwrap_err().to_string();
        assert!(error.contains("8 bytes of the 100"), "{error}");
        // An error changes nothing.
        assert_eq!(length(&path).unwrap(), 8);
    }

    #[test]
    fn a_state_is_replaced_as_a_whole_and_read_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        assert_eq!(read_state::<u32>(&path).unwrap(), None);
        write_state(&path, &7_u32).unwrap();
        write_state(&path, &8_u32).unwrap();
        assert_eq!(read_state::<u32>(&path).unwrap(), Some(8));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
        std::fs::write(&path, "seven").unwrap();
        let error = read_state::<u32>(&path).unwrap_err().to_string();
        assert!(error.contains("where to go on"), "{error}");
    }

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::take(&path).unwrap();
        assert!(Lock::take(&path).is_err());
        drop(first);
        Lock::take(&path).unwrap();
    }
}
