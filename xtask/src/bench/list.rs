//! `cargo xtask bench list`: every user of an org, read by the SDK and by others.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, ensure};

use super::process::{self, Usage};
use super::table::Table;

/// CPU seconds and peak memory of streaming users, beside other ways to do that
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How many users the org has; they come 200 a page
    #[arg(long, default_value_t = 100_000)]
    users: usize,
    /// How often each program runs; the table has the run of the median CPU time
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
}

struct Contender {
    name: &'static str,
    program: PathBuf,
}

impl Arguments {
    /// Builds the programs, runs them, and tells what they used.
    pub fn run(self, root: &Path) -> anyhow::Result<Table<5>> {
        let target = root.join("target/bench");
        build(root, &target, "xtask/bench/Cargo.toml")?;
        build(root, &target.join("oxide"), "xtask/bench/oxide/Cargo.toml")?;
        let programs = target.join("release");
        let contender = |name, program: &str| Contender {
            name,
            program: programs.join(program),
        };
        let contenders = [
            contender("reqwest and serde structs by hand", "bench-reqwest-serde"),
            contender("okta-sdk", "bench-sdk"),
            contender("bytes only", "bench-bytes"),
            Contender {
                name: "oxide's `okta` 0.7.1",
                program: target.join("oxide/release/bench-oxide"),
            },
        ];

        let server = Server::start(&programs.join("bench-serve"), self.users)?;
        // Round by round: a machine that is busy for a while slows them all.
        let mut usages = contenders.each_ref().map(|_| Vec::new());
        for _ in 0..self.runs {
            for (contender, usages) in contenders.iter().zip(&mut usages) {
                usages.push(self.measure(&contender.program, &server.address)?);
            }
        }
        let medians: Vec<Usage> = usages.into_iter().filter_map(median).collect();

        let mut table = Table::new(["program", "users/s", "CPU s", "peak MiB", "CPU ratio"]);
        let by_hand = medians.first().map_or(1.0, seconds);
        for (Contender { name, .. }, usage) in contenders.iter().zip(medians) {
            #[expect(
                clippy::cast_precision_loss,
                reason = "of a number to be read by people"
            )]
            let (users, peak) = (self.users as f64, usage.peak as f64);
            table.push([
                (*name).to_owned(),
                format!("{:.0}", users / usage.wall.as_secs_f64()),
                format!("{:.2}", seconds(&usage)),
                format!("{:.1}", peak / f64::from(1 << 20)),
                format!("{:.2}", seconds(&usage) / by_hand),
            ]);
        }
        Ok(table)
    }

    /// One run, in which every user has to be read.
    fn measure(&self, program: &Path, address: &str) -> anyhow::Result<Usage> {
        let finished = process::run(Command::new(program).arg(address))?;
        let read = finished.output.trim();
        ensure!(
            read == self.users.to_string(),
            "{} read {read} users of {}",
            program.display(),
            self.users,
        );
        Ok(finished.usage)
    }
}

/// The run of the median CPU time.
fn median(mut usages: Vec<Usage>) -> Option<Usage> {
    usages.sort_by_key(|usage| usage.cpu);
    usages.get(usages.len() / 2).copied()
}

fn seconds(usage: &Usage) -> f64 {
    usage.cpu.as_secs_f64()
}

fn build(root: &Path, target: &Path, manifest: &str) -> anyhow::Result<()> {
    let mut cargo = process::cargo(root, target);
    cargo.args(["build", "--release", "--quiet", "--manifest-path", manifest]);
    process::run(&mut cargo)?;
    Ok(())
}

/// The org: a process of its own, so that its work counts for no one. It ends with its input.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(program: &Path, users: usize) -> anyhow::Result<Self> {
        let mut process = Command::new(program)
            .arg(users.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let stdout = process.stdout.take().context("no output of the server")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        let address = address.trim().to_owned();
        ensure!(!address.is_empty(), "the server did not start");
        Ok(Self { process, address })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It has nothing left to do, and nothing here depends on how it ends.
        let _ = self.process.wait();
    }
}
