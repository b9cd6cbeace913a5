//! The vault in PostgreSQL, with a real one: Debian's, which each test starts for itself.
//!
//! Where there is none, each test counts as ignored. With `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(unix)]
#[macro_use]
#[path = "../../../auth/tests/harness/mod.rs"]
mod harness;

#[cfg(unix)]
#[path = "../../../provision/tests/fleet/server.rs"]
mod server;

#[cfg(unix)]
#[path = "../support/app.rs"]
mod app;

#[cfg(unix)]
#[path = "../support/client.rs"]
mod client;

#[cfg(unix)]
mod vault;

#[cfg(unix)]
#[path = "../support/vaults.rs"]
mod vaults;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    let modules = [vault::tests(), vaults::tests::<server::Server>()];
    harness::run(server::prepare, modules)
}

/// The server is started at a Unix socket.
#[cfg(not(unix))]
fn main() {}
