//! A service that Okta tells what happens: it registers itself as an event hook, proves by Okta's
//! challenge that it is there, and prints the events that come.
//!
//! ```text
//! cargo run -p okta-examples --bin event_hook -- --url https://hooks.example.com/ --port 8080
//! ```
//!
//! Okta calls it at `--url`, over HTTPS and from outside; an emulated org calls it directly.

use okta_examples::{Output, Settings, run};
use std::io::Write as _;
use std::process::ExitCode;

use axum::http::header::AUTHORIZATION;
use clap::Parser;
use okta_auth::Secret;
use okta_sdk::models::{
    EventHook, EventHookChannel, EventHookChannelConfig, EventHookChannelConfigAuthScheme,
    EventHookChannelConfigAuthSchemeType, EventSubscriptions,
};
use okta_sdk::{Client, Error};
use okta_web::hooks::{EventHooks, HandlerResult, HookEvent};
use tokio::net::TcpListener;

/// Registers an event hook and prints its events, until Ctrl-C unless told otherwise.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where Okta reaches this program. Default: directly.
    #[arg(long)]
    url: Option<String>,
    /// The port to listen at; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// What Okta sends along, so that nobody else can tell it things.
    #[arg(
        long,
        env = "OKTA_HOOK_SECRET",
        hide_env_values = true,
        default_value = "only for trying it"
    )]
    secret: String,
    /// Types of events.
    #[arg(
        long = "event",
        value_name = "TYPE",
        default_value = "user.lifecycle.create"
    )]
    events: Vec<String>,
    /// Stop after the verification.
    #[arg(long)]
    verify_only: bool,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", arguments.port)).await?;
    let own = format!("http://{}", listener.local_addr()?);
    let url = arguments.url.clone().unwrap_or(own);
    let secret = Secret::from(arguments.secret.as_str());
    let events = EventHooks::builder(secret, print).build()?;
    let routes = axum::Router::new().route("/", events.route());
    let serving = tokio::spawn(async { axum::serve(listener, routes).await });

    let org = okta_examples::connect().await?;
    let hook = register(&org.client, &arguments, url).await?;
    writeln!(Output, "{} is {}", hook.name.unwrap_or_default(), hook.id)?;
    let verified = org.client.event_hooks().verify(&hook.id).await?;
    let status = verified.verification_status;
    writeln!(
        Output,
        "it is {}",
        status.map_or_else(String::new, |it| it.to_string())
    )?;
    // In an org that is emulated for this program nothing more happens.
    if !arguments.verify_only && !org.is_emulated() {
        serving.await??;
    }
    Ok(())
}

/// The hook of this program's name, created where there is none and replaced where there is one.
async fn register(okta: &Client, arguments: &Arguments, url: String) -> Result<EventHook, Error> {
    let scheme = EventHookChannelConfigAuthScheme::new()
        .type_(EventHookChannelConfigAuthSchemeType::Header)
        .key(AUTHORIZATION.as_str())
        .value(arguments.secret.as_str());
    let config = EventHookChannelConfig::new(url).auth_scheme(scheme);
    let channel = EventHookChannel::new(config, "1.0.0");
    let events = EventSubscriptions::new(&arguments.events);
    let hook = EventHook::new(channel, events, "event_hook example");

    let hooks = okta.event_hooks();
    let there = hooks.list().all().await?;
    match there.iter().find(|other| other.name == hook.name) {
        Some(other) => hooks.replace(&other.id, hook).await,
        None => hooks.create(hook).await,
    }
}

/// Prints an event.
async fn print(event: HookEvent) -> HandlerResult {
    let published = event.log.published.map(|time| time.to_string());
    let event_type = event.log.event_type.unwrap_or_default();
    writeln!(Output, "{} {event_type}", published.unwrap_or_default())?;
    Ok(())
}
