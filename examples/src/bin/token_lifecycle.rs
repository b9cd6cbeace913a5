//! A token's life: login, use, introspection, renewal, revocation.
//!
//! ```text
//! cargo run -p okta-examples --bin token_lifecycle
//! ```

use okta_examples::{Kind, LoginApp, Output, Settings, run};
use std::io::Write as _;
use std::io::{BufRead, stdin};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use okta_auth::Secret;
use okta_auth::oauth::{Callback, Login, OAuthClient, TokenKind, Tokens};

/// Shows the life of a token: login, use, introspection, renewal, revocation.
#[derive(Debug, Parser)]
struct Arguments {}

fn main() -> ExitCode {
    run(Settings::Login, program)
}

async fn program(Arguments {}: Arguments) -> anyhow::Result<()> {
    let app = LoginApp::configured(Kind::Web, "http://localhost:8000/callback").await?;
    let oauth = &app.oauth;

    let tokens = log_in(&app).await?;
    let id_token = tokens.id_token.as_ref().context("no ID token came")?;
    writeln!(Output, "logged in      {}", id_token.claims()?.subject)?;

    let user = oauth.user_info(&tokens).await?;
    writeln!(
        Output,
        "user info      {}",
        user.name.as_deref().unwrap_or(&user.subject)
    )?;
    show(
        oauth,
        "access token",
        &tokens.access_token,
        TokenKind::AccessToken,
    )
    .await?;

    let refresh_token = tokens
        .refresh_token
        .as_ref()
        .context("no refresh token came")?;
    let renewed = oauth
        .refresh(refresh_token)
        .replacing(&tokens)
        .send()
        .await?;
    writeln!(
        Output,
        "refreshed      the access token is another one: {}",
        renewed.access_token != tokens.access_token
    )?;
    show(
        oauth,
        "new token",
        &renewed.access_token,
        TokenKind::AccessToken,
    )
    .await?;

    oauth
        .revoke(&renewed.access_token, TokenKind::AccessToken)
        .await?;
    show(
        oauth,
        "revoked token",
        &renewed.access_token,
        TokenKind::AccessToken,
    )
    .await?;

    let newest = renewed.refresh_token.as_ref().unwrap_or(refresh_token);
    oauth.revoke(newest, TokenKind::RefreshToken).await?;
    show(oauth, "refresh token", newest, TokenKind::RefreshToken).await
}

/// Asks the server whether a token is good, which counts revocations, too.
async fn show(
    oauth: &OAuthClient,
    name: &str,
    token: &Secret,
    kind: TokenKind,
) -> anyhow::Result<()> {
    let answer = oauth.introspect(token, kind).await?;
    writeln!(
        Output,
        "introspection  {name} is {}",
        if answer.active {
            "active"
        } else {
            "not active"
        }
    )?;
    Ok(())
}

async fn log_in(app: &LoginApp) -> anyhow::Result<Tokens> {
    let login = app
        .oauth
        .login()
        .scopes(["openid", "profile", "offline_access"])
        .start()
        .await?;
    let address = if app.emulator.is_some() {
        as_a_browser(app, &login).await?
    } else {
        writeln!(
            Output,
            "Open {}\nThen paste the address that the browser ends at:",
            login.url()
        )?;
        stdin()
            .lock()
            .lines()
            .next()
            .context("nothing was pasted")??
    };
    let callback = Callback::parse(address.trim())?;
    Ok(app.oauth.exchange_code(&login, &callback).await?)
}

/// Goes where a browser would go whose user is logged in already.
async fn as_a_browser(app: &LoginApp, login: &Login) -> anyhow::Result<String> {
    if let Some(emulator) = &app.emulator {
        emulator
            .oauth()
            .log_in_automatically(Some("grace@example.com"))?;
    }
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let answer = browser.get(login.url()).send().await?;
    let address = answer.headers().get("location");
    let address = address.context("the login page did not redirect")?;
    Ok(address.to_str()?.to_owned())
}
