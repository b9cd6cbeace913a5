//! Files that belong together: all of them are written, or none.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context as _, Result, anyhow};
use tempfile::NamedTempFile;

/// Writes every text to its file. If one cannot be written, all stay as they were.
pub(super) fn write_all(files: &[(PathBuf, String)]) -> Result<()> {
    // What can fail for want of room or rights fails here, before anything is replaced.
    let mut ready = Vec::new();
    for (file, text) in files {
        ready.push((file, beside(file, text)?, before(file)?));
    }
    let mut replaced = Vec::new();
    for (file, new, old) in ready {
        if let Err(error) = new.persist(file) {
            let problem = anyhow!(error.error).context(format!("cannot write {}", file.display()));
            return Err(take_back(&replaced, problem));
        }
        replaced.push((file, old));
    }
    Ok(())
}

/// The text in a new file of the same folder, from where it can be renamed.
fn beside(file: &Path, text: &str) -> Result<NamedTempFile> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let write = || -> io::Result<NamedTempFile> {
        fs::create_dir_all(folder)?;
        let mut new = new_file(file, folder)?;
        new.write_all(text.as_bytes())?;
        new.as_file().sync_all()?;
        Ok(new)
    };
    write().with_context(|| format!("cannot write {}", file.display()))
}

/// A file with the rights of the one that it replaces, or of any other file of the workspace.
#[cfg(unix)]
fn new_file(file: &Path, folder: &Path) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;
    let permissions = fs::metadata(file).map_or_else(
        |_| fs::Permissions::from_mode(0o644),
        |old| old.permissions(),
    );
    tempfile::Builder::new()
        .permissions(permissions)
        .tempfile_in(folder)
}

/// A file with the rights that its folder gives it: there are no others to set.
#[cfg(not(unix))]
fn new_file(_: &Path, folder: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(folder)
}

/// What is in a file now; nothing if there is none.
fn before(file: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Ok(old) => Ok(Some(old)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // Then it cannot be replaced either, and renaming says why.
        Err(_) if file.is_dir() => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// Puts back what was replaced, and says what it could not put back.
fn take_back(replaced: &[(&PathBuf, Option<Vec<u8>>)], problem: anyhow::Error) -> anyhow::Error {
    let mut problem = problem;
    for (file, old) in replaced {
        let put_back = match old {
            Some(old) => fs::write(file, old),
            None => fs::remove_file(file),
        };
        if let Err(error) = put_back {
            problem = problem.context(format!("{} cannot be put back: {error}", file.display()));
        }
    }
    problem
}

#[cfg(test)]
mod tests;
