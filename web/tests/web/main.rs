//! The app as browsers and attackers see it, before an emulated org.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../support/client.rs"]
mod client;

mod api;
mod attacks;
mod browser;
mod http;
mod login;
mod logout;
mod okta_logout;
mod provider;
mod sessions;
mod site;
mod step_up;
