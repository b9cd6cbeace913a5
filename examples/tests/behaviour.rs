//! What every program does: help, errors, closed pipes, settings that mean nothing, Ctrl-C.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use okta_emulator::{Emulator, Fault, FaultRule, Seed};
use support::{command, run_with};

const LIST_USERS: &str = env!("CARGO_BIN_EXE_list_users");
const EXPORT_USERS: &str = env!("CARGO_BIN_EXE_export_users");
const SERVICE_APP: &str = env!("CARGO_BIN_EXE_service_app");
const PROVISION: &str = env!("CARGO_BIN_EXE_provision");
const DEVICE_LOGIN: &str = env!("CARGO_BIN_EXE_device_login");
const VERIFY_TOKEN: &str = env!("CARGO_BIN_EXE_verify_token");

/// Names of all programs of the folder.
fn programs() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    let files = fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().path().file_stem().unwrap().to_owned());
    names.map(|name| name.into_string().unwrap()).collect()
}

#[test]
fn the_help_of_each_program_has_its_settings_and_does_not_run_it() {
    let programs = programs();
    assert!(programs.contains("provision") && programs.contains("token_lifecycle"));
    for name in programs {
        let program = Path::new(LIST_USERS).with_file_name(&name);
        let ran = run_with(program.to_str().unwrap(), &["--help"], &[], None);
        assert!(ran.succeeded, "{name}: {ran:?}");
        assert!(ran.stdout.contains("Usage: "), "{name}: {ran:?}");
        let settings = match &*name {
            "token_lifecycle" | "device_login" | "web_login" => {
                &["OKTA_ORG_URL", "OKTA_CLIENT_ID", "OKTA_REDIRECT_URI"][..]
            }
            "verify_token" | "web_api" => &["OKTA_ISSUER"],
            _ => &["OKTA_CLIENT_ORGURL", "OKTA_CLIENT_TOKEN", "okta.yaml"],
        };
        for setting in settings.iter().chain(&["emulated"]) {
            assert!(ran.stdout.contains(setting), "{name}: {}", ran.stdout);
        }
        // A program that runs says at which org.
        assert_eq!(ran.stderr, "", "{name}");
    }
}

#[test]
fn an_error_has_a_line_for_each_cause_and_no_backtrace() {
    let backtrace = [("RUST_BACKTRACE", "1")];
    let ran = run_with(PROVISION, &["--people", "nowhere.csv"], &backtrace, None);
    assert!(!ran.succeeded);
    let lines: Vec<_> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.stderr);
    assert_eq!(lines[0], "Error: cannot read the people in nowhere.csv");
    assert!(lines[1].starts_with("  caused by: "), "{}", ran.stderr);
}

/// A program at work on `org`, whose output can be read.
fn start(program: &str, arguments: &[&str], home: &Path, org: &Emulator) -> Child {
    command(program, arguments, home)
        .env("OKTA_CLIENT_ORGURL", org.org_url())
        .env("OKTA_CLIENT_TOKEN", org.token())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_ends_a_program_quietly() {
    let seed = Seed::empty().with_generated_users(450);
    let org = Emulator::builder().seed(seed).start().await.unwrap();
    for program in [LIST_USERS, EXPORT_USERS] {
        let home = tempfile::tempdir().unwrap();
        let mut child = start(program, &[], home.path(), &org);
        // Closed before anything is written: the first line finds nobody.
        drop(child.stdout.take());
        let output = tokio::task::spawn_blocking(move || child.wait_with_output());
        let output = output.await.unwrap().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.starts_with("Org: "), "{stderr}");
    }
}

#[test]
fn settings_that_mean_nothing_are_refused_with_what_to_write() {
    let yaml = |text| Some(text);
    for (program, variables, file, said) in [
        (
            LIST_USERS,
            &[("OKTA_CLIENT_ORGULR", "x")][..],
            None,
            "did you mean OKTA_CLIENT_ORGURL?",
        ),
        (
            LIST_USERS,
            &[("OKTA_ORGURL", "x")],
            None,
            "did you mean OKTA_CLIENT_ORGURL?",
        ),
        (
            LIST_USERS,
            &[],
            yaml("okta: {client: {orgUlr: x}}"),
            "did you mean okta.client.orgUrl?",
        ),
        (
            LIST_USERS,
            &[],
            yaml("okta: {clinet: {orgUrl: x}}"),
            "did you mean okta.client.orgUrl?",
        ),
        (LIST_USERS, &[("OKTA_CLIENT_TOKEN", "00abc")], None, "org"),
        (
            LIST_USERS,
            &[("OKTA_ORG_URL", "https://a.okta.com")],
            None,
            "set OKTA_CLIENT_ORGURL",
        ),
        (
            SERVICE_APP,
            &[("OKTA_CLIENT_CLIENTID", "0oa1")],
            None,
            "org",
        ),
        (
            DEVICE_LOGIN,
            &[("OKTA_CLIENT_ID", "0oa1")],
            None,
            "OKTA_ORG_URL is not",
        ),
        (
            DEVICE_LOGIN,
            &[("OKTA_ORGURL", "x")],
            None,
            "did you mean OKTA_ORG_URL?",
        ),
        (
            VERIFY_TOKEN,
            &[("OKTA_ISSUER", "https://a.okta.com")],
            None,
            "--token-file",
        ),
    ] {
        let ran = run_with(program, &[], variables, file);
        assert!(!ran.succeeded, "{variables:?} {file:?}: {ran:?}");
        assert!(ran.stderr.starts_with("Error: "), "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
        assert!(!ran.stderr.contains("emulated"), "{ran:?}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_finishes_what_is_under_way_and_prints_the_report() {
    let org = Emulator::builder()
        .seed(Seed::empty())
        .lax_profiles()
        .start()
        .await
        .unwrap();
    // Slow enough that no machine is done before the signal.
    let slow = Fault::Latency(Duration::from_millis(50));
    org.faults()
        .inject(FaultRule::new(slow).on_method("PUT").always());
    let home = tempfile::tempdir().unwrap();
    let mut child = start(PROVISION, &["--concurrency", "1"], home.path(), &org);
    let ended = tokio::task::spawn_blocking(move || {
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        // The first is the org, the second says that a tenth is done.
        let second = lines.nth(1).unwrap().unwrap();
        let id = child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &id])
                .status()
                .unwrap()
                .success()
        );
        let rest: Vec<_> = lines.map(Result::unwrap).collect();
        let mut report = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut report)
            .unwrap();
        (second, rest, report, child.wait().unwrap().code())
    });
    let (second, rest, report, code) = ended.await.unwrap();
    assert!(second.split(' ').next().unwrap().contains('/'), "{second}");
    assert!(
        rest.iter().any(|line| line.contains("Finishing")),
        "{rest:?}"
    );
    assert!(report.contains("created  updated"), "{report}");
    assert!(
        report.contains(" not begun; another run does them\n"),
        "{report}"
    );
    assert_eq!(code, Some(1));
}
