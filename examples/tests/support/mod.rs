//! Running the programs as people do, away from the settings of the machine.
// Each test program uses a part of this.
#![allow(dead_code)]

pub mod browser;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use okta_emulator::{Emulator, SampleClient};
use tempfile::TempDir;

/// What a program printed, and whether it succeeded.
#[derive(Debug)]
pub struct Ran {
    pub succeeded: bool,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a program against `org`, or, without one, as someone who has configured nothing.
pub async fn run(program: &str, arguments: &[&str], org: Option<&Emulator>) -> Ran {
    // Neither the home directory nor the current one has an okta.yaml.
    let home = tempfile::tempdir().unwrap();
    let mut command = command(program, arguments, home.path());
    if let Some(org) = org {
        command
            .env("OKTA_CLIENT_ORGURL", org.org_url())
            .env("OKTA_CLIENT_TOKEN", org.token());
    }
    // The emulator needs this process while the program runs.
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    Ran {
        succeeded: output.status.success(),
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs a program with these variables, in a home that has this `okta.yaml`.
pub fn run_with(
    program: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
    yaml: Option<&str>,
) -> Ran {
    let home = tempfile::tempdir().unwrap();
    if let Some(yaml) = yaml {
        std::fs::write(home.path().join("okta.yaml"), yaml).unwrap();
    }
    let mut command = command(program, arguments, home.path());
    let output = command.envs(variables.iter().copied()).output().unwrap();
    Ran {
        succeeded: output.status.success(),
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A program as someone starts it whose home is `home`.
pub fn command(program: &str, arguments: &[&str], home: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(home).env("HOME", home);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OKTA_") {
            command.env_remove(name);
        }
    }
    command
}

/// A program that is running; it is ended when this is dropped.
pub struct Running {
    child: Child,
    lines: Option<BufReader<ChildStdout>>,
    _home: TempDir,
}

impl Running {
    /// Starts a program that users of `org` log in to, as the app `client`.
    pub fn start(program: &str, arguments: &[&str], org: &Emulator, client: &SampleClient) -> Self {
        let secret = client.client_secret.as_deref().unwrap_or_default();
        let variables = [
            ("OKTA_ORG_URL", org.org_url()),
            ("OKTA_CLIENT_ID", &client.client_id),
            ("OKTA_CLIENT_SECRET", secret),
        ];
        Self::start_with(program, arguments, &variables)
    }

    /// Starts a program with these variables.
    pub fn start_with(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut child = command(program, arguments, home.path())
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = child.stdout.take().map(BufReader::new);
        Self {
            child,
            lines,
            _home: home,
        }
    }

    /// The next line of its output, without its end; empty once there is none.
    pub async fn line(&mut self) -> String {
        let mut lines = self.lines.take().unwrap();
        let (lines, line) = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            (lines, line)
        })
        .await
        .unwrap();
        self.lines = Some(lines);
        line.trim_end().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The name by which a program is given a file.
pub fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}
