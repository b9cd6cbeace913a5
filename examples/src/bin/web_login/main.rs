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
//! | `/login` | begins a login and sends the browser to Okta |
//! | `/callback` | takes the browser back, and gets the tokens |
//! | `/protected` | for users who are logged in; sends others to `/login` |
//! | `/logout` | ends the session here and at Okta |
//!
//! The browser holds nothing but the id of its session. State, nonce and PKCE verifier of a login,
//! and later the tokens, are in the session on the server; the id changes when a user logs in.

mod pages;
mod session;

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use clap::Parser;
use okta_examples::{Kind, LoginApp, Output, Settings, run};
use reqwest::Url;
use std::io::Write as _;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, MemoryStore, SessionManagerLayer};

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

    let secure = app.redirect_uri.starts_with("https:");
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        // Lax, not Strict: the browser comes back from Okta's site with the cookie.
        .with_same_site(SameSite::Lax)
        .with_secure(secure)
        .with_expiry(Expiry::OnInactivity(Duration::hours(1)));
    let home = Url::parse(&app.redirect_uri)?.join("/")?;
    let state = pages::State {
        oauth: app.oauth.clone(),
        home,
    };
    let routes = Router::new()
        .route("/", get(pages::home))
        .route("/login", get(pages::login))
        .route("/callback", get(pages::callback))
        .route("/protected", get(pages::protected))
        .route("/logout", get(pages::logout))
        .with_state(state)
        .layer(sessions);

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
