//! Running the programs as people do, away from the settings of the machine.

use std::path::Path;
use std::process::Command;

use okta_emulator::Emulator;

/// What a program printed, and whether it succeeded.
#[derive(Debug)]
pub struct Ran {
    pub succeeded: bool,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a program against `org`, or, without one, as someone who has configured nothing.
pub async fn run(program: &str, arguments: &[&str], org: Option<&Emulator>) -> Ran {
    // Neither the home directory nor the current one has an okta.yaml.
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(home.path())
        .env("HOME", home.path());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OKTA_") {
            command.env_remove(name);
        }
    }
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
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The name by which a program is given a file.
pub fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}
