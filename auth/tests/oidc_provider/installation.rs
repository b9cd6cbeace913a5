//! Node, and the packages that the provider consists of.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::installing::{lock, npm_ci, once, output};

/// The folder of the provider, which tests of other crates use too.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../auth/tests/provider")
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
    let _lock = lock(&project)?;
    let list = project.join("package-lock.json");
    let mark = project.join("node_modules/.installed");
    once(&list, &mark, || npm_ci(&project))
}
