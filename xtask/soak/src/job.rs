//! The job that is killed.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use okta_provision::{Apply, Error, Guard, Journal, Kind, Plan, Report};
use okta_sdk::Client;

use crate::meter::{Met, Meter, tell};
use crate::process;
use crate::wish::Wish;

/// The variable with the API token.
pub const TOKEN: &str = "SOAK_TOKEN";

/// Finishes what an earlier job has left, then plans and does what is left after that.
pub async fn run(
    org: &str,
    journal: &Path,
    window: u32,
    wish: impl FnOnce() -> Wish,
) -> anyhow::Result<ExitCode> {
    let token = std::env::var(TOKEN).context("the job has no token")?;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let meter = Meter::new(client.build()?, u64::from(window));
    let okta = Client::builder().org_url(org).api_token(token);
    let okta = okta.transport(meter.clone()).observer(meter).build()?;
    let journal = Journal::open(journal)?;
    if let Some(rest) = Apply::resume(&okta, &journal).await? {
        match rest.run().await {
            Ok(report) => complain(&report)?,
            // The plan below does what is left.
            Err(Error::Changed(what)) => writeln!(std::io::stderr(), "{}", what.join("\n"))?,
            Err(error) => return Err(error.into()),
        }
    }
    let before = process::cpu_millis();
    let all = Kind::ALL.into_iter();
    let guard = all.fold(Guard::new(), |guard, kind| guard.allow(kind, usize::MAX));
    let desired = wish().into_desired();
    let plan = Plan::make(&okta, &desired, &guard).await?;
    drop(desired);
    tell(&Met::Planned(process::cpu_millis() - before));
    let report = Apply::new(&okta, plan).journal(&journal).run().await?;
    complain(&report)?;
    tell(&Met::Peak(process::peak_kib("self")));
    Ok(match report.is_complete() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// What failed; the next job tries it again.
fn complain(report: &Report) -> std::io::Result<()> {
    let mut out = std::io::stderr().lock();
    for failure in &report.failures {
        writeln!(out, "failed to {}: {}", failure.what, failure.why)?;
    }
    Ok(())
}
