//! A service that Okta calls: it prints what comes by an event hook and by Shared Signals, and
//! answers three inline hooks.
//!
//! ```text
//! cargo run -p okta-examples --bin hooks
//! cargo run -p okta-examples --bin hooks -- --url https://hooks.example.com --port 8080
//! ```
//!
//! | path | what Okta sends there |
//! |---|---|
//! | `/events` | the events of an event hook |
//! | `/tokens` | the question of a token inline hook: the answer adds a claim |
//! | `/passwords` | the question of a password import inline hook: one password is known |
//! | `/registrations` | the question of a registration inline hook: one domain is let in |
//! | `/signals` | the security event tokens of a stream |
//!
//! Without an org the program registers all five at an emulated one, where a user then logs in and
//! changes her password, and another one registers. In an org of yours it registers the event hook only, since the others
//! change logins, and says how to register those. Okta calls it at `--url`, over HTTPS and from
//! outside.

mod receivers;
mod registration;
mod story;

use std::process::ExitCode;

use clap::Parser;
use okta_auth::{Issuer, Secret};
use okta_examples::{Settings, interrupted, note, run};
use tokio::net::TcpListener;
use url::Url;

use self::receivers::Receivers;
use self::registration::Registration;

/// Receives event hooks, inline hooks and security event tokens, and prints them, until Ctrl-C.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where Okta reaches this program. Default: directly.
    #[arg(long)]
    url: Option<Url>,
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
        default_values = ["user.lifecycle.create", "user.account.update_password"]
    )]
    events: Vec<String>,
    /// Stop after the event hook is verified.
    #[arg(long)]
    verify_only: bool,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", arguments.port)).await?;
    let own = format!("http://{}", listener.local_addr()?);
    let url = match &arguments.url {
        Some(url) => url.clone(),
        None => Url::parse(&own)?,
    };
    let secret = Secret::from(arguments.secret.as_str());
    let org = okta_examples::connect().await?;

    let issuer = Issuer::parse(org.client.org_url().as_str())?;
    let receivers = Receivers::new(&secret, issuer, &url.origin().ascii_serialization())?;
    let (routes, stopped) = (receivers.routes(), interrupted());
    let serving = tokio::spawn(async {
        axum::serve(listener, routes)
            .with_graceful_shutdown(stopped)
            .await
    });

    let registration = Registration::new(&org.client, &url, &secret);
    registration.event_hook(&arguments.events).await?;
    if arguments.verify_only {
        return Ok(());
    }
    if let Some(emulator) = org.emulator() {
        registration.token_hook().await?;
        registration.password_hook().await?;
        registration.registration_hook().await?;
        registration.stream().await?;
        story::happen(&org.client, emulator).await?;
    } else {
        note(registration.left_to_do());
        serving.await??;
    }
    receivers.events.drain().await;
    Ok(())
}
