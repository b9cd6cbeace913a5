//! `cargo xtask spec …`: Okta's document and ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Subcommand, ValueEnum};
use okta_codegen::diff::diff;
use okta_codegen::import::facts;

mod files;
mod import;
mod names;
mod proposals;
mod source;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the facts of Okta's document to openapi/, and propose names for what is new
    Import(import::Arguments),
    /// Propose names for what openapi/management.yaml has and openapi/names.yaml has not
    Names,
    /// Say what changes with another release, and fail if that breaks the public API
    Diff {
        /// Another release of Okta's OpenAPI document, YAML or JSON
        file: PathBuf,
        /// How to write the report
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Markdown,
    /// For programs
    Json,
}

impl Command {
    /// Runs the command on the workspace at `root`.
    pub fn run(self, root: &Path) -> Result<ExitCode> {
        let folder = Folder(root.join("openapi"));
        match self {
            Self::Import(arguments) => {
                print!("{}", folder.import(&arguments)?);
                Ok(ExitCode::SUCCESS)
            }
            Self::Names => {
                print!("{}", folder.complete_names()?);
                Ok(ExitCode::SUCCESS)
            }
            Self::Diff { file, format } => folder.diff(&file, format),
        }
    }
}

/// The folder that holds what we know of Okta's API.
struct Folder(PathBuf);

impl Folder {
    /// The facts of Okta's document.
    fn document(&self) -> PathBuf {
        self.0.join("management.yaml")
    }

    /// What things are called in Rust.
    fn list_of_names(&self) -> PathBuf {
        self.0.join("names.yaml")
    }

    /// Where the document comes from.
    fn source(&self) -> PathBuf {
        self.0.join("SOURCE.toml")
    }

    fn diff(&self, other: &Path, format: Format) -> Result<ExitCode> {
        let ours = facts(&read(&self.document())?)?;
        let theirs = facts(&read(other)?)
            .with_context(|| format!("{} cannot be compared", other.display()))?;
        let report = diff(&ours, &theirs);
        match format {
            Format::Markdown => print!("{}", report.to_markdown()),
            Format::Json => println!("{}", report.to_json()?),
        }
        Ok(if report.breaks() {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests;
