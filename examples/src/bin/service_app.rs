//! Calls Okta's API as a service: no user, no API token, a private key instead.
//!
//! ```text
//! cargo run -p okta-examples --bin service_app
//! ```
//!
//! For your own org set `OKTA_CLIENT_ORGURL`, `OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey`,
//! `OKTA_CLIENT_CLIENTID`, `OKTA_CLIENT_PRIVATEKEY` (PEM or JWK, or the path of a file),
//! `OKTA_CLIENT_PRIVATEKEYID` and `OKTA_CLIENT_SCOPES`, or the same in `okta.yaml`.

use anyhow::Context;
use clap::Parser;
use okta_auth::{OrgUrl, ServiceApp};
use okta_emulator::Emulator;
use okta_examples::{Output, Settings, note, org_settings, private_key_of, run};
use okta_sdk::Client;
use std::io::Write as _;
use std::process::ExitCode;

/// Lists users with an access token that the program gets for itself.
#[derive(Debug, Parser)]
struct Arguments {
    /// Bind the token to a key, so that a stolen one is of no use (DPoP, RFC 9449).
    #[arg(long)]
    dpop: bool,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(Arguments { dpop }: Arguments) -> anyhow::Result<()> {
    if let Some(config) = org_settings()? {
        return list_users(&Client::from_config(&config)?).await;
    }
    let emulator = Emulator::start()
        .await
        .context("the emulator did not start")?;
    note(format_args!(
        "Org: {}, emulated in this process, since none is configured.",
        emulator.org_url()
    ));
    list_users(&service(&emulator, dpop)?).await
}

/// A client with the credentials of the emulator's service app.
fn service(emulator: &Emulator, dpop: bool) -> anyhow::Result<Client> {
    let app = emulator.service_app();
    let org = OrgUrl::parse(emulator.org_url())?;
    let service = ServiceApp::builder(&org, &app.client_id, private_key_of(app)?)
        .scopes(["okta.users.read"])
        .dpop(dpop)
        .build()?;
    Ok(Client::builder()
        .org_url(emulator.org_url())
        .credentials(service)
        .build()?)
}

async fn list_users(okta: &Client) -> anyhow::Result<()> {
    let mut users = okta.users().list().stream();
    let mut count = 0;
    while let Some(user) = users.try_next().await? {
        count += 1;
        let profile = user.profile.unwrap_or_default();
        writeln!(Output, "{}", profile.login.unwrap_or_default())?;
    }
    writeln!(Output, "{count} users")?;
    Ok(())
}
