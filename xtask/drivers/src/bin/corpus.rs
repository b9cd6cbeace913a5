//! `cargo xtask corpus`: recorded exchanges through the SDK's types and back.
#![allow(clippy::print_stdout, reason = "commands talk to people")]

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use xtask_drivers::corpus::Totals;

/// Decode recorded exchanges, encode them again, and say what is not as it was.
///
/// The exit status is 1 if anything failed.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask corpus", bin_name = "cargo xtask corpus")]
struct Arguments {
    /// Recorded exchanges: one JSON object on each line
    file: PathBuf,
    /// How to write failures and totals
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object on each line
    Json,
}

fn main() -> anyhow::Result<ExitCode> {
    let Arguments { file, format } = Arguments::parse();
    let cannot_read = || format!("cannot read {}", file.display());
    let lines = BufReader::new(File::open(&file).with_context(cannot_read)?).lines();
    let mut totals = Totals::default();
    for (index, line) in lines.enumerate() {
        let line = line.with_context(cannot_read)?;
        if line.trim().is_empty() {
            continue;
        }
        for failure in totals.check(index + 1, &line) {
            match format {
                Format::Text => println!("{failure}"),
                Format::Json => println!("{}", serde_json::to_string(&failure)?),
            }
        }
    }
    match format {
        Format::Text => println!("{totals}"),
        Format::Json => println!("{}", serde_json::to_string(&totals)?),
    }
    Ok(if totals.all_lossless() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
