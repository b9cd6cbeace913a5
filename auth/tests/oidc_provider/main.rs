//! Every flow that [oidc-provider](https://github.com/panva/node-oidc-provider) has, a certified
//! OpenID provider that somebody else wrote, over real HTTP.
//!
//! It needs Node 20 and `npm ci` in `tests/provider`. Without them the tests say that they did
//! not run; with `OIDC_PROVIDER_REQUIRED=1` they fail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod browser;
mod clients;
mod provider;

// The names of all tests begin with `oidc_provider_`, those of their modules included.
#[path = "backchannel.rs"]
mod oidc_provider_backchannel;
#[path = "client_credentials.rs"]
mod oidc_provider_client_credentials;
#[path = "delegated.rs"]
mod oidc_provider_delegated;
#[path = "device.rs"]
mod oidc_provider_device;
#[path = "discovery.rs"]
mod oidc_provider_discovery;
#[path = "dpop.rs"]
mod oidc_provider_dpop;
#[path = "login.rs"]
mod oidc_provider_login;
#[path = "logout.rs"]
mod oidc_provider_logout;
#[path = "smoke.rs"]
mod oidc_provider_smoke;
#[path = "token_life.rs"]
mod oidc_provider_token_life;
#[path = "verifying.rs"]
mod oidc_provider_verifying;
