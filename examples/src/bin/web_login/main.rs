//! A web app that its users log in to with Okta.
//!
//! ```text
//! cargo run -p okta-examples --bin web_login
//! ```
//!
//! For your own org set `OKTA_ORG_URL`, `OKTA_CLIENT_ID`, `OKTA_CLIENT_SECRET` and
//! `OKTA_REDIRECT_URI` (default `http://localhost:8000/callback`).
//!
//! | path | what happens |
//! |---|---|
//! | `/` | says who is logged in |
//! | `/profile` | for users who are logged in; sends others to `/login` |
//! | `/login`, `/callback` | the login with Okta |
//! | `/logout` | by POST: ends the session here and at Okta |
//! | `/signed-out` | takes the browser back from Okta's logout; to be registered at Okta |
//!
//! Login, sessions and logout are those of `okta-web`. The tokens are kept in this process, sealed
//! with a key that ends with it.

mod pages;

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use clap::Parser;
use okta_auth::{SealingKey, SealingKeys};
use okta_examples::{Kind, LoginApp, Output, Settings, run};
use okta_web::{MemoryVault, OktaLogin};
use reqwest::Url;
use std::io::Write as _;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tower_sessions::MemoryStore;

/// A web app with a login.
#[derive(Debug, Parser)]
struct Arguments {
    /// The port to listen at; 0 takes a free one. Unless given, that of the redirect URI.
    #[arg(long)]
    port: Option<u16>,
}

fn main() -> ExitCode {
    run(Settings::Login, program)
}

async fn program(Arguments { port }: Arguments) -> anyhow::Result<()> {
    let listener = match port {
        Some(port) => TcpListener::bind(("localhost", port)).await?,
        None => TcpListener::bind(("localhost", redirect_port()?)).await?,
    };
    let port = listener.local_addr()?.port();
    let app = LoginApp::configured(Kind::Web, &format!("http://localhost:{port}/callback")).await?;

    let keys = SealingKeys::new(SealingKey::generate()?);
    let signed_out = Url::parse(&app.redirect_uri)?.join("/signed-out")?;
    let login = OktaLogin::builder(app.oauth.clone(), keys, MemoryVault::new())
        .scopes(["openid", "profile", "email"])
        .post_logout_redirect_uri(signed_out.as_str())
        .build()?;
    let routes = Router::new()
        .route("/", get(pages::home))
        .route("/profile", get(pages::profile))
        .route("/style.css", get(pages::style))
        .fallback(pages::missing)
        .merge(login.routes())
        .layer(login.layer(MemoryStore::default()));

    writeln!(Output, "Open http://localhost:{port}/")?;
    axum::serve(listener, routes)
        .await
        .context("the server stopped")
}

/// The port that the browser is sent back to.
fn redirect_port() -> anyhow::Result<u16> {
    let Ok(uri) = std::env::var("OKTA_REDIRECT_URI") else {
        return Ok(8000);
    };
    let uri = Url::parse(&uri).context("OKTA_REDIRECT_URI is not a URL")?;
    uri.port_or_known_default()
        .context("OKTA_REDIRECT_URI has no port")
}
