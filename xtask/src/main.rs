//! Maintenance commands: `cargo xtask …`.

mod bench;
mod ci;
mod codegen;
mod driver;
mod openapi;
mod output;
mod public_types;
mod release;
mod spec;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Maintenance commands of the Okta SDK for Rust.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure what the SDK costs, compiled and run
    #[command(subcommand)]
    Bench(bench::Command),
    /// Call every operation of a server through the typed API, and say how each call went
    #[command(disable_help_flag = true)]
    CallAll(driver::Arguments),
    /// Run steps of `.ci/run`: all that has to hold before a change is merged
    Ci(ci::Arguments),
    /// Generate the clients from `openapi/`
    Codegen(codegen::Arguments),
    /// Hold the emulator's answers against Okta's document, and compare what is wrong with what is known
    #[command(disable_help_flag = true)]
    Conform(driver::Arguments),
    /// Decode recorded exchanges, encode them again, and say what is not as it was
    #[command(disable_help_flag = true)]
    Corpus(driver::Arguments),
    /// Print the types of other crates in the public API
    PublicTypes(public_types::Arguments),
    /// Kill a provisioning job again and again, and compare what it leaves with what was wanted
    #[command(disable_help_flag = true)]
    Soak(driver::Arguments),
    /// Import Okta's OpenAPI document, or compare another release with ours
    #[command(subcommand)]
    Spec(spec::Command),
    /// Generate, compile and test another release of Okta's OpenAPI document in a copy
    TryRelease(release::Arguments),
    /// Find words that the documentation avoids
    Words(words::Arguments),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Bench(command) => command.run(&workspace()),
        Command::CallAll(arguments) => arguments.run(&workspace(), "call-all"),
        Command::Ci(arguments) => arguments.run(&workspace()),
        Command::Codegen(arguments) => arguments.run(&workspace()),
        Command::Conform(arguments) => arguments.run(&workspace(), "conform"),
        Command::Corpus(arguments) => arguments.run(&workspace(), "corpus"),
        Command::PublicTypes(arguments) => arguments.run(&workspace()),
        Command::Soak(arguments) => arguments.run_package(&workspace(), "xtask-soak"),
        Command::Spec(command) => command.run(&workspace()),
        Command::TryRelease(arguments) => arguments.run(&workspace()),
        Command::Words(arguments) => arguments.run(&workspace()),
    }
}

/// The root of the workspace, wherever the command is started.
fn workspace() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}
