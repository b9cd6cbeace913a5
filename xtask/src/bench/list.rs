//! `cargo xtask bench list`: every user of an org, read by the SDK and by others.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, ensure};

use super::figures::{Length, List, Program, Spread, mib};
use super::process::{self, Usage};
use super::table::Table;

/// CPU time and peak memory of streaming users, beside other ways to do that
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How many users the org has
    #[arg(long, default_value_t = 100_000)]
    users: usize,
    /// How many of them come on a page
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,
    /// How often each program runs, one after the other in each round
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

struct Contender {
    name: &'static str,
    program: PathBuf,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            users: 100_000,
            page: 200,
            rounds: 7,
        }
    }
}

impl Arguments {
    /// Builds the programs, runs them, and tells what they used.
    pub fn run(&self, root: &Path) -> anyhow::Result<Table<6>> {
        let mut table = Table::new([
            "program",
            "users/s",
            "CPU s",
            "us/user",
            "peak MiB",
            "CPU ratio, per round",
        ]);
        for program in self.measure(root)?.programs {
            let ratio = program.cpu_ratio;
            #[expect(clippy::cast_precision_loss, reason = "to be read by people")]
            let each = program.cpu_seconds / self.users as f64 * 1e6;
            table.push([
                program.name,
                format!("{:.0}", program.users_per_second),
                format!("{:.2}", program.cpu_seconds),
                format!("{each:.2}"),
                format!("{:.1}", program.peak_mib),
                format!(
                    "{:.2} ({:.2} to {:.2})",
                    ratio.median, ratio.least, ratio.most
                ),
            ]);
        }
        Ok(table)
    }

    /// Builds the programs, runs them, and gives the medians of what they used.
    pub fn measure(&self, root: &Path) -> anyhow::Result<List> {
        let contenders = self.contenders(root)?;
        let programs = programs(root);
        let server = Server::start(&programs.join("bench-serve"), self.users, self.page)?;
        // Round by round: a machine that is busy for a while slows all of a round.
        let mut rounds = Vec::new();
        for _ in 0..self.rounds {
            let round = contenders
                .iter()
                .map(|contender| self.measure_one(&contender.program, &server.address))
                .collect::<anyhow::Result<Vec<Usage>>>()?;
            rounds.push(round);
        }

        let programs = contenders
            .iter()
            .enumerate()
            .map(|(index, contender)| self.program(contender.name, index, &rounds))
            .collect();
        Ok(List {
            users: self.users,
            page: self.page,
            rounds: self.rounds,
            programs,
        })
    }

    /// The programs, built. The first is the measure of the others.
    fn contenders(&self, root: &Path) -> anyhow::Result<Vec<Contender>> {
        build(root, &target(root), "xtask/bench/Cargo.toml")?;
        let contender = |name, program: &str| Contender {
            name,
            program: programs(root).join(program),
        };
        let mut contenders = vec![
            contender(
                "reqwest and handwritten serde structs",
                "bench-reqwest-serde",
            ),
            contender("okta-sdk stream()", "bench-sdk"),
            contender("okta-sdk stream_as::<T>()", "bench-sdk-as"),
            contender("okta-sdk stream_raw()", "bench-sdk-raw"),
            contender("reqwest, bytes of pages only", "bench-bytes"),
        ];
        // Its time grows with the square of the page.
        if self.page <= 200 {
            let oxide = target(root).join("oxide");
            build(root, &oxide, "xtask/bench/oxide/Cargo.toml")?;
            contenders.push(Contender {
                name: "okta 0.7.1, no custom attributes",
                program: oxide.join("release/bench-oxide"),
            });
        }
        Ok(contenders)
    }

    /// The medians of the program at `index` of each round.
    #[expect(clippy::cast_precision_loss, reason = "counts of users are small")]
    fn program(&self, name: &str, index: usize, rounds: &[Vec<Usage>]) -> Program {
        let used = || rounds.iter().filter_map(|round| round.get(index));
        let ratio = rounds
            .iter()
            .filter_map(|round| Some(seconds(round.get(index)?) / seconds(round.first()?)));
        let wall = Spread::over(used().map(|usage| usage.wall.as_secs_f64()));
        Program {
            name: name.to_owned(),
            users_per_second: (self.users as f64 / wall.median).round(),
            cpu_seconds: Spread::over(used().map(seconds)).median,
            peak_mib: Spread::over(used().map(|usage| mib(usage.peak))).median,
            cpu_ratio: Spread::over(ratio),
        }
    }

    /// One run, in which every user has to be read.
    fn measure_one(&self, program: &Path, address: &str) -> anyhow::Result<Usage> {
        let finished = process::run(
            Command::new(program)
                .arg(address)
                .arg(self.page.to_string()),
        )?;
        let mut words = finished.output.split_whitespace();
        let read = words.next().unwrap_or_default();
        ensure!(
            read == self.users.to_string(),
            "{} read {read} users of {}",
            program.display(),
            self.users,
        );
        // In KiB, of the program alone; oxide's says nothing.
        let peak = words.next().and_then(|peak| peak.parse::<u64>().ok());
        Ok(Usage {
            peak: peak.map_or(finished.usage.peak, |kib| kib << 10),
            ..finished.usage
        })
    }
}

/// Peak memory of streaming lists of these lengths with the SDK.
pub fn lengths(root: &Path, lengths: &[usize]) -> anyhow::Result<Vec<Length>> {
    build(root, &target(root), "xtask/bench/Cargo.toml")?;
    let programs = programs(root);
    let measure = |&users: &usize| {
        let list = Arguments {
            users,
            ..Arguments::default()
        };
        let server = Server::start(&programs.join("bench-serve"), users, list.page)?;
        let usage = list.measure_one(&programs.join("bench-sdk"), &server.address)?;
        Ok(Length {
            users,
            peak_mib: mib(usage.peak),
        })
    };
    lengths.iter().map(measure).collect()
}

fn target(root: &Path) -> PathBuf {
    root.join("target/bench")
}

fn programs(root: &Path) -> PathBuf {
    target(root).join("release")
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
    fn start(program: &Path, users: usize, page: u32) -> anyhow::Result<Self> {
        let mut process = Command::new(program)
            .args([users.to_string(), page.to_string()])
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
