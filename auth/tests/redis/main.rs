//! What processes share over Redis, with a real one: Debian's `redis-server`, which each test
//! starts for itself.
//!
//! Where there is none, each test counts as ignored. With `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::panic)]

#[macro_use]
#[path = "../harness/mod.rs"]
mod harness;

#[path = "../verifier/made.rs"]
#[allow(dead_code)]
mod made;
#[path = "../emulator/org.rs"]
#[allow(dead_code)]
mod org;
#[path = "../verifier/proofs.rs"]
#[allow(dead_code)]
mod proofs;
#[path = "../emulator/watched.rs"]
mod watched;

mod connecting;
mod rate_budget;
mod replay;
mod server;
mod shared_tokens;

use std::process::ExitCode;

fn main() -> ExitCode {
    if rate_budget::work_if_told() {
        return ExitCode::SUCCESS;
    }
    let modules = [
        connecting::tests(),
        rate_budget::tests(),
        replay::tests(),
        shared_tokens::tests(),
    ];
    harness::run(server::prepare, modules)
}
