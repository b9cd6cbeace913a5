//! Appends the System Log to a file, one event a line as JSON, and goes on where it was after a
//! restart: no event is missed, and some may be there twice.
//!
//! ```text
//! cargo run -p okta-examples --bin ship_system_log -- okta.jsonl
//! ```

use okta_examples::{Settings, run};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use futures::future;
use okta_sdk::{Client, Cursor, Tail};

/// Appends the System Log of an Okta org to a file, until Ctrl-C unless told otherwise.
#[derive(Debug, Parser)]
struct Arguments {
    /// The file. Where to go on is in another of this name with `.cursor` at its end.
    #[arg(default_value = "okta.jsonl")]
    file: PathBuf,
    /// How often to ask for news, in seconds; each time counts against the rate limit.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    every: u64,
    /// Stop after this many events.
    #[arg(long, value_name = "COUNT")]
    events: Option<u64>,
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
        future::Either::Left((shipped, _)) => shipped,
        future::Either::Right((error, _)) => Err(error.into()),
    }
}

async fn ship(okta: &Client, arguments: &Arguments) -> anyhow::Result<()> {
    let place = beside(&arguments.file, ".cursor");
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&arguments.file)
        .with_context(|| format!("cannot write {}", arguments.file.display()))?;
    let mut saved = read(&place)?;
    let mut events = follow(okta, saved.as_ref(), Duration::from_secs(arguments.every));
    let mut left = arguments.events.unwrap_or(u64::MAX);
    while left > 0
        && let Some(event) = events.try_next().await?
    {
        let mut line = serde_json::to_vec(&event)?;
        line.push(b'\n');
        file.write_all(&line)?;
        left -= 1;
        let cursor = events.cursor();
        if cursor != saved {
            save(&file, &place, cursor.as_ref())?;
            saved = cursor;
        }
    }
    Ok(())
}

/// The log from a place on, or all that Okta still has of the last seven days.
fn follow(okta: &Client, place: Option<&Cursor>, every: Duration) -> Tail {
    let log = okta.system_log();
    match place {
        Some(place) => log.list().tail_from(place, every),
        None => log.tail(every),
    }
}

fn read(place: &Path) -> anyhow::Result<Option<Cursor>> {
    match fs::read_to_string(place) {
        Ok(text) => Ok(Some(text.trim().parse()?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", place.display())),
    }
}

/// Saves the place once the events before it are on disk. It is written beside the old one first,
/// so that there is a whole one at any time.
fn save(file: &File, place: &Path, cursor: Option<&Cursor>) -> anyhow::Result<()> {
    let Some(cursor) = cursor else {
        return Ok(());
    };
    file.sync_data()?;
    let fresh = beside(place, ".new");
    fs::write(&fresh, cursor.to_string())?;
    fs::rename(&fresh, place)?;
    Ok(())
}

/// The file whose name has that at its end.
fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}
