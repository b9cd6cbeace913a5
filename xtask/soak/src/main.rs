//! `cargo xtask soak`: provisions an emulated org, kills the job again and again, and compares what
//! is there in the end with what was wanted.
//!
//! The job is another process. It is killed (SIGKILL on Unix) once the org has served a number of
//! requests that was drawn before, and started again. Then the wanted state changes, and all of it
//! happens once more. At the end of each round the job runs once more and may only read. The same seed
//! gives the same people, changes, faults and kill points.

mod check;
mod job;
mod meter;
mod process;
#[cfg(test)]
mod repeatable;
mod round;
mod wish;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use okta_emulator::{Emulator, ErrorBody, Fault, FaultRule, Faults, RateLimits, Seed};
use okta_sdk::Client;

use wish::Wish;

/// Provisions an emulated org, kills the job again and again, and compares what is there in the end
/// with what was wanted
#[derive(Debug, Parser)]
struct Arguments {
    /// How many people there are
    #[arg(long, default_value = "2000")]
    users: usize,
    /// How often the job is killed, over both rounds
    #[arg(long, default_value = "5")]
    kills: usize,
    /// What people, changes, faults and kill points follow from
    #[arg(long, default_value = "1")]
    seed: u64,
    /// How many groups everyone is in
    #[arg(long, default_value = "3")]
    memberships: usize,
    /// Requests that the org takes in a window, in each of its buckets
    #[arg(long, default_value = "60000")]
    limit: u32,
    /// Seconds of a window of the rate limit
    #[arg(long, default_value = "60")]
    window: u32,
    /// Of a thousand requests, how many are hit by each of three faults
    #[arg(long, default_value = "2")]
    faults: u32,
    /// Is the job, for the org of this address
    #[arg(long, hide = true, requires_all = ["journal", "round"])]
    job: Option<String>,
    #[arg(long, hide = true)]
    journal: Option<std::path::PathBuf>,
    #[arg(long, hide = true)]
    round: Option<u8>,
}

impl Arguments {
    fn wish(&self, round: u8) -> Wish {
        Wish::new(self.seed, self.users, self.memberships, round)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    if let (Some(org), Some(journal), Some(round)) =
        (&arguments.job, &arguments.journal, arguments.round)
    {
        return job::run(org, journal, arguments.window, || arguments.wish(round)).await;
    }
    soak(&arguments).await
}

/// What hits so many of a thousand requests each.
fn faults(of_a_thousand: u32) -> [FaultRule; 3] {
    let unavailable = Fault::ServerError {
        status: 503,
        body: ErrorBody::Json,
    };
    [Fault::ResponseLost, Fault::ConnectionReset, unavailable].map(|fault| {
        let rule = FaultRule::new(fault).on_path("/api/v1/").always();
        rule.with_probability(f64::from(of_a_thousand) / 1000.0)
    })
}

async fn soak(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let org = Emulator::builder()
        .seed(Seed::empty())
        .lax_profiles()
        .rate_limits(RateLimits::new(arguments.limit, arguments.window))
        .faults(Faults::seeded(arguments.seed))
        .start()
        .await?;
    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token())
        .build()?;
    let folder = tempfile::tempdir()?;
    let journal = folder.path().join("journal");
    let mut random = fastrand::Rng::with_seed(arguments.seed);
    let mut is_good = true;
    for round in 1..=2 {
        for rule in faults(arguments.faults) {
            org.faults().inject(rule);
        }
        let kills = match round {
            1 => arguments.kills.div_ceil(2),
            _ => arguments.kills / 2,
        };
        let start = Instant::now();
        let before = org.stats();
        let wish = arguments.wish(round);
        let points = round::kill_points(&mut random, kills, wish.least_requests(round));
        let done = round::run(&org, arguments, &journal, round, &points).await?;
        let stats = org.stats();
        let took = start.elapsed().as_secs_f64();
        org.faults().clear();
        org.clear_requests();
        let again = round::run(&org, arguments, &journal, round, &[]).await?;
        let reads = org.requests();
        let writes = reads.iter().filter(|it| it.method != "GET").count();
        let found = check::compare(&okta, &wish).await?;
        let refused = done.refused + again.refused;
        is_good &= found.is_good() && done.kills == kills && refused == 0 && writes == 0;
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "round {round}: {} people, {} memberships, {took:.1} s",
            wish.people.len(),
            wish.memberships()
        )?;
        writeln!(
            out,
            "  killed {} of {kills} times, after {points:?} requests",
            done.kills
        )?;
        writeln!(
            out,
            "  {} requests, {} faults, {} retries, {} times 429 to a job that had just begun, {refused} \
             unexpected 429",
            stats.requests - before.requests,
            stats.faults - before.faults,
            done.retries,
            done.early,
        )?;
        writeln!(
            out,
            "  peak memory {} MiB, planning {:.1} CPU s, {}",
            done.peak_kib.max(again.peak_kib).div_ceil(1024),
            seconds(done.planning.max(again.planning)),
            share(done.used, done.allowed),
        )?;
        writeln!(
            out,
            "  {found}; a second run: {} reads, {writes} writes",
            reads.len() - writes
        )?;
    }
    Ok(match is_good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

#[allow(clippy::cast_precision_loss)] // of times that are shown
fn seconds(millis: u64) -> f64 {
    millis as f64 / 1000.0
}

/// The share of the allowed rate that was used.
#[allow(clippy::cast_precision_loss)] // of a share
fn share(used: u64, allowed: u64) -> String {
    match allowed {
        0 => "no whole window of the rate limit".to_owned(),
        _ => format!(
            "{:.1} % of the allowed rate",
            used as f64 * 100.0 / allowed as f64
        ),
    }
}
