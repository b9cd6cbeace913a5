//! `cargo xtask corpus`: recorded exchanges through the SDK's types and back.
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use xtask_drivers::corpus::Totals;
use xtask_drivers::drift;
use xtask_drivers::mutations::{self, Seed};
use xtask_drivers::operations::MANAGEMENT;
use xtask_drivers::output;

/// Decode recorded exchanges, encode them again, and say what is not as it was.
///
/// The exit status is 1 if anything failed.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask corpus", bin_name = "cargo xtask corpus")]
struct Arguments {
    /// Recorded exchanges: one JSON object on each line
    file: PathBuf,
    /// Okta's document that the operations are of, such as governance
    #[arg(long, default_value = MANAGEMENT)]
    document: String,
    /// How to write failures and totals
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Alter each member of the recorded answers so many times instead, and want all of them kept
    #[arg(long, value_name = "TIMES")]
    drift: Option<usize>,
    /// Alter no more members of an answer than this, chosen by chance
    #[arg(long, value_name = "MEMBERS", requires = "drift", default_value_t = usize::MAX)]
    at_most: usize,
    /// Change bytes of recorded answers so often in all instead, and want the reader and
    /// `serde_json` to agree
    #[arg(long, value_name = "TIMES", conflicts_with = "drift")]
    mutations: Option<usize>,
    /// Where chance starts
    #[arg(long, default_value_t = 1)]
    seed: u64,
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
    let Arguments {
        file,
        document,
        format,
        drift,
        at_most,
        mutations,
        seed,
    } = Arguments::parse();
    let cannot_read = || format!("cannot read {}", file.display());
    let lines = BufReader::new(File::open(&file).with_context(cannot_read)?).lines();
    if let Some(times) = drift {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut totals = drift::Totals::default();
        for line in lines {
            let line = line.with_context(cannot_read)?;
            for lost in totals.check(&document, &line, times, at_most, &mut random) {
                output::line(&lost)?;
            }
        }
        output::line(&totals)?;
        let sum = totals.sum();
        return Ok(exit(sum.kept == sum.tried));
    }
    if let Some(times) = mutations {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut totals = mutations::Totals::default();
        let lines = lines
            .collect::<Result<Vec<_>, _>>()
            .with_context(cannot_read)?;
        let seeds: Vec<_> = lines
            .iter()
            .filter_map(|line| Seed::of_line(&document, line))
            .collect();
        for _ in 0..times {
            let seed = random.choice(&seeds).context("there is no answer in it")?;
            if let Some(difference) = seed.check(&mut random, &mut totals) {
                output::line(&difference)?;
            }
        }
        output::line(totals)?;
        return Ok(exit(totals.differed == 0));
    }
    let mut totals = Totals::default();
    for (index, line) in lines.enumerate() {
        let line = line.with_context(cannot_read)?;
        if line.trim().is_empty() {
            continue;
        }
        for failure in totals.check(&document, index + 1, &line) {
            match format {
                Format::Text => output::line(&failure)?,
                Format::Json => output::line(serde_json::to_string(&failure)?)?,
            }
        }
    }
    match format {
        Format::Text => output::line(totals)?,
        Format::Json => output::line(serde_json::to_string(&totals)?)?,
    }
    Ok(exit(totals.all_kept()))
}

fn exit(success: bool) -> ExitCode {
    if success {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
