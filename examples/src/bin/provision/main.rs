//! Makes an org match a CSV file of people: users, groups, applications, memberships, application
//! assignments and administrator roles.
//!
//! It reads what the org has, plans what is missing, and does only that: a second run changes
//! nothing, and a run that failed halfway is mended by another. The exit status is 1 if anything
//! failed.
//!
//! ```text
//! cargo run -p okta-examples --bin provision -- --dry-run
//! cargo run -p okta-examples --bin provision -- --people team.csv --concurrency 4
//! ```
// Programs talk to people on standard output.
#![allow(clippy::print_stdout)]

mod apply;
mod people;
mod plan;
mod report;
mod state;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use plan::Plan;
use state::State;

/// The people that ship with this example.
const PEOPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/people.csv");

/// Makes an Okta org match a CSV file of people.
#[derive(Debug, Parser)]
struct Arguments {
    /// The people: columns login, email, firstName, lastName, and, if you like, department,
    /// groups, apps and roles (several separated by semicolons). Any other column is an attribute
    /// of the profile.
    #[arg(long, value_name = "FILE", default_value = PEOPLE)]
    people: PathBuf,
    /// How many requests are under way at a time.
    #[arg(long, value_name = "COUNT", default_value = "8")]
    concurrency: NonZeroUsize,
    /// Print what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let concurrency = arguments.concurrency.get();
    let people = people::read(&arguments.people)?;
    let org = okta_examples::connect().await?;

    let state = State::read(&org.client, &people, concurrency).await?;
    let plan = Plan::new(&people, &state);
    if arguments.dry_run {
        print!("{plan}");
        return Ok(ExitCode::SUCCESS);
    }

    let progress = ProgressBar::new(plan.steps().try_into()?).with_style(
        ProgressStyle::with_template("{bar:40} {pos}/{len} {wide_msg}")?,
    );
    let report = apply::apply(&org.client, plan, state, concurrency, &progress).await;
    progress.finish_and_clear();
    print!("{report}");
    Ok(if report.has_failures() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
