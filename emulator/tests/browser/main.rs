//! The pages in a browser: headless Chromium, driven by WebDriver.
//!
//! The tests need Chromium with its driver (Debian's `chromium` and `chromium-driver`) and npm, which
//! installs what checks the pages for accessibility. Where these are missing, each test counts as
//! ignored. With `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[macro_use]
#[path = "../../../auth/tests/harness/mod.rs"]
mod harness;

#[path = "../../../auth/tests/harness/installing.rs"]
mod installing;

mod appearance;
mod application;
mod chromium;
mod inspection;
mod installation;
mod org;
mod sign_in;

use std::process::ExitCode;

fn main() -> ExitCode {
    let modules = [sign_in::tests(), org::tests(), appearance::tests()];
    harness::run(installation::prepare, modules)
}
