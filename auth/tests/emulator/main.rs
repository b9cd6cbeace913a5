//! Every flow against the emulated org, over real HTTP: how tokens are got, used, renewed and
//! checked, and what happens when the network and the server misbehave.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod about_tokens;
mod backchannel;
mod client_credentials;
mod clock_skew;
mod crowd;
mod delegated;
mod device;
mod faults;
mod login;
mod login_faults;
mod org;
mod refresh;
mod service_app;
mod service_app_dpop;
mod token_grants;
mod verifier;
mod verifier_keys;
mod watched;
