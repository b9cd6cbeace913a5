//! What the tests need: looked for, and installed where npm can do it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use fs4::fs_std::FileExt;

/// Makes sure that the tests can run; the error says what is missing.
pub fn prepare() -> Result<(), String> {
    find_browser()?;
    output(Command::new("chromedriver").arg("--version"))?;
    fs::create_dir_all(folder()).map_err(|error| error.to_string())?;
    let lock = File::create(folder().join(".installing")).map_err(|error| error.to_string())?;
    FileExt::lock_exclusive(&lock).map_err(|error| error.to_string())?;
    let wanted = read(&source().join("package-lock.json"))?;
    // Written last: what is there without it was not finished.
    let installed = folder().join(".installed");
    if read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    for list in ["package.json", "package-lock.json"] {
        let copied = fs::copy(source().join(list), folder().join(list));
        copied.map_err(|error| error.to_string())?;
    }
    let npm = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
    output(Command::new("npm").args(npm).current_dir(folder()))?;
    fs::write(installed, wanted).map_err(|error| error.to_string())
}

/// The browser, which has another name where it does not come from Debian. The driver knows where it
/// is.
fn find_browser() -> Result<(), String> {
    let find = |name| output(Command::new(name).arg("--version"));
    find("chromium").or_else(|error| find("google-chrome").map_err(|_| error))
}

/// The script that checks a page for accessibility.
pub fn axe() -> String {
    read(&folder().join("node_modules/axe-core/axe.min.js")).unwrap()
}

/// Where the tests leave what the pages look like.
pub fn screenshots() -> PathBuf {
    let folder = folder().join("screenshots");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser")
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Runs a program to its end; the error is why it failed.
fn output(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{program}` failed: {}", errors.trim()))
}
