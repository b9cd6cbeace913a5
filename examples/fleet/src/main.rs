//! Keeps many Okta orgs as they should be, from many machines.
//!
//! ```text
//! fleet submit --orgs fleet.yaml --all people/    # what should be, for every org
//! fleet worker --orgs fleet.yaml                  # on each machine
//! fleet status
//! ```
//!
//! PostgreSQL has what is to be done, who does it, and how far it is; Redis shares the rate limit of
//! an org among the workers. The chapter "Fleets" of the guide has the whole.

mod carry_out;
mod desired;
mod orgs;
mod page;
mod queue;
mod reconcile;
mod status;
mod telemetry;
mod worker;

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use okta_provision::fleet::RunId;
use okta_sdk::Secret;

use orgs::Orgs;
use queue::Queue;

/// Keeps many Okta orgs as they should be, from many machines
#[derive(Debug, Parser)]
#[command(
    after_help = "Exit codes: 0 all is well, 1 something failed, 2 the arguments are wrong.\n\
                  OTEL_EXPORTER_OTLP_ENDPOINT sends traces and metrics to an OpenTelemetry collector."
)]
struct Arguments {
    /// The PostgreSQL database, such as postgres://fleet:password@host/fleet
    #[arg(
        long,
        env = "FLEET_DATABASE_URL",
        hide_env_values = true,
        global = true
    )]
    database: Option<Secret>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Says what orgs should be, and wakes a worker up
    Submit {
        #[command(flatten)]
        orgs: OrgsFile,
        /// The orgs, by their names in the file
        #[arg(long = "org", value_name = "NAME", required_unless_present = "all")]
        names: Vec<String>,
        /// All orgs of the file
        #[arg(long, conflicts_with = "names")]
        all: bool,
        /// What should be: a file of CSV, JSON lines or YAML, or a folder of them
        desired: PathBuf,
    },
    /// The last run of each org, or all runs of one
    Status {
        /// The org, by its name
        org: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Ends a run: at once if it waits, else after what is under way
    Cancel {
        /// The number of the run
        run: i64,
    },
    /// Lets no worker begin another run, and waits until none is under way
    Drain {
        /// Lets them begin runs again
        #[arg(long)]
        undo: bool,
    },
    /// Carries runs out until it is stopped (Ctrl-C, SIGTERM), finishing what is under way
    Worker(WorkerArguments),
    /// Shows orgs, runs, progress and failures as a web page
    Page {
        /// Where to listen. Whoever reaches it sees the names of orgs and what failed
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
}

#[derive(Debug, Args)]
struct OrgsFile {
    /// The file of the orgs
    #[arg(long, env = "FLEET_ORGS", default_value = "fleet.yaml")]
    orgs: PathBuf,
}

#[derive(Debug, Args)]
struct WorkerArguments {
    #[command(flatten)]
    orgs: OrgsFile,
    /// The Redis of the shared rate limits, such as redis://host. Without it, each worker keeps to the
    /// limits by itself
    #[arg(long, env = "FLEET_REDIS_URL", hide_env_values = true)]
    redis: Option<Secret>,
    /// What this worker is called. Default: the number of its process
    #[arg(long)]
    name: Option<String>,
    /// How many orgs it works on at a time
    #[arg(long, default_value = "4")]
    orgs_at_once: usize,
    /// How many requests are under way at a time, for each org
    #[arg(long, default_value = "16")]
    requests_at_once: usize,
    /// How many seconds an org stays with a worker that does not answer any more
    #[arg(long, default_value = "20", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    lease: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let telemetry = match telemetry::start() {
        Ok(telemetry) => telemetry,
        Err(error) => return fail(&error),
    };
    let done = run(arguments).await;
    telemetry.end();
    done.unwrap_or_else(|error| fail(&error))
}

fn fail(error: &anyhow::Error) -> ExitCode {
    // Nobody may read it.
    let _ = writeln!(std::io::stderr(), "fleet: {error:#}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let database = arguments
        .database
        .context("set FLEET_DATABASE_URL, or --database, to the address of PostgreSQL")?;
    let queue = Queue::open(&database).await?;
    match arguments.command {
        Command::Submit {
            orgs,
            names,
            all,
            desired,
        } => {
            let orgs = Orgs::read(&orgs.orgs)?;
            let names = match all {
                true => orgs.names().map(str::to_owned).collect(),
                false => names,
            };
            let desired = desired::pack(&desired)?;
            for name in &names {
                orgs.get(name)?;
            }
            for name in names {
                let run = queue.submit(&name, &desired).await?;
                say(&format!("{name}: run {run}"))?;
            }
        }
        Command::Status { org, json } => {
            let runs = queue.fleet().runs(org.as_deref()).await?;
            say(&match json {
                true => serde_json::to_string_pretty(&runs)?,
                false => status::table(&runs, std::io::stdout().is_terminal()),
            })?;
        }
        Command::Cancel { run } => {
            if !queue.cancel(RunId(run)).await? {
                anyhow::bail!("there is no run {run} that has not ended");
            }
            say(&format!("run {run} ends"))?;
        }
        Command::Drain { undo: true } => {
            queue.fleet().drain(false).await?;
            say("workers begin runs again")?;
        }
        Command::Drain { undo: false } => drain(&queue).await?,
        Command::Worker(arguments) => worker::work(queue, arguments.settings()?).await?,
        Command::Page { listen } => page::serve(queue.fleet().clone(), listen).await?,
    }
    Ok(ExitCode::SUCCESS)
}

impl WorkerArguments {
    fn settings(self) -> anyhow::Result<worker::Settings> {
        Ok(worker::Settings {
            orgs: Orgs::read(&self.orgs.orgs)?,
            redis: self.redis,
            name: self.name.unwrap_or_else(|| std::process::id().to_string()),
            orgs_at_once: self.orgs_at_once.max(1),
            requests_at_once: self.requests_at_once.max(1),
            lease: Duration::from_secs(self.lease),
        })
    }
}

/// How often `drain` looks whether runs are under way.
const LOOK: Duration = Duration::from_secs(1);

async fn drain(queue: &Queue) -> anyhow::Result<()> {
    queue.fleet().drain(true).await?;
    let mut last = usize::MAX;
    loop {
        let under_way = queue.fleet().under_way().await?;
        if under_way != last {
            say(&format!("{under_way} runs are under way"))?;
            last = under_way;
        }
        if under_way == 0 {
            return say("drained; `fleet drain --undo` lets workers begin runs again");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A line on standard output.
fn say(line: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{line}") {
        // Whoever read it has read enough, such as `head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        done => Ok(done?),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use clap::{CommandFactory as _, Parser as _};
    use serde_norway::Value;

    use super::Arguments;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_services_of_the_compose_file_are_commands() {
        let mut compose: Value = serde_norway::from_str(include_str!("../compose.yaml")).unwrap();
        compose.apply_merge().unwrap();
        let services = compose["services"].as_mapping().unwrap();
        let ours = services
            .values()
            .filter(|service| service.get("build").is_some());
        let mut seen = 0;
        for service in ours {
            let words = service["command"].as_sequence().unwrap();
            let words = words.iter().map(|word| word.as_str().unwrap());
            let program = std::iter::once("fleet").chain(words);
            Arguments::try_parse_from(program).unwrap();
            seen += 1;
        }
        assert_eq!(seen, 3);
    }
}
