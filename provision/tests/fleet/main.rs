//! Runs, leases and journals in a real PostgreSQL. Where there is none, the tests show as ignored.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../../auth/tests/harness/mod.rs"]
#[macro_use]
mod harness;
mod leases;
mod runs;
mod server;

fn main() -> std::process::ExitCode {
    harness::run(server::prepare, [leases::tests(), runs::tests()])
}
