//! A run: progress, Ctrl-C, report.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use futures::StreamExt;
use futures::future::{self, Either};
use okta_examples::{Output, Progress, interrupted};
use okta_provision::{Apply, Event, Meter, Report};

use crate::arguments::Work;
use crate::formats;

/// Carries a plan out and shows how far it is. After Ctrl-C nothing more is begun.
pub async fn carry_out(apply: Apply<'_>, work: &Work, meter: &Meter) -> anyhow::Result<Report> {
    for file in &work.report {
        formats::check(file)?;
    }
    let mut run = apply.at_once(work.concurrency.get()).start();
    let stop = run.stopper();
    let mut interrupt = Box::pin(interrupted());
    let mut is_interrupted = false;
    let mut progress = None;
    loop {
        let event = match is_interrupted {
            true => run.next().await,
            false => match future::select(run.next(), &mut interrupt).await {
                Either::Left((event, _)) => event,
                Either::Right(((), _)) => {
                    stop.stop();
                    is_interrupted = true;
                    continue;
                }
            },
        };
        match event.context("the run ended without a report")?? {
            Event::Started { steps } => progress = Some(Progress::new(steps)?),
            Event::Done { what, .. } => step(&mut progress, &what),
            Event::Failed { failure, .. } => step(&mut progress, &failure.what),
            Event::Skipped { .. } => step(&mut progress, "skipped"),
            Event::Finished(mut report) => {
                if let Some(progress) = progress {
                    progress.finish();
                }
                report.requests = Some(meter.requests());
                return Ok(report);
            }
            _ => {}
        }
    }
}

fn step(progress: &mut Option<Progress>, what: &str) {
    if let Some(progress) = progress {
        progress.step(what);
    }
}

/// Prints the report, writes it to files, and gives the exit status.
pub fn tell(report: &Report, work: &Work) -> anyhow::Result<ExitCode> {
    for file in &work.report {
        formats::write(report, file)?;
    }
    let printed = write!(Output, "{report}");
    if !report.is_complete() {
        // Also if nobody reads the report.
        return Ok(ExitCode::FAILURE);
    }
    printed?;
    Ok(ExitCode::SUCCESS)
}
