//! A fleet over a real PostgreSQL and a real Redis, with emulated orgs in this process and workers in
//! others. Where a server is missing, the tests show as ignored.
//!
//! `FULL_FLEET=1` is 50 orgs with 2,000 people each and 4 workers instead of 6, 60 and 2.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../../../auth/tests/harness/mod.rs"]
#[macro_use]
mod harness;
#[path = "../../../../provision/tests/fleet/server.rs"]
#[allow(dead_code)]
mod postgres;
#[path = "../../../../auth/tests/redis/server.rs"]
#[allow(dead_code)]
mod redis_server;

mod check;
mod fleet;
mod one_org;
mod program;
mod survives;
mod telemetry;

fn prepare() -> Result<(), String> {
    postgres::prepare()?;
    redis_server::prepare()
}

fn main() -> std::process::ExitCode {
    let modules = [
        program::tests(),
        one_org::tests(),
        survives::tests(),
        telemetry::tests(),
    ];
    harness::run(prepare, modules)
}
