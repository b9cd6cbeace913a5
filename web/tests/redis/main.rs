//! The vault in Redis, with a real one: Debian's `redis-server`, which each test starts for itself;
//! and an app of two processes over it.
//!
//! Where there is none, each test counts as ignored. With `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::panic)]

#[macro_use]
#[path = "../../../auth/tests/harness/mod.rs"]
mod harness;

#[path = "../../../auth/tests/redis/server.rs"]
#[allow(dead_code)]
mod server;

#[path = "../support/app.rs"]
mod app;

#[path = "../support/client.rs"]
mod client;

#[path = "../support/vaults.rs"]
mod vaults;

mod process;
mod processes;
mod vault;

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args()
        .nth(1)
        .is_some_and(|argument| argument == process::ARGUMENT)
    {
        process::run();
        return ExitCode::SUCCESS;
    }
    let modules = [processes::tests(), vault::tests(), vault::of_every_vault()];
    harness::run(server::prepare, modules)
}
