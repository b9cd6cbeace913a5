//! The shop in headless Chromium: on phones and desks, by day and by night, by keyboard, without
//! scripts.
//!
//! It needs Chromium with its driver (Debian's `chromium` and `chromium-driver`) and npm, which installs
//! what checks pages for accessibility. Where these are missing, each test counts as ignored. With
//! `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[macro_use]
#[path = "../../../auth/tests/harness/mod.rs"]
mod harness;

#[path = "../../../auth/tests/harness/installing.rs"]
mod installing;

#[allow(dead_code)] // pages of the emulator need more
#[path = "../../../emulator/tests/browser/chromium.rs"]
mod chromium;

#[path = "../../../emulator/tests/browser/inspection.rs"]
mod inspection;

#[path = "../../../emulator/tests/browser/installation.rs"]
mod installation;

#[path = "../support/mod.rs"]
mod support;

mod shop;

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::run(installation::prepare, [shop::tests()])
}
