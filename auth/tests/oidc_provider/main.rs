//! Every flow that [oidc-provider](https://github.com/panva/node-oidc-provider) has, a certified
//! OpenID provider that somebody else wrote, over real HTTP.
//!
//! It needs Node 20 and npm; what the provider consists of is installed by the tests. Where that
//! is not to be had, each test counts as ignored. With `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

#[macro_use]
#[path = "../harness/mod.rs"]
mod harness;

#[path = "../harness/installing.rs"]
mod installing;

mod backchannel;
mod bound_client;
mod browser;
mod client_credentials;
mod clients;
mod delegated;
mod device;
mod discovery;
mod dpop;
mod installation;
mod login;
mod logout;
mod provider;
mod smoke;
mod token_life;
mod verifying;

use std::process::ExitCode;

fn main() -> ExitCode {
    let modules = [
        backchannel::tests(),
        bound_client::tests(),
        client_credentials::tests(),
        delegated::tests(),
        device::tests(),
        discovery::tests(),
        dpop::tests(),
        login::tests(),
        logout::tests(),
        smoke::tests(),
        token_life::tests(),
        verifying::tests(),
    ];
    harness::run(installation::prepare, modules)
}
