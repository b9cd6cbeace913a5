//! Prints what happens in the org, as it happens.
//!
//! ```text
//! cargo run -p okta-examples --bin tail_system_log -- --for 60 --events 20
//! ```

use okta_examples::{Output, Settings, run};
use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Parser;
use futures::{StreamExt, TryStreamExt, future};
use okta_sdk::Client;
use okta_sdk::models::LogEvent;

/// Prints the System Log of an Okta org, until Ctrl-C unless told otherwise.
#[derive(Debug, Parser)]
struct Arguments {
    /// How often to ask for news, in seconds; each time counts against the rate limit.
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    every: u64,
    /// When to start, such as `2026-01-31T09:30:00Z`. Default: now.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Stop after this many seconds.
    #[arg(long = "for", value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Stop after this many events.
    #[arg(long, value_name = "COUNT")]
    events: Option<usize>,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;

    let watch = watch(&org.client, &arguments);
    if !org.is_emulated() {
        return watch.await;
    }
    // Nobody works in an emulated org: something has to happen there.
    match future::select(
        Box::pin(watch),
        Box::pin(okta_examples::keep_busy(&org.client)),
    )
    .await
    {
        future::Either::Left((watched, _)) => watched,
        future::Either::Right((error, _)) => Err(error.into()),
    }
}

async fn watch(okta: &Client, arguments: &Arguments) -> anyhow::Result<()> {
    let time_is_up = async {
        match arguments.seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => future::pending().await,
        }
    };
    let since = arguments.since.clone().unwrap_or_else(|| {
        DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Millis, true)
    });
    let mut events = okta
        .system_log()
        .list()
        .since(since)
        .tail(Duration::from_secs(arguments.every))
        .take(arguments.events.unwrap_or(usize::MAX))
        .take_until(Box::pin(time_is_up));
    while let Some(event) = events.try_next().await? {
        writeln!(Output, "{}", line(&event))?;
    }
    Ok(())
}

/// When, what, who and to whom.
fn line(event: &LogEvent) -> String {
    let published = event.published.as_ref().map(ToString::to_string);
    let actor = event
        .actor
        .as_ref()
        .and_then(|actor| actor.alternate_id.as_deref());
    let targets = event
        .target
        .iter()
        .flatten()
        .filter_map(|target| target.display_name.as_deref());
    let targets: Vec<&str> = targets.collect();
    format!(
        "{:24}  {:32}  {} → {}",
        published.unwrap_or_default(),
        event.event_type.as_deref().unwrap_or_default(),
        actor.unwrap_or("?"),
        targets.join(", "),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_says_when_what_who_and_to_whom() {
        let event: LogEvent = serde_json::from_value(json!({
            "published": "2026-01-01T00:00:00.000Z",
            "eventType": "group.user_membership.add",
            "actor": { "alternateId": "admin@example.com" },
            "target": [{ "displayName": "Ada Lovelace" }, { "displayName": "Analysts" }],
        }))
        .unwrap();
        assert_eq!(
            line(&event),
            "2026-01-01T00:00:00.000Z  group.user_membership.add         \
             admin@example.com → Ada Lovelace, Analysts"
        );
        assert_eq!(line(&LogEvent::new()).trim(), "? →");
    }
}
