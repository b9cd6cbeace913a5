//! Checks an access token the way an API has to before it answers.
//!
//! ```text
//! cargo run -p okta-examples --bin verify_token
//! OKTA_ISSUER=https://acme.okta.com/oauth2/default \
//!     cargo run -p okta-examples --bin verify_token -- --token-file token.txt
//! ```

use okta_examples::{Output, Settings, note, private_key_of, run};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use clap::Parser;
use okta_auth::oauth::OAuthClient;
use okta_auth::verifier::Verifier;
use okta_auth::{Issuer, Secret};
use okta_emulator::Emulator;

/// Checks a token's signature and claims, and prints what it says.
#[derive(Debug, Parser)]
struct Arguments {
    /// File that holds the token; arguments of a program can be seen by others.
    #[arg(long, requires = "issuer")]
    token_file: Option<PathBuf>,
    /// Who has to have issued it.
    #[arg(long, env = "OKTA_ISSUER")]
    issuer: Option<String>,
    /// Whom it has to be for.
    #[arg(long, default_value = "api://default")]
    audience: String,
    /// A scope that it has to have.
    #[arg(long)]
    scope: Option<String>,
}

fn main() -> ExitCode {
    run(Settings::Issuer, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let Some(file) = &arguments.token_file else {
        ensure!(
            arguments.issuer.is_none(),
            "there is an issuer and no token; write the token to a file and add --token-file"
        );
        let emulator = Emulator::start()
            .await
            .context("the emulator did not start")?;
        note(format_args!(
            "Issuer: {}, emulated in this process",
            emulator.issuer()
        ));
        let issuer = Issuer::parse(&emulator.issuer())?;
        let token = token_of(&emulator, issuer.clone()).await?;
        return verify(token.expose(), issuer, &arguments).await;
    };
    let token = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let issuer = Issuer::parse(arguments.issuer.as_deref().unwrap_or_default())?;
    verify(token.trim(), issuer, &arguments).await
}

async fn verify(token: &str, issuer: Issuer, arguments: &Arguments) -> anyhow::Result<()> {
    // An API makes one of these when it starts and keeps it: it remembers the issuer's keys.
    let verifier = Verifier::builder(issuer)
        .audience(&arguments.audience)
        .build()?;

    let claims = verifier.verify_access_token(token).await?;
    if let Some(scope) = &arguments.scope {
        claims.require_scope(scope)?;
    }
    writeln!(Output, "subject  {}", claims.subject)?;
    writeln!(Output, "client   {}", claims.client_id)?;
    writeln!(Output, "scopes   {}", claims.scopes.join(" "))?;
    writeln!(
        Output,
        "expires  {}",
        DateTime::<Utc>::from(claims.expires_at)
    )?;
    Ok(())
}

/// A token of the emulator's service app, for its custom authorization server.
async fn token_of(emulator: &Emulator, issuer: Issuer) -> anyhow::Result<Secret> {
    let app = emulator.service_app();
    let oauth = OAuthClient::builder(issuer, &app.client_id)
        .authentication(private_key_of(app)?)
        .build()?;
    let tokens = oauth
        .client_credentials()
        .scopes(["api:read"])
        .send()
        .await?;
    Ok(tokens.access_token)
}
