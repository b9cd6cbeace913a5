//! Makes an org match a file of people: users, groups, memberships, application assignments and
//! administrator roles.
//!
//! ```text
//! cargo run -p okta-examples --bin provision -- --dry-run
//! cargo run -p okta-examples --bin provision -- plan --people team.csv --output plan.json
//! cargo run -p okta-examples --bin provision -- apply --plan plan.json --journal run.journal
//! cargo run -p okta-examples --bin provision -- resume --journal run.journal
//! cargo run -p okta-examples --bin provision -- report report.json --output report.html
//! ```

mod arguments;
mod carry_out;
mod formats;

use std::io::{IsTerminal, Write as _, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use okta_examples::{Org, Output, Settings, connect_with, run};
use okta_provision::{Apply, Color, Desired, Error, Journal, Meter, Plan, Report};
use okta_sdk::Client;
use okta_sdk::models::{
    BookmarkApplication, BookmarkApplicationSettings, BookmarkApplicationSettingsApplication,
};

use arguments::{Arguments, Command, PlanArguments, ReportArguments, RunArguments, Wanted, Work};
use formats::PlanFormat;

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        None => apply(arguments.run).await,
        Some(Command::Apply(arguments)) => apply(arguments).await,
        Some(Command::Plan(arguments)) => plan(arguments).await,
        Some(Command::Resume(work)) => resume(work).await,
        Some(Command::Report(arguments)) => report(&arguments),
    }
}

/// Shows what would be done, and saves it.
async fn plan(arguments: PlanArguments) -> anyhow::Result<ExitCode> {
    let desired = read(&arguments.wanted.people)?;
    let org = okta_examples::connect().await?;
    let plan = Plan::make(&org.client, &desired, &arguments.wanted.guard()).await?;
    if let Some(file) = &arguments.output {
        plan.save(file)?;
    }
    show(&plan, arguments.format)?;
    Ok(ExitCode::SUCCESS)
}

/// Does what the people need, or what a saved plan says.
async fn apply(arguments: RunArguments) -> anyhow::Result<ExitCode> {
    let RunArguments { wanted, work, .. } = &arguments;
    let saved = arguments.plan.as_deref().map(Plan::load).transpose()?;
    // The file before the org: what is wrong in it is told before anything is asked.
    let desired = match saved {
        Some(_) => None,
        None => Some(read(&wanted.people)?),
    };
    let (org, meter) = connect().await?;
    let okta = &org.client;
    if arguments.dry_run {
        let plan = make(okta, saved, desired, wanted).await?;
        show(&plan, PlanFormat::Text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let journal = work.journal.as_ref().map(Journal::open).transpose()?;
    if let Some(journal) = &journal
        && let Some(rest) = Apply::resume(okta, journal).await?
    {
        okta_examples::note("Going on with the run that the journal has.");
        match carry_out::carry_out(rest, work, &meter).await {
            Ok(report) if report.is_complete() => {}
            Ok(report) => return carry_out::tell(&report, work),
            Err(error) if has_changed(&error) => {
                okta_examples::note(format_args!("{error} That is done now."));
            }
            Err(error) => return Err(error),
        }
    }
    let plan = make(okta, saved, desired, wanted).await?;
    let mut apply = Apply::new(okta, plan);
    if let Some(journal) = &journal {
        apply = apply.journal(journal);
    }
    let report = carry_out::carry_out(apply, work, &meter).await?;
    carry_out::tell(&report, work)
}

/// Does what a run that was killed has left.
async fn resume(work: Work) -> anyhow::Result<ExitCode> {
    let path = work.journal.as_deref();
    let path = path.context("no journal is given; write --journal FILE")?;
    let journal = Journal::open(path)?;
    let (org, meter) = connect().await?;
    let Some(rest) = Apply::resume(&org.client, &journal).await? else {
        writeln!(Output, "{} has nothing that is left to do", path.display())?;
        return Ok(ExitCode::SUCCESS);
    };
    let report = carry_out::carry_out(rest, &work, &meter).await?;
    carry_out::tell(&report, &work)
}

/// Shows a report that was saved, in another format if that is asked.
fn report(arguments: &ReportArguments) -> anyhow::Result<ExitCode> {
    let file = &arguments.report;
    let json = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let report: Report = serde_json::from_slice(&json)
        .with_context(|| format!("{} is no report as JSON", file.display()))?;
    for output in &arguments.output {
        formats::write(&report, output)?;
    }
    if arguments.output.is_empty() {
        write!(Output, "{report}")?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn connect() -> anyhow::Result<(Org, Meter)> {
    let meter = Meter::new();
    let org = connect_with(|client| client.observer(meter.clone())).await?;
    Ok((org, meter))
}

/// Whether the org is not as a plan saw it, so that another plan is needed.
fn has_changed(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Error::Changed(_)))
}

/// Reads the people. Of applications that the file does not describe there is only a label, so that those
/// that are missing become the simplest kind: a link.
fn read(people: &Path) -> anyhow::Result<Desired> {
    let failed = || format!("cannot read the people in {}", people.display());
    let mut desired = Desired::read(people).with_context(failed)?;
    let labels: Vec<String> = desired.apps().map(|app| app.label().to_owned()).collect();
    for label in labels {
        if desired.makes_application(&label) {
            continue;
        }
        desired.application(bookmark(&label))?;
    }
    Ok(desired)
}

async fn make(
    okta: &Client,
    saved: Option<Plan>,
    desired: Option<Desired>,
    wanted: &Wanted,
) -> anyhow::Result<Plan> {
    if let Some(plan) = saved {
        return Ok(plan);
    }
    let desired = desired.unwrap_or_default();
    Ok(Plan::make(okta, &desired, &wanted.guard()).await?)
}

fn show(plan: &Plan, format: PlanFormat) -> anyhow::Result<()> {
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    let color = match stdout().is_terminal() && !is_plain {
        true => Color::Always,
        false => Color::Never,
    };
    match format {
        PlanFormat::Text => write!(Output, "{}", plan.to_text(color))?,
        PlanFormat::Markdown => write!(Output, "{}", plan.to_markdown())?,
        PlanFormat::Json => writeln!(Output, "{:#}", plan.to_json())?,
    }
    Ok(())
}

fn bookmark(label: &str) -> BookmarkApplication {
    let host = label.to_lowercase().replace(' ', "-");
    let link = BookmarkApplicationSettingsApplication::new(format!("https://{host}.example.com"));
    let settings = BookmarkApplicationSettings::new().app(link.request_integration(false));
    BookmarkApplication::new(label, settings)
}
