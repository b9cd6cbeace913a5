//! `cargo xtask spec diff`: what another release changes for those who use the library.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use okta_codegen::{diff, import};

use super::{Folder, read};
use crate::output;

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Markdown,
    /// For programs
    Json,
}

impl Folder {
    /// Prints what `other` changes; fails if that breaks the public API.
    pub(super) fn diff(&self, other: &Path, format: Format) -> Result<ExitCode> {
        let report = self.compare(other)?;
        let text = match format {
            Format::Markdown => report.to_markdown(),
            Format::Json => report.to_json()? + "\n",
        };
        output::print(&text)?;
        Ok(if report.breaks() {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }

    fn compare(&self, other: &Path) -> Result<diff::Report> {
        let refused = || format!("{} cannot be compared", other.display());
        let theirs = import::facts(&read(other)?).with_context(refused)?;
        let texts = self.openapi.texts()?;
        diff::diff(&texts.sources(), self.about, theirs).with_context(refused)
    }
}
