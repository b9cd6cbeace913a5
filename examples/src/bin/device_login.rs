//! Logs a user in where there is no browser: a command line tool on a server, a television.
//!
//! ```text
//! cargo run -p okta-examples --bin device_login
//! ```
// Programs talk to people on standard output.
#![allow(clippy::print_stdout)]

use clap::Parser;
use okta_examples::{Kind, LoginApp};

/// Logs in by a code that the user enters in a browser elsewhere (RFC 8628).
#[derive(Debug, Parser)]
struct Arguments {
    /// Scopes to ask for.
    #[arg(default_values = ["openid", "profile", "offline_access"])]
    scopes: Vec<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { scopes } = Arguments::parse();
    let app = LoginApp::configured(Kind::Native, "http://localhost:8000/callback").await?;

    let mut login = app.oauth.device().scopes(scopes).start().await?;
    println!(
        "Open {} and enter {}",
        login.verification_uri, login.user_code
    );
    if let Some(address) = &login.verification_uri_complete {
        println!("or open {address}");
    }

    // Asks as often as the server allows, until the user has answered or the code has ended.
    let tokens = login.wait().await?;
    match &tokens.id_token {
        Some(id_token) => {
            let claims = id_token.claims()?;
            let name = claims.name().unwrap_or(&claims.subject);
            println!("Hello, {name}");
        }
        None => println!("Logged in, and no scope `openid` to say as whom"),
    }
    println!("Scopes: {}", tokens.scopes);
    Ok(())
}
