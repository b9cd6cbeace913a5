//! The job, killed and started again until it is done.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use fastrand::Rng;
use okta_emulator::Emulator;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::Arguments;
use crate::job::TOKEN;
use crate::meter::Met;
use crate::process::peak_kib;

/// How often the number of requests is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// More failed runs than this are no bad luck.
const MOST_FAILURES: usize = 20;

/// How a round went.
#[derive(Debug, Default)]
pub struct Done {
    pub kills: usize,
    pub retries: usize,
    /// Refusals by the rate limit: of a job that could not know of it yet, and others.
    pub early: usize,
    pub refused: usize,
    /// The most memory that a job had.
    pub peak_kib: u64,
    /// Milliseconds of processor time of the longest planning.
    pub planning: u64,
    /// What was used of the rate limit, and what could have been, in windows in which a job was up and
    /// had work.
    pub used: u64,
    pub allowed: u64,
}

impl Done {
    fn add(&mut self, met: Met) {
        match met {
            Met::Retry => self.retries += 1,
            Met::Early => self.early += 1,
            Met::Refused => self.refused += 1,
            Met::Window { used, limit } => {
                self.used += used;
                self.allowed += limit;
            }
            Met::Planned(time) => self.planning = self.planning.max(time),
            Met::Peak(memory) => self.peak_kib = self.peak_kib.max(memory),
        }
    }
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
        let mut job = Job::start(org, arguments, journal, round)?;
        let end = org.stats().requests + point;
        while org.stats().requests < end {
            if job.process.try_wait()?.is_some() {
                break;
            }
            sleep(LOOK).await;
        }
        done.peak_kib = done.peak_kib.max(job.peak());
        if job.process.try_wait()?.is_none() {
            job.process.kill().await?;
            done.kills += 1;
        }
        job.end(&mut done).await?;
    }
    for _ in 0..MOST_FAILURES {
        let mut job = Job::start(org, arguments, journal, round)?;
        let status = job.process.wait().await?;
        job.end(&mut done).await?;
        if status.success() {
            return Ok(done);
        }
    }
    ensure!(false, "the job has failed {MOST_FAILURES} times");
    Ok(done)
}

/// A job that was started.
struct Job {
    process: Child,
    met: JoinHandle<Vec<Met>>,
}

impl Job {
    fn start(
        org: &Emulator,
        arguments: &Arguments,
        journal: &Path,
        round: u8,
    ) -> anyhow::Result<Self> {
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
            .args(["--window", &arguments.window.to_string()])
            .env(TOKEN, org.token())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn().context("cannot start the job")?;
        let output = process.stdout.take().context("the job has no output")?;
        let met = tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            let mut met = Vec::new();
            // A killed job may have written half a line.
            while let Ok(Some(line)) = lines.next_line().await {
                met.extend(line.parse::<Met>());
            }
            met
        });
        Ok(Self { process, met })
    }

    fn peak(&self) -> u64 {
        self.process.id().map_or(0, |id| peak_kib(&id.to_string()))
    }

    async fn end(self, done: &mut Done) -> anyhow::Result<()> {
        for met in self.met.await? {
            done.add(met);
        }
        Ok(())
    }
}
