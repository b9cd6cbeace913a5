//! Appends what has changed of the users or groups since the last run to a file, as JSON lines:
//! created, updated, deleted. The first run writes all.
//!
//! ```text
//! cargo run -p okta-examples --bin export_changes -- users.jsonl
//! cargo run -p okta-examples --bin export_changes -- groups.jsonl --of groups
//! ```

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use okta_examples::{Output, Settings, run};
use okta_provision::{Export, Exported};

/// Appends what has changed of the users or groups of an Okta org to a file.
///
/// Killed and started again, it goes on where it was. Exit status: 0 if the run is complete, 1 if not.
#[derive(Debug, Parser)]
struct Arguments {
    /// The file. What is known of the org is in another of this name with `.sqlite` at its end.
    #[arg(default_value = "users.jsonl")]
    file: PathBuf,
    /// What to export.
    #[arg(long, default_value = "users")]
    of: What,
    /// Do not look for what was deleted, which takes a list of all.
    #[arg(long)]
    without_deletions: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Users,
    Groups,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;
    let what = match arguments.of {
        What::Users => Exported::Users,
        What::Groups => Exported::Groups,
    };
    let mut export = Export::new(&arguments.file, what);
    if arguments.without_deletions {
        export = export.without_deletions();
    }
    let mut export = export.open(&org.client)?;
    while export.advance(&org.client).await? {}
    let summary = export.summary();
    writeln!(
        Output,
        "{} created, {} updated, {} deleted",
        summary.created, summary.updated, summary.deleted
    )?;
    Ok(())
}
