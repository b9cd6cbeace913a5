//! `cargo xtask bench`: what the SDK costs, to those who build it and to those who run it.

mod compile;
mod list;
mod process;
mod table;

use std::path::Path;
use std::process::ExitCode;

use crate::output;

/// Which cost to measure.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// CPU seconds and peak memory of compiling okta-sdk alone, its dependencies being built
    Compile(compile::Arguments),
    /// CPU seconds and peak memory of streaming users, beside other ways to do that
    List(list::Arguments),
}

impl Command {
    /// Measures and prints a table. Whatever is built for it is in `target/bench`.
    pub fn run(self, root: &Path) -> anyhow::Result<ExitCode> {
        match self {
            Self::Compile(arguments) => output::print(&arguments.run(root)?.to_string())?,
            Self::List(arguments) => output::print(&arguments.run(root)?.to_string())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
