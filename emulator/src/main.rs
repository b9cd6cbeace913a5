//! `okta-emulator`: an Okta org on a loopback port, until Ctrl-C.
// A program talks to people on standard error.
#![allow(clippy::print_stderr)]

mod cli;

/// Writes a line. Where nobody reads any more, the org goes on.
macro_rules! say {
    ($($text:tt)*) => {
        drop(writeln!(std::io::stdout(), $($text)*))
    };
}

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use okta_emulator::Emulator;

use cli::{Arguments, described};

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("okta-emulator: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), String> {
    let emulator = arguments.start().await?;
    let (org_url, token, stats) = (emulator.org_url(), emulator.token(), emulator.stats());
    say!(
        "An emulated Okta org with {} users, {} groups and {} apps. Ctrl-C stops it.\n\n\
         export OKTA_CLIENT_ORGURL={org_url}\n\
         export OKTA_CLIENT_TOKEN={token}\n\n\
         curl -H \"Authorization: SSWS $OKTA_CLIENT_TOKEN\" \"$OKTA_CLIENT_ORGURL/api/v1/users\"\n",
        stats.users,
        stats.groups,
        stats.apps,
    );
    introduce_clients(&emulator);
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| described(&error))?;
    emulator.shutdown().await;
    Ok(())
}

/// What a program needs to try OAuth. The org is for tests, and so are the credentials: they may be
/// shown.
fn introduce_clients(emulator: &Emulator) {
    let (web, native) = (emulator.web_app(), emulator.native_app());
    let (trusted, service) = (emulator.trusted_app(), emulator.service_app());
    say!(
        "Issuer            {}\nPassword of users {}\n",
        emulator.issuer(),
        emulator.password()
    );
    for (name, client) in [
        ("Web app", web),
        ("Native app", native),
        ("Trusted app", trusted),
    ] {
        let secret = client.client_secret.as_deref().unwrap_or("none");
        say!("{name:<17} client id {}  secret {secret}", client.client_id);
    }
    say!(
        "Service app       client id {}  key id {}\n{}",
        service.client_id,
        service.key_id.as_deref().unwrap_or("none"),
        service.private_key_pem.as_deref().unwrap_or_default()
    );
}
