//! Credentials that get their own tokens, over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod delegated_token;
mod kept_tokens;
mod okta_server;
mod service_app;
