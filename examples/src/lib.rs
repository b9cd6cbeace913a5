//! What all examples share: how a program starts and ends, and an org to talk to.
//!
//! Each program in `src/bin` is named by its task and runs without an Okta account: where no org
//! is configured, [`connect`] starts the emulator. Run one with
//! `cargo run -p okta-examples --bin provision`; `-- --help` shows what it takes.
mod activity;
mod emulated_service;
mod interrupt;
mod login_app;
mod output;
mod program;
mod progress;
mod settings;

use anyhow::Context;
use okta_emulator::Emulator;
use okta_sdk::{Client, ClientBuilder};

pub use self::activity::keep_busy;
pub use self::emulated_service::private_key_of;
pub use self::interrupt::interrupted;
pub use self::login_app::{Kind, LoginApp};
pub use self::output::Output;
pub use self::program::{note, run};
pub use self::progress::Progress;
pub use self::settings::{Settings, org_settings};

/// An org, and the client to talk to it.
#[derive(Debug)]
pub struct Org {
    /// The client.
    pub client: Client,
    /// Keeps the emulator alive as long as the client is in use.
    emulator: Option<Emulator>,
}

impl Org {
    /// Whether nobody's org can come to harm.
    #[must_use]
    pub fn is_emulated(&self) -> bool {
        self.emulator.is_some()
    }

    /// The emulator, if the org is one.
    #[must_use]
    pub fn emulator(&self) -> Option<&Emulator> {
        self.emulator.as_ref()
    }
}

/// Connects to the org of `okta.yaml` or `OKTA_CLIENT_ORGURL` and `OKTA_CLIENT_TOKEN`, or else to
/// an emulated one, and says which on standard error.
///
/// # Errors
/// If a setting is wrong, unknown or missing beside others, or the emulator finds no free port.
pub async fn connect() -> anyhow::Result<Org> {
    connect_with(|client| client).await
}

/// As [`connect`], by a client that `finish` has made ready.
///
/// # Errors
/// As [`connect`].
pub async fn connect_with(
    finish: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> anyhow::Result<Org> {
    if let Some(config) = org_settings()? {
        let client = finish(ClientBuilder::from_config(&config)?).build()?;
        note(format_args!("Org: {}", client.org_url().as_str()));
        return Ok(Org {
            client,
            emulator: None,
        });
    }
    let emulator = Emulator::start()
        .await
        .context("the emulator did not start")?;
    let client = Client::builder()
        .org_url(emulator.org_url())
        .api_token(emulator.token());
    let client = finish(client).build()?;
    note(format_args!(
        "Org: {}, emulated in this process, since none is configured. For yours, set \
         OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN.",
        emulator.org_url()
    ));
    Ok(Org {
        client,
        emulator: Some(emulator),
    })
}

/// The programs of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
