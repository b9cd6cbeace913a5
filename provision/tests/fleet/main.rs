//! Runs, leases and journals in a real PostgreSQL. Where there is none, the tests show as ignored.
#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(unix)]
#[path = "../../../auth/tests/harness/mod.rs"]
#[macro_use]
mod harness;
#[cfg(unix)]
mod leases;
#[cfg(unix)]
mod open;
#[cfg(unix)]
mod runs;
#[cfg(unix)]
mod server;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    harness::run(server::prepare, [leases::tests(), runs::tests()])
}

/// The server is started at a Unix socket.
#[cfg(not(unix))]
fn main() {}
