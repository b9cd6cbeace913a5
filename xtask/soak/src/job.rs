//! The job that is killed.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use okta_provision::{Apply, Guard, Journal, Kind, Plan, Report};
use okta_sdk::Client;

use crate::wish::Wish;

/// The variable with the API token.
pub const TOKEN: &str = "SOAK_TOKEN";

/// Finishes what an earlier job has left, then plans and does what is left after that.
pub async fn run(org: &str, journal: &Path, wish: &Wish) -> anyhow::Result<ExitCode> {
    let token = std::env::var(TOKEN).context("the job has no token")?;
    let okta = Client::builder().org_url(org).api_token(token).build()?;
    let journal = Journal::open(journal)?;
    if let Some(rest) = Apply::resume(&okta, &journal).await? {
        tell(&rest.run().await?)?;
    }
    let start = Instant::now();
    let all = Kind::ALL.into_iter();
    let guard = all.fold(Guard::new(), |guard, kind| guard.allow(kind, usize::MAX));
    let plan = Plan::make(&okta, &wish.desired(), &guard).await?;
    let planning = start.elapsed().as_secs_f64();
    let report = Apply::new(&okta, plan).journal(&journal).run().await?;
    tell(&report)?;
    writeln!(std::io::stdout(), "{planning}")?;
    Ok(match report.is_complete() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// What failed; the next job tries it again.
fn tell(report: &Report) -> std::io::Result<()> {
    let mut out = std::io::stderr().lock();
    for failure in &report.failures {
        writeln!(out, "failed to {}: {}", failure.what, failure.why)?;
    }
    Ok(())
}
