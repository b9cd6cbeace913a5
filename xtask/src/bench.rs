//! `cargo xtask bench`: what the SDK costs, to those who build it and to those who run it.

mod chart;
mod compile;
mod draw;
mod figures;
mod list;
mod measure;
mod process;
mod table;
mod verify;

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
    /// Write the figures of the guide's chapter on cost
    Measure(measure::Arguments),
    /// Write the plots and tables of that chapter from its figures
    Draw(draw::Arguments),
}

impl Command {
    /// Measures, or draws what was measured, and prints the outcome. Whatever is built for it is in `target/bench`.
    pub fn run(self, root: &Path) -> anyhow::Result<ExitCode> {
        match self {
            Self::Compile(arguments) => output::print(&arguments.run(root)?.to_string())?,
            Self::List(arguments) => output::print(&arguments.run(root)?.to_string())?,
            Self::Measure(arguments) => output::print(&arguments.run(root)?)?,
            Self::Draw(arguments) => output::print(&arguments.run(root)?)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
