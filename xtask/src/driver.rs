//! Commands that drive the SDK itself: programs of `xtask/drivers` and `xtask/soak`, started from
//! here.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Context as _;

/// Whatever the program takes; it has a `--help` of its own.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<OsString>,
}

impl Arguments {
    /// Builds and runs a program of `xtask/drivers`; it prints, and its exit status is ours.
    pub fn run(self, root: &Path, program: &str) -> anyhow::Result<ExitCode> {
        self.run_of(root, "xtask-drivers", &["--bin", program])
    }

    /// Builds, optimized, and runs the program of another package.
    pub fn run_package(self, root: &Path, package: &str) -> anyhow::Result<ExitCode> {
        self.run_of(root, package, &["--release"])
    }

    fn run_of(self, root: &Path, package: &str, how: &[&str]) -> anyhow::Result<ExitCode> {
        let status = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--package", package])
            .args(how)
            .arg("--manifest-path")
            .arg(root.join("Cargo.toml"))
            .arg("--")
            .args(self.rest)
            .status()
            .with_context(|| format!("cannot start cargo for `{package}`"))?;
        // A program that a signal ended has no code.
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
    }
}
