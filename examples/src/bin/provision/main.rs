//! Makes an org match a CSV file of people: users, groups, applications, memberships, application
//! assignments and administrator roles.
//!
//! It reads what the org has, plans what is missing, and does only that: a second run changes
//! nothing, and a run that failed halfway is mended by another. Ctrl-C finishes what is under
//! way and reports it. The exit status is 1 if anything failed or was not begun.
//!
//! ```text
//! cargo run -p okta-examples --bin provision -- --dry-run
//! cargo run -p okta-examples --bin provision -- --people team.csv --concurrency 4
//! ```

mod apply;
mod interrupt;
mod people;
mod plan;
mod progress;
mod report;
mod state;

use okta_examples::{Output, Settings, run};
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use plan::Plan;
use progress::Progress;
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

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let concurrency = arguments.concurrency.get();
    let people = people::read(&arguments.people)?;
    let org = okta_examples::connect().await?;

    let state = State::read(&org.client, &people, concurrency).await?;
    let plan = Plan::new(&people, &state);
    if arguments.dry_run {
        write!(Output, "{plan}")?;
        return Ok(ExitCode::SUCCESS);
    }

    let mut progress = Progress::new(plan.steps())?;
    let stop = interrupt::interrupted();
    let report = apply::apply(&org.client, plan, state, concurrency, &mut progress, stop).await;
    progress.finish();
    write!(Output, "{report}")?;
    Ok(if report.is_incomplete() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
