//! A web app that its users log in to with Okta: a small shop.
//!
//! ```text
//! cargo run -p okta-examples --bin web_login
//! ```
//!
//! For your own org set `OKTA_ORG_URL`, `OKTA_CLIENT_ID`, `OKTA_CLIENT_SECRET` and
//! `OKTA_REDIRECT_URI` (default `http://localhost:8000/callback`).
//!
//! | path | who gets there | what it shows |
//! |---|---|---|
//! | `/` | everyone | who is logged in |
//! | `/profile` | users | name, email address and groups |
//! | `/orders` | users | what an API answers to the user's access token |
//! | `/payout` | users whose login is at most 5 minutes old | a form that takes a recent login |
//! | `/sessions` | users | the user's sessions, to end them |
//! | `/administrators` | members of a group | how the app is set up |
//! | `/login`, `/callback` | everyone | the login with Okta |
//! | `/logout` | users, by POST | ends the session here and at Okta |
//! | `/signed-out` | | takes the browser back from Okta's logout; to be registered at Okta |
//!
//! Login, sessions and logout are those of `okta-web`. The tokens are kept in this process, sealed
//! with a key that ends with it. The API is a server of its own on another port. Before an emulated
//! org each page ends with the steps that this browser's login has taken.
//!
//! At an org of yours the API needs the scopes `orders:read` and `orders:write` of the authorization
//! server, and the groups a claim `groups` in the ID token. Ask for what there is by `--scope`.

mod administrators;
mod api;
mod demo;
mod latest;
mod layout;
mod orders;
mod pages;
mod payout;
mod sessions;
mod site;
mod steps;

use anyhow::Context;
use clap::Parser;
use okta_auth::{SealingKey, SealingKeys, Verifier};
use okta_examples::{Kind, LoginApp, Output, Settings, note, run};
use okta_web::api::RequireToken;
use okta_web::{MemoryVault, OktaLogin};
use reqwest::Url;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tower_sessions::MemoryStore;

use self::orders::OrdersApi;
use self::sessions::Browsers;
use self::site::Site;
use self::steps::Steps;

/// A web app with a login.
#[derive(Debug, Parser)]
struct Arguments {
    /// The port to listen at; 0 takes a free one. Unless given, that of the redirect URI.
    #[arg(long)]
    port: Option<u16>,
    /// A scope to ask for beside `openid`, `profile` and `email`; repeat it for more. Unless given,
    /// an emulated org is asked for `groups`, `orders:read` and `offline_access`.
    #[arg(long)]
    scope: Vec<String>,
    /// The group whose members are administrators.
    #[arg(long, default_value = "Administrators")]
    admin_group: String,
    /// Whom access tokens have to be for.
    #[arg(long, default_value = "api://default")]
    audience: String,
    /// How many seconds access tokens of an emulated org are good.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(10..))]
    access_token_life: u32,
}

fn main() -> ExitCode {
    run(Settings::Login, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let listener = match arguments.port {
        Some(port) => TcpListener::bind(("localhost", port)).await?,
        None => TcpListener::bind(("localhost", redirect_port()?)).await?,
    };
    let port = listener.local_addr()?.port();
    let app = LoginApp::configured(Kind::Web, &format!("http://localhost:{port}/callback")).await?;
    if let Some(emulator) = &app.emulator {
        let life = Duration::from_secs(arguments.access_token_life.into());
        demo::prepare(emulator, &arguments.admin_group, life).await?;
    }

    let api = start_api(&app, &arguments.audience).await?;
    let scopes = scopes(&arguments, app.emulator.is_some());
    let keys = SealingKeys::new(SealingKey::generate()?);
    let signed_out = Url::parse(&app.redirect_uri)?.join("/signed-out")?;
    let login = OktaLogin::builder(app.oauth.clone(), keys, MemoryVault::new())
        .scopes(&scopes)
        .post_logout_redirect_uri(signed_out.as_str())
        .content_security_policy(policy(app.oauth.issuer().as_str())?)
        .error_page(layout::error_page)
        .build()?;
    let steps = app
        .emulator
        .is_some()
        .then(|| Steps::new(app.oauth.issuer().as_str(), &app.redirect_uri))
        .transpose()?;
    let site = Site {
        sessions: login.sessions().clone(),
        browsers: Browsers::default(),
        issuer: app.oauth.issuer().as_str().to_owned(),
        api: OrdersApi::new(api)?,
        scopes,
        admin_group: arguments.admin_group,
        steps,
    };
    let routes = site::routes(site, &login, MemoryStore::default());

    writeln!(Output, "Open http://localhost:{port}/")?;
    axum::serve(listener, routes)
        .await
        .context("the server stopped")
}

/// Starts the API that keeps the orders. What it gives is where it listens.
async fn start_api(app: &LoginApp, audience: &str) -> anyhow::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let verifier = Verifier::builder(app.oauth.issuer().clone())
        .audience(audience)
        .build()?;
    let tokens = RequireToken::verifier(verifier).origin(&origin)?;
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, api::routes(tokens)).await {
            note(format_args!("the API stopped: {error}"));
        }
    });
    Ok(origin)
}

fn scopes(arguments: &Arguments, is_emulated: bool) -> Vec<String> {
    let others = match &*arguments.scope {
        [] if is_emulated => ["groups", "orders:read", "offline_access"]
            .map(str::to_owned)
            .to_vec(),
        asked => asked.to_vec(),
    };
    ["openid", "profile", "email"]
        .map(str::to_owned)
        .into_iter()
        .chain(others)
        .collect()
}

/// What pages may load and where their forms may lead: the logout goes to Okta.
fn policy(issuer: &str) -> anyhow::Result<String> {
    let okta = Url::parse(issuer)?.origin().ascii_serialization();
    Ok(format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {okta}; frame-ancestors 'none'; \
         base-uri 'none'"
    ))
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
