//! How tests install what they need from outside.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use fs4::fs_std::FileExt;

/// Keeps others out of a folder until the file is dropped: several test programs may install at the
/// same time.
pub fn lock(folder: &Path) -> Result<File, String> {
    let lock = File::create(folder.join(".installing")).map_err(|error| error.to_string())?;
    FileExt::lock_exclusive(&lock).map_err(|error| error.to_string())?;
    Ok(lock)
}

/// Installs what `list` names, unless it is there by the word of `mark`. That is written last: what is
/// there without it was not finished.
pub fn once(
    list: &Path,
    mark: &Path,
    install: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let wanted = read(list)?;
    if read(mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(mark, wanted).map_err(|error| error.to_string())
}

/// Installs the packages of the folder's `package-lock.json`.
pub fn npm_ci(folder: &Path) -> Result<(), String> {
    let npm = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
    output(Command::new("npm").args(npm).current_dir(folder)).map(drop)
}

/// The text of a file; the error says which.
pub fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// What a program prints; the error is why it failed.
pub fn output(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{program}` failed: {}", errors.trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
