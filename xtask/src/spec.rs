//! `cargo xtask spec …`: Okta's document and ours.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use okta_codegen::documents::{self, About};
use serde_json::Value;

mod diff;
mod files;
mod import;
mod names;
mod proposals;
mod source;

use crate::openapi::{self, read};
use crate::output;
use diff::Format;
use proposals::{Known, Proposals};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the facts of Okta's document to openapi/, and propose names for what is new
    Import {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        arguments: import::Arguments,
    },
    /// Propose names for what the document in openapi/ has and its list of names has not
    Names {
        #[command(flatten)]
        which: Which,
    },
    /// Say what changes with another release, and fail if that breaks the public API
    Diff {
        #[command(flatten)]
        which: Which,
        /// Another release of Okta's OpenAPI document, YAML or JSON
        file: PathBuf,
        /// How to write the report
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// Which of Okta's documents is meant.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Okta's document: management, governance or myaccount
    #[arg(long, value_name = "NAME", default_value = "management", value_parser = about)]
    document: &'static About,
}

fn about(name: &str) -> std::result::Result<&'static About, String> {
    documents::named(name).ok_or_else(|| {
        let names: Vec<_> = documents::ALL.iter().map(|about| about.name).collect();
        format!("write one of {}", names.join(", "))
    })
}

impl Command {
    /// Runs the command on the workspace at `root`.
    pub fn run(self, root: &Path) -> Result<ExitCode> {
        let folder = |which: Which| Folder {
            openapi: openapi::Folder::of_workspace(root),
            about: which.document,
        };
        match self {
            Self::Import { which, arguments } => {
                output::print(&folder(which).import(&arguments)?)?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Names { which } => {
                output::print(&folder(which).complete_names()?)?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Diff {
                which,
                file,
                format,
            } => folder(which).diff(&file, format),
        }
    }
}

/// The folder that holds what we know of one of Okta's documents.
struct Folder {
    openapi: openapi::Folder,
    about: &'static About,
}

impl Folder {
    /// The facts of Okta's document.
    fn document(&self) -> PathBuf {
        self.openapi.file(self.about, "document.yaml")
    }

    /// What things are called in Rust.
    fn list_of_names(&self) -> PathBuf {
        self.openapi.file(self.about, "names.yaml")
    }

    /// Where the document comes from.
    fn source(&self) -> PathBuf {
        self.openapi.file(self.about, "SOURCE.toml")
    }

    /// Names for what a document has and the list of names has not; `previous` is the document that
    /// the list was made for.
    fn proposals(
        &self,
        document: &Value,
        facts: &str,
        previous: Option<&str>,
    ) -> Result<Proposals> {
        let known = Known {
            names: self.openapi.names(self.about)?,
            roots: self.openapi.roots(self.about)?,
            taken: self.openapi.taken(self.about)?,
        };
        Ok(Proposals::of(self.about, document, facts, previous, known))
    }
}

#[cfg(test)]
mod tests;
