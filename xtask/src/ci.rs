//! The steps of `.ci/run` by name.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Context;

/// Which steps to run.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print the names of the steps and run none
    #[arg(long, conflicts_with = "steps")]
    list: bool,
    /// Steps to run, in this order; all of them without one
    #[arg(value_name = "STEP")]
    steps: Vec<String>,
}

impl Arguments {
    /// Runs the steps. The exit code is that of the script.
    pub fn run(self, workspace: &Path) -> anyhow::Result<ExitCode> {
        let mut script = script(workspace);
        if self.list {
            script.arg("--list");
        }
        let status = script
            .args(&self.steps)
            .status()
            .context(".ci/run needs bash")?;
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
    }
}

/// `.ci/run`, also where a file cannot be executed by itself.
fn script(workspace: &Path) -> Command {
    let mut script = Command::new("bash");
    script.arg(".ci/run").current_dir(workspace);
    script
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::script;

    fn output(argument: &str) -> (Option<i32>, String) {
        let output = script(&crate::workspace()).arg(argument).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), text)
    }

    #[test]
    fn contributing_lists_every_step() {
        let contributing = fs::read_to_string(crate::workspace().join("CONTRIBUTING.md")).unwrap();
        let (code, steps) = output("--list");

        assert_eq!(code, Some(0));
        assert!(steps.lines().any(|step| step == "tests"), "{steps}");
        for step in steps.lines() {
            let row = format!("| `{step}` |");
            assert!(contributing.contains(&row), "no row {row}");
        }
    }

    #[test]
    fn a_step_that_does_not_exist_runs_nothing() {
        let script = script(&crate::workspace())
            .args(["format", "no-such-step"])
            .output()
            .unwrap();

        assert_eq!(script.status.code(), Some(2));
        assert!(script.stdout.is_empty());
        let message = String::from_utf8(script.stderr).unwrap();
        assert!(message.contains("no-such-step"), "{message}");
    }
}
