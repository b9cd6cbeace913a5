//! Programs and what they used.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use wait4::Wait4 as _;

/// What a program used, those it started and waited for included.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// User and system time. Unlike wall time it says little about what else the machine does.
    pub cpu: Duration,
    /// From start to end.
    pub wall: Duration,
    /// Resident memory at its highest, in bytes; of several processes, of the largest one.
    pub peak: u64,
}

/// What a program wrote to its standard output, and what it used.
#[derive(Debug)]
pub struct Finished {
    /// Standard output.
    pub output: String,
    /// What it used.
    pub usage: Usage,
}

/// Runs a program to its end.
///
/// # Errors
/// It cannot be started, does not write UTF-8, or fails.
pub fn run(command: &mut Command) -> anyhow::Result<Finished> {
    let name = format!("{command:?}");
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let mut output = String::new();
    let read = child
        .stdout
        .take()
        .map_or(Ok(0), |mut stdout| stdout.read_to_string(&mut output));
    let used = child
        .wait4()
        .with_context(|| format!("cannot wait for {name}"))?;
    let wall = started.elapsed();
    ensure!(used.status.success(), "{name} failed: {}", used.status);
    read.with_context(|| format!("cannot read what {name} writes"))?;
    let usage = Usage {
        cpu: used.rusage.utime + used.rusage.stime,
        wall,
        peak: used.rusage.maxrss,
    };
    Ok(Finished { output, usage })
}

/// `cargo` with the settings of this command, not those of the `cargo` that started it.
pub fn cargo(root: &Path, target: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(root)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", target)
        .env_remove("CARGO_BUILD_TARGET");
    cargo
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn output_and_usage_of_a_program() {
        let finished = run(Command::new(env!("CARGO")).arg("--version")).unwrap();
        assert!(finished.output.starts_with("cargo "), "{}", finished.output);
        assert!(finished.usage.peak > 0);
        assert!(finished.usage.wall > Duration::ZERO);
    }

    #[test]
    fn a_failing_program_is_named() {
        let error = run(Command::new(env!("CARGO"))
            .arg("--no-such-option")
            .stderr(Stdio::null()))
        .unwrap_err();
        assert!(error.to_string().contains("--no-such-option"), "{error}");
    }
}
