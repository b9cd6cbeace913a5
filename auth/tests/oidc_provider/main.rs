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

mod backchannel;
mod browser;
mod client_credentials;
mod clients;
mod delegated;
mod device;
mod discovery;
mod dpop;
mod login;
mod logout;
mod provider;
mod smoke;
mod token_life;
mod verifying;
