//! One run, by this worker.

use std::time::Duration;

use anyhow::bail;
use futures::StreamExt as _;
use okta_provision::fleet::{Claim, Claimed, Ended};
use okta_provision::{Apply, Error, Event, Plan, Report};

use crate::desired;
use crate::queue::WakeUp;
use crate::worker::Inner;

/// A run over which more workers have died is given up: it may be what kills them.
const MOST_CRASHES: u32 = 20;

/// The longest time that another's lease is waited for at once.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How often a drained worker looks whether it may begin again.
const LOOK: Duration = Duration::from_secs(1);

/// Carries out the run of a job. An error is about this attempt, and the run is tried again.
pub async fn carry_out(worker: &Inner, job: &WakeUp) -> anyhow::Result<()> {
    worker.settings.orgs.get(&job.org)?;
    let Some(claim) = claim(worker, job).await? else {
        return Ok(());
    };
    if claim.crashes() > MOST_CRASHES {
        let why = format!("{} workers have died over it", claim.crashes());
        claim.end(Ended::Failed(&why)).await?;
        return Ok(());
    }
    match claim.keep(attempt(worker, job, &claim)).await {
        Ok(Attempt::Done(report)) => claim.end(Ended::Done(&report)).await?,
        Ok(Attempt::Failed(why)) => claim.end(Ended::Failed(&why)).await?,
        Ok(Attempt::Again(why)) => {
            claim.end(Ended::Again(&why)).await?;
            bail!(why);
        }
        Err(Error::Cancelled) => claim.cancel().await?,
        // The org is another's by now: there is nothing to end.
        Err(error @ Error::Superseded) => return Err(error.into()),
        Err(error) => {
            claim.end(Ended::Again(&error.to_string())).await?;
            return Err(error.into());
        }
    }
    Ok(())
}

/// Claims the run, once nobody else has the org; nothing if it has ended.
async fn claim(worker: &Inner, job: &WakeUp) -> anyhow::Result<Option<Box<Claim>>> {
    let fleet = worker.queue.fleet();
    let settings = &worker.settings;
    loop {
        if *worker.is_stopped.borrow() {
            bail!("the worker is stopped");
        }
        if fleet.is_drained().await? {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        match fleet.claim(job.run, &settings.name, settings.lease).await? {
            Claimed::Mine(claim) => return Ok(Some(claim)),
            Claimed::Ended(_) => return Ok(None),
            Claimed::Held { left, .. } => tokio::time::sleep(left.clamp(LOOK, LONGEST_WAIT)).await,
        }
    }
}

/// What came of an attempt.
enum Attempt {
    Done(Report),
    /// Trying again would not help.
    Failed(String),
    /// It was stopped, or something has got in between.
    Again(String),
}

async fn attempt(worker: &Inner, job: &WakeUp, claim: &Claim) -> Result<Attempt, Error> {
    let org = match worker.settings.orgs.get(&job.org) {
        Ok(org) => org,
        Err(error) => return Ok(Attempt::Again(format!("{error:#}"))),
    };
    let mut client = match org.client() {
        Ok(client) => client,
        Err(error) => return Ok(Attempt::Again(format!("{error:#}"))),
    };
    if let Some(budget) = &worker.budget {
        client = client.rate_budget(budget.clone());
    }
    let epoch = claim.lease().epoch();
    let client = client
        .user_agent_extra(format!("fleet/{} epoch/{epoch}", worker.settings.name))
        .observer(okta_sdk::OpenTelemetry::new())
        .observer(worker.meters.share(&job.org));
    let okta = claim.lease().fence(client)?;
    if let Some(rest) = Apply::resume(&okta, claim.journal()).await? {
        match drive(worker, job, rest).await {
            Ok(report) if report.not_begun > 0 => return Ok(stopped()),
            Ok(report) if report.is_complete() => return Ok(Attempt::Done(report)),
            // What was refused, or is otherwise than the plan saw it, is planned again.
            Ok(_) | Err(Error::Changed(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let desired = match desired::unpack(claim.desired()) {
        Ok(desired) => desired,
        Err(error) => return Ok(Attempt::Failed(format!("{error:#}"))),
    };
    let plan = Plan::make(&okta, &desired, &org.guard()).await?;
    if !plan.objections().is_empty() {
        return Ok(Attempt::Failed(plan.objections().join("\n")));
    }
    let apply = Apply::new(&okta, plan).journal(claim.journal());
    let report = drive(worker, job, apply).await?;
    Ok(match report.not_begun {
        0 => Attempt::Done(report),
        _ => stopped(),
    })
}

fn stopped() -> Attempt {
    Attempt::Again("the worker was stopped".to_owned())
}

/// Carries a plan out to its end, or until the worker is stopped.
async fn drive(worker: &Inner, job: &WakeUp, apply: Apply<'_>) -> Result<Report, Error> {
    let mut run = apply.at_once(worker.settings.requests_at_once).start();
    let stop = run.stopper();
    let mut is_stopped = worker.is_stopped.clone();
    let mut report = Report::default();
    loop {
        let event = tokio::select! {
            event = run.next() => event,
            Ok(_) = is_stopped.wait_for(|is_stopped| *is_stopped), if !stop.is_stopped() => {
                stop.stop();
                continue;
            }
        };
        match event.transpose()? {
            None => return Ok(report),
            Some(Event::Done { kind, .. }) => worker.meters.done(&job.org, kind),
            Some(Event::Failed { failure, .. }) => {
                tracing::warn!(what = failure.what, why = failure.why, "a step failed");
                worker.meters.failed(&job.org);
            }
            Some(Event::Finished(finished)) => report = finished,
            Some(_) => {}
        }
    }
}
