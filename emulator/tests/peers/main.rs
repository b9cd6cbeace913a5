//! Programs that others wrote, against the emulator: Okta's own clients and others, unchanged. What they cannot
//! do here, and could do at Okta, the emulator gets wrong.
//!
//! They need Python 3.10 with `venv`, Node 20 and npm; the packages are installed by the tests. Where
//! these are missing, each test counts as ignored. With `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[macro_use]
#[path = "../../../auth/tests/harness/mod.rs"]
mod harness;

#[path = "../../../auth/tests/harness/installing.rs"]
mod installing;

mod installation;
mod node;
mod python;
mod rust;
mod script;
mod shell;

use std::process::ExitCode;

fn main() -> ExitCode {
    let modules = [
        script::tests(),
        python::tests(),
        node::tests(),
        rust::tests(),
        shell::tests(),
    ];
    harness::run(installation::prepare, modules)
}
