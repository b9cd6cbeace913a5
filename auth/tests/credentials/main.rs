//! Credentials that get their own tokens, over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod delegated_token;
mod okta_server;
mod service_app;
