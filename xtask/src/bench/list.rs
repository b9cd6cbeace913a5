//! `cargo xtask bench list`: every user of an org, read by the SDK and by others.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, ensure};

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

impl Arguments {
    /// Builds the programs, runs them, and tells what they used.
    pub fn run(self, root: &Path) -> anyhow::Result<Table<6>> {
        let target = root.join("target/bench");
        build(root, &target, "xtask/bench/Cargo.toml")?;
        build(root, &target.join("oxide"), "xtask/bench/oxide/Cargo.toml")?;
        let programs = target.join("release");
        let contender = |name, program: &str| Contender {
            name,
            program: programs.join(program),
        };
        let mut contenders = vec![
            contender("reqwest and serde structs by hand", "bench-reqwest-serde"),
            contender("okta-sdk", "bench-sdk"),
            contender("okta-sdk, into a type of the caller", "bench-sdk-as"),
            contender("okta-sdk, raw items", "bench-sdk-raw"),
            contender("bytes only", "bench-bytes"),
        ];
        // Its time grows with the square of the page.
        if self.page <= 200 {
            contenders.push(Contender {
                name: "oxide's `okta` 0.7.1",
                program: target.join("oxide/release/bench-oxide"),
            });
        }

        let server = Server::start(&programs.join("bench-serve"), self.users, self.page)?;
        // Round by round: a machine that is busy for a while slows all of a round.
        let mut rounds = Vec::new();
        for _ in 0..self.rounds {
            let round = contenders
                .iter()
                .map(|contender| self.measure(&contender.program, &server.address))
                .collect::<anyhow::Result<Vec<Usage>>>()?;
            rounds.push(round);
        }

        let mut table = Table::new([
            "program",
            "users/s",
            "CPU s",
            "us/user",
            "peak MiB",
            "CPU ratio, per round",
        ]);
        #[expect(
            clippy::cast_precision_loss,
            reason = "of numbers to be read by people"
        )]
        for (index, Contender { name, .. }) in contenders.iter().enumerate() {
            let over_rounds = |of: fn(&Usage) -> f64| {
                spread(rounds.iter().filter_map(|round| round.get(index)).map(of))
            };
            let wall = over_rounds(|usage| usage.wall.as_secs_f64());
            let cpu = over_rounds(seconds);
            let peak = over_rounds(|usage| usage.peak as f64 / f64::from(1 << 20));
            let ratio =
                spread(rounds.iter().filter_map(|round| {
                    Some(seconds(round.get(index)?) / seconds(round.first()?))
                }));
            let users = self.users as f64;
            table.push([
                (*name).to_owned(),
                format!("{:.0}", users / wall.median),
                format!("{:.2}", cpu.median),
                format!("{:.2}", cpu.median / users * 1e6),
                format!("{:.1}", peak.median),
                format!(
                    "{:.2} ({:.2} to {:.2})",
                    ratio.median, ratio.least, ratio.most
                ),
            ]);
        }
        Ok(table)
    }

    /// One run, in which every user has to be read.
    fn measure(&self, program: &Path, address: &str) -> anyhow::Result<Usage> {
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

/// A figure over all rounds.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

fn spread(figures: impl Iterator<Item = f64>) -> Spread {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let at = |index: usize| figures.get(index).copied().unwrap_or(f64::NAN);
    Spread {
        least: at(0),
        median: at(figures.len() / 2),
        most: at(figures.len().saturating_sub(1)),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_has_least_median_and_most() {
        let Spread {
            least,
            median,
            most,
        } = spread([3.0, 1.0, 2.0].into_iter());
        assert_eq!([least, median, most], [1.0, 2.0, 3.0]);
    }
}
