//! An API whose callers bring an access token of Okta.
//!
//! ```text
//! cargo run -p okta-examples --bin web_api
//! OKTA_ISSUER=https://acme.okta.com/oauth2/default cargo run -p okta-examples --bin web_api
//! ```
//!
//! | request | scope | what happens |
//! |---|---|---|
//! | `GET /orders` | `orders:read` | lists the orders |
//! | `POST /orders` | `orders:write` | adds one, such as `{"item": "lamp", "quantity": 2}` |
//!
//! The program prints curl lines that call it. At an org of yours the authorization server needs the
//! two scopes, and the lines need the id and secret of an app that may use client credentials.

mod caller;
mod orders;

use anyhow::Context;
use clap::Parser;
use okta_auth::Issuer;
use okta_auth::verifier::Verifier;
use okta_emulator::Emulator;
use okta_examples::{Output, Settings, note, run};
use okta_web::api::RequireToken;
use std::io::Write as _;
use std::process::ExitCode;
use tokio::net::TcpListener;

/// An API that is protected by access tokens.
#[derive(Debug, Parser)]
struct Arguments {
    /// The port to listen at; 0 takes a free one.
    #[arg(long, default_value_t = 8001)]
    port: u16,
    /// Who has to have issued a token.
    #[arg(long, env = "OKTA_ISSUER")]
    issuer: Option<String>,
    /// Whom a token has to be for.
    #[arg(long, default_value = "api://default")]
    audience: String,
}

fn main() -> ExitCode {
    run(Settings::Issuer, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", arguments.port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let Some(issuer) = arguments.issuer.filter(|issuer| !issuer.is_empty()) else {
        let emulator = Emulator::start()
            .await
            .context("the emulator did not start")?;
        note(format_args!(
            "Issuer: {}, emulated in this process, since none is configured. For yours, set \
             OKTA_ISSUER.",
            emulator.issuer()
        ));
        let credentials = caller::registered(&emulator).await?;
        return serve(
            listener,
            &origin,
            &emulator.issuer(),
            &arguments.audience,
            &credentials,
        )
        .await;
    };
    let credentials = "\"$CLIENT_ID:$CLIENT_SECRET\"";
    serve(listener, &origin, &issuer, &arguments.audience, credentials).await
}

async fn serve(
    listener: TcpListener,
    origin: &str,
    issuer: &str,
    audience: &str,
    credentials: &str,
) -> anyhow::Result<()> {
    let verifier = Verifier::builder(Issuer::parse(issuer)?)
        .audience(audience)
        .build()?;
    let tokens = RequireToken::verifier(verifier).origin(origin)?;
    for line in caller::curl_lines(origin, issuer, credentials) {
        writeln!(Output, "{line}")?;
    }
    axum::serve(listener, orders::routes(tokens))
        .await
        .context("the server stopped")
}
