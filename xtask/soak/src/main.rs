//! `cargo xtask soak`: provisions an emulated org, kills the job again and again, and compares what
//! is there in the end with what was wanted.
//!
//! The job is another process. It is killed (SIGKILL on Unix) once the org has served a number of
//! requests that was drawn before, and started again. Then the wanted state changes, and all of it
//! happens once more. The same seed gives the same people, changes, faults and kill points.

mod check;
mod job;
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
    /// Requests that the org takes in a minute, in each of its buckets
    #[arg(long, default_value = "60000")]
    limit: u32,
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
        return job::run(org, journal, &arguments.wish(round)).await;
    }
    soak(&arguments).await
}

async fn soak(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let org = Emulator::builder()
        .seed(Seed::empty())
        .lax_profiles()
        .rate_limits(RateLimits::new(arguments.limit, 60))
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
        for fault in [
            Fault::ResponseLost,
            Fault::ConnectionReset,
            Fault::ServerError {
                status: 503,
                body: ErrorBody::Json,
            },
        ] {
            let likely = f64::from(arguments.faults) / 1000.0;
            let rule = FaultRule::new(fault).on_path("/api/v1/").always();
            org.faults().inject(rule.with_probability(likely));
        }
        let kills = match round {
            1 => arguments.kills.div_ceil(2),
            _ => arguments.kills / 2,
        };
        let start = Instant::now();
        let before = org.stats();
        let wish = arguments.wish(round);
        let points = round::kill_points(
            &mut random,
            kills,
            arguments.wish(round).least_requests(round),
        );
        let done = round::run(&org, arguments, &journal, round, &points).await?;
        let stats = org.stats();
        org.faults().clear();
        let found = check::compare(&okta, &wish).await?;
        is_good &= found.is_good() && done.kills == kills && stats.rate_limited == 0;
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "round {round}: {} people, {} memberships",
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
            "  {} requests, {} faults, {} times 429, {:.1} s, peak memory {} MiB, last plan in {:.1} s",
            stats.requests - before.requests,
            stats.faults - before.faults,
            stats.rate_limited,
            start.elapsed().as_secs_f64(),
            done.peak_kib / 1024,
            done.planning,
        )?;
        writeln!(out, "  {found}")?;
    }
    Ok(match is_good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
