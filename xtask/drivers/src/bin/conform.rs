//! `cargo xtask conform`: whether the emulator answers as Okta's document says.
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use okta_emulator::Emulator;
use okta_sdk::Client;
use xtask_drivers::conform::{Known, Schemas, differences};
use xtask_drivers::output;

/// Hold the answers of the emulator against the schemas of Okta's document, and compare what is wrong
/// with what is known.
///
/// The known differences are in a file, by operation and place. The exit status is 1 if there is another
/// one, or if one of the file is gone.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask conform", bin_name = "cargo xtask conform")]
struct Arguments {
    /// Write the file of known differences
    #[arg(long)]
    update: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments { update } = Arguments::parse();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let document = root.join("../../openapi/management/document.yaml");
    let schemas = Schemas::read(&document)?;
    let emulator = Emulator::start().await?;
    let okta = Client::builder()
        .org_url(emulator.org_url())
        .api_token(emulator.token())
        .build()?;
    let found = differences(&okta, &schemas).await?;
    let file = root.join("conform.json");
    let before = Known::read(&file).unwrap_or_default();
    let changes = before.changes(&found);
    let now = Known(found);
    output::line(format!(
        "{} differences in {} operations; {} new, {} gone",
        now.count(),
        now.0.len(),
        changes.new.len(),
        changes.gone.len()
    ))?;
    for (what, list) in [("new", &changes.new), ("gone", &changes.gone)] {
        for difference in list {
            output::line(format!("{what}: {difference}"))?;
        }
    }
    if update {
        now.write(&file)?;
        return Ok(ExitCode::SUCCESS);
    }
    match changes.new.is_empty() && changes.gone.is_empty() {
        true => Ok(ExitCode::SUCCESS),
        false => Ok(ExitCode::FAILURE),
    }
}
