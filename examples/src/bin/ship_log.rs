//! Appends the System Log to files, one event a line as JSON. However often it is killed, each event is
//! there once: where to go on is in a file beside them, which is replaced once the data is on the disk.
//!
//! ```text
//! cargo run -p okta-examples --bin ship_log -- okta.jsonl
//! cargo run -p okta-examples --bin ship_log -- okta.jsonl --rotate-at 67108864 --keep 30
//! ```

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use futures::future::{self, Either};
use okta_examples::{Settings, interrupted, note, run};
use okta_provision::LogShipper;
use okta_sdk::Client;

/// Appends the System Log of an Okta org to files, until Ctrl-C unless told otherwise.
///
/// Exit status: 0 after Ctrl-C or the last event that was asked for, 1 after an error. Started again,
/// it goes on where it was.
#[derive(Debug, Parser)]
struct Arguments {
    /// The file. Where to go on is in another of this name with `.cursor` at its end; keep both or
    /// neither.
    #[arg(default_value = "okta.jsonl")]
    file: PathBuf,
    /// How often to ask for news, in seconds; each time counts against the rate limit.
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
    every: f64,
    /// Where the first start begins, such as `2026-01-31T09:30:00Z`. Default: seven days back.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Begin another file before one is longer than this. Files then have a number before the ending.
    #[arg(long, value_name = "BYTES")]
    rotate_at: Option<u64>,
    /// Remove the oldest files, so that so many are left.
    #[arg(long, value_name = "FILES", requires = "rotate_at")]
    keep: Option<usize>,
    /// Stop after so many events, or a few more: a page is written as a whole.
    #[arg(long, value_name = "COUNT")]
    events: Option<usize>,
}

/// A time of waiting, from a tenth of a second to a day.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().map_err(|_| format!("{text} is no number"))?;
    match (0.1..=86_400.0).contains(&seconds) {
        true => Ok(seconds),
        false => Err("write from 0.1 to 86400 seconds".to_owned()),
    }
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;
    let shipping = ship(&org.client, &arguments);
    if !org.is_emulated() {
        return shipping.await;
    }
    // Nobody works in an emulated org: something has to happen there.
    let busy = okta_examples::keep_busy(&org.client);
    match future::select(Box::pin(shipping), Box::pin(busy)).await {
        Either::Left((shipped, _)) => shipped,
        Either::Right((error, _)) => Err(error.into()),
    }
}

async fn ship(okta: &Client, arguments: &Arguments) -> anyhow::Result<()> {
    let mut shipper =
        LogShipper::new(&arguments.file).every(Duration::from_secs_f64(arguments.every));
    if let Some(since) = &arguments.since {
        shipper = shipper.since(since);
    }
    if let Some(bytes) = arguments.rotate_at {
        shipper = shipper.rotate_at(bytes);
    }
    if let Some(files) = arguments.keep {
        shipper = shipper.keep(files);
    }
    let mut shipping = shipper.start(okta)?;
    let most = arguments.events.unwrap_or(usize::MAX);
    let mut written = 0;
    let mut stop = Box::pin(interrupted());
    while written < most {
        let next = Box::pin(shipping.next());
        match future::select(next, &mut stop).await {
            Either::Left((events, _)) => written += events?,
            Either::Right(_) => break,
        }
    }
    note(format_args!(
        "{written} events written, the last to {}",
        shipping.path().display()
    ));
    Ok(())
}
