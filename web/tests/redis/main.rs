//! The vault in Redis, with a real one: Debian's `redis-server`, which each test starts for itself.
//!
//! Where there is none, each test counts as ignored. With `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::panic)]

#[macro_use]
#[path = "../../../auth/tests/harness/mod.rs"]
mod harness;

#[path = "../../../auth/tests/redis/server.rs"]
#[allow(dead_code)]
mod server;

mod vault;

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::run(server::prepare, [vault::tests()])
}
