//! Node, and the packages that the provider consists of.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use fs4::fs_std::FileExt;

/// The folder of the provider.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider")
}

/// Makes sure that the provider can be started; the error says what is missing.
///
/// Several test programs may do this at the same time, and one may have been stopped half-way.
pub fn prepare() -> Result<(), String> {
    let version = output(Command::new("node").arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next();
    let major: u32 = major.and_then(|major| major.parse().ok()).unwrap_or(0);
    if major < 20 {
        return Err(format!("Node 20 or newer is required, found {version}"));
    }
    let project = project();
    let wanted = read(&project.join("package-lock.json"))?;
    let lock = File::create(project.join(".installing")).map_err(|error| error.to_string())?;
    FileExt::lock_exclusive(&lock).map_err(|error| error.to_string())?;
    // Written last: what is there without it was not finished.
    let installed = project.join("node_modules/.installed");
    if read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    output(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(&project),
    )?;
    fs::write(installed, wanted).map_err(|error| error.to_string())
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// What a program prints; the error is why it failed.
fn output(command: &mut Command) -> Result<String, String> {
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
