//! How plans and reports are written.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use clap::ValueEnum;
use okta_provision::Report;

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PlanFormat {
    /// Like a diff.
    Text,
    /// For other programs.
    Json,
    Markdown,
}

/// Refuses a name that does not say how a report is written.
pub fn check(file: &Path) -> anyhow::Result<()> {
    match file.extension().and_then(|it| it.to_str()) {
        Some("txt" | "json" | "md" | "html") => Ok(()),
        _ => bail!(
            "{} does not say how the report is written; end it with .txt, .json, .md or .html",
            file.display()
        ),
    }
}

/// Writes a report as the name of the file says.
pub fn write(report: &Report, file: &Path) -> anyhow::Result<()> {
    check(file)?;
    let text = match file.extension().and_then(|it| it.to_str()) {
        Some("json") => serde_json::to_string_pretty(report)?,
        Some("md") => report.to_markdown(),
        Some("html") => report.to_html(),
        _ => report.to_string(),
    };
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
