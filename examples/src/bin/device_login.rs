//! Logs a user in where there is no browser: a command line tool on a server, a television.
//!
//! ```text
//! cargo run -p okta-examples --bin device_login
//! ```

use clap::Parser;
use okta_examples::{Kind, LoginApp, Output, Settings, run};
use std::io::Write as _;
use std::process::ExitCode;

/// Logs in by a code that the user enters in a browser elsewhere (RFC 8628).
#[derive(Debug, Parser)]
struct Arguments {
    /// Scopes to ask for.
    #[arg(default_values = ["openid", "profile", "offline_access"])]
    scopes: Vec<String>,
}

fn main() -> ExitCode {
    run(Settings::Login, program)
}

async fn program(Arguments { scopes }: Arguments) -> anyhow::Result<()> {
    let app = LoginApp::configured(Kind::Native, "http://localhost:8000/callback").await?;

    let mut login = app.oauth.device().scopes(scopes).start().await?;
    writeln!(
        Output,
        "Open {} and enter {}",
        login.verification_uri, login.user_code
    )?;
    if let Some(address) = &login.verification_uri_complete {
        writeln!(Output, "or open {address}")?;
    }

    // Asks as often as the server allows, until the user has answered or the code has ended.
    let tokens = login.wait().await?;
    match &tokens.id_token {
        Some(id_token) => {
            let claims = id_token.claims()?;
            let name = claims.name().unwrap_or(&claims.subject);
            writeln!(Output, "Hello, {name}")?;
        }
        None => writeln!(Output, "Logged in, and no scope `openid` to say as whom")?,
    }
    writeln!(Output, "Scopes: {}", tokens.scopes)?;
    Ok(())
}
