//! The vaults that need nothing but this process: in memory, and in a file of SQLite.
#![allow(clippy::unwrap_used, clippy::panic)]

#[macro_use]
#[path = "../../../auth/tests/harness/mod.rs"]
mod harness;

#[path = "../support/app.rs"]
mod app;

#[path = "../support/client.rs"]
mod client;

#[path = "../support/vaults.rs"]
mod vaults;

mod clock;
mod memory;
mod sqlite;

use std::process::ExitCode;

fn main() -> ExitCode {
    let modules = [
        vaults::tests::<memory::Memory>(),
        vaults::tests::<sqlite::File>(),
        sqlite::tests(),
    ];
    harness::run(|| Ok(()), modules)
}
