//! The app in headless Chromium, before an emulated org.
//!
//! It needs Chromium with its driver (Debian's `chromium` and `chromium-driver`). Where they are
//! missing, each test counts as ignored. With `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[macro_use]
#[path = "../../../auth/tests/harness/mod.rs"]
mod harness;

#[path = "../../../auth/tests/harness/installing.rs"]
mod installing;

#[allow(dead_code)] // pages of the emulator need more
#[path = "../../../emulator/tests/browser/chromium.rs"]
mod chromium;

#[allow(dead_code)]
#[path = "../../../emulator/tests/browser/installation.rs"]
mod installation;

mod ends;
mod logins;
mod site;

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::run(installation::prepare, [logins::tests(), ends::tests()])
}
