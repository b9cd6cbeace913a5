//! The job, killed and started again until it is done.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use fastrand::Rng;
use okta_emulator::Emulator;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::Arguments;
use crate::job::TOKEN;

/// How often the number of requests is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// More failed runs than this are no bad luck.
const MOST_FAILURES: usize = 20;

/// How a round went.
#[derive(Debug, Default)]
pub struct Done {
    pub kills: usize,
    /// The most memory that a job had.
    pub peak_kib: u64,
    /// Seconds of the last planning.
    pub planning: f64,
}

/// After how many requests of its own each job is killed: together they are fewer than a round takes.
pub fn kill_points(random: &mut Rng, kills: usize, least: u64) -> Vec<u64> {
    let share = least / u64::try_from(kills.max(1)).unwrap_or(1);
    (0..kills).map(|_| random.u64(1..=share.max(1))).collect()
}

/// Runs the job until it is done.
pub async fn run(
    org: &Emulator,
    arguments: &Arguments,
    journal: &Path,
    round: u8,
    points: &[u64],
) -> anyhow::Result<Done> {
    let mut done = Done::default();
    for point in points {
        let mut job = start(org, arguments, journal, round)?;
        let end = org.stats().requests + point;
        while org.stats().requests < end {
            if job.try_wait()?.is_some() {
                break;
            }
            sleep(LOOK).await;
        }
        done.peak_kib = done.peak_kib.max(peak(&job));
        if job.try_wait()?.is_none() {
            job.kill().await?;
            done.kills += 1;
        }
    }
    for _ in 0..MOST_FAILURES {
        let mut job = start(org, arguments, journal, round)?;
        while job.try_wait()?.is_none() {
            done.peak_kib = done.peak_kib.max(peak(&job));
            sleep(LOOK * 20).await;
        }
        let output = job.wait_with_output().await?;
        if output.status.success() {
            let text = String::from_utf8(output.stdout)?;
            done.planning = text
                .trim()
                .parse()
                .context("the job has not told its time")?;
            return Ok(done);
        }
    }
    ensure!(false, "the job has failed {MOST_FAILURES} times");
    Ok(done)
}

fn start(
    org: &Emulator,
    arguments: &Arguments,
    journal: &Path,
    round: u8,
) -> anyhow::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("--job")
        .arg(org.org_url())
        .arg("--journal")
        .arg(journal)
        .args(["--round", &round.to_string()])
        .args(["--users", &arguments.users.to_string()])
        .args(["--seed", &arguments.seed.to_string()])
        .args(["--memberships", &arguments.memberships.to_string()])
        .env(TOKEN, org.token())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command.spawn().context("cannot start the job")
}

/// The most memory that a process had, by Linux; 0 elsewhere.
fn peak(job: &Child) -> u64 {
    let status = job.id().map(|id| format!("/proc/{id}/status"));
    let status = status.and_then(|path| std::fs::read_to_string(path).ok());
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|it| it.parse().ok()).unwrap_or_default()
}
