//! Certificates of connections: a company's authority, and clients that prove by theirs who they
//! are (RFC 8705).
#![cfg(feature = "rustls")]
#![allow(clippy::unwrap_used)]

mod aliases;
mod clients;
#[cfg(feature = "pkcs12")]
mod pkcs12;
mod roots;
mod server;
