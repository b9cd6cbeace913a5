//! The app before [oidc-provider](https://github.com/panva/node-oidc-provider), a certified OpenID
//! provider that somebody else wrote, over real HTTP.
//!
//! It needs Node 20 and npm; what the provider consists of is installed by the tests. Where that is
//! missing, each test counts as ignored. With `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::panic)]

#[macro_use]
#[path = "../../../auth/tests/harness/mod.rs"]
mod harness;

#[path = "../../../auth/tests/harness/installing.rs"]
mod installing;

#[path = "../../../auth/tests/oidc_provider/browser.rs"]
#[allow(dead_code)]
mod browser;

#[path = "../../../auth/tests/oidc_provider/clients.rs"]
#[allow(dead_code)]
mod clients;

#[path = "../../../auth/tests/oidc_provider/installation.rs"]
mod installation;

#[path = "../../../auth/tests/oidc_provider/provider.rs"]
#[allow(dead_code)]
mod provider;

#[path = "../support/client.rs"]
mod client;

mod site;
mod visits;

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::run(installation::prepare, [visits::tests()])
}
