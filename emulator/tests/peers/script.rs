//! Running a script against an org of its own, and judging the lines that it prints.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use okta_emulator::{Builder, Emulator, RateLimits, Seed, Tls};
use tokio::process::Command;

use crate::installation;

/// How long a script may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// The org that most scripts start with.
pub fn org() -> Builder {
    Emulator::builder()
}

/// An org with so many more users.
pub fn org_of(users: u32) -> Builder {
    org().seed(Seed::default().with_generated_users(users))
}

/// An org that takes so few requests that clients have to wait, though not for long.
pub fn busy_org() -> Builder {
    org().rate_limits(RateLimits::new(8, 2))
}

/// Runs a script in Python against an org.
pub async fn python(script: &str, org: Builder) {
    run(in_python(&installation::python(), script), org).await;
}

/// The same against an org that speaks `https`.
pub async fn python_over_tls(script: &str, org: Builder) {
    over_tls(in_python(&installation::python(), script), script, org).await;
}

/// The same in the Python that has Okta's MCP server.
pub async fn mcp_over_tls(script: &str, org: Builder) {
    let python = installation::python_of_mcp_server();
    over_tls(in_python(&python, script), script, org).await;
}

fn in_python(python: &Path, script: &str) -> Command {
    let mut command = Command::new(python);
    command.arg(installation::scripts().join("python").join(script));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

async fn over_tls(mut command: Command, script: &str, org: Builder) {
    let tls = Tls::generated().unwrap();
    let authority = installation::packages().join(format!("{script}.{}.pem", std::process::id()));
    std::fs::write(&authority, tls.authority().unwrap()).unwrap();
    command
        .env("SSL_CERT_FILE", &authority)
        .env("REQUESTS_CA_BUNDLE", &authority);
    run(command, org.tls(tls)).await;
    std::fs::remove_file(authority).unwrap();
}

/// Runs a script in JavaScript against an org.
pub async fn node(script: &str, org: Builder) {
    let mut command = Command::new("node");
    command.arg(installation::node_script(script));
    run(command, org).await;
}

/// Runs a script of the shell against an org.
pub async fn shell(script: &str, org: Builder) {
    let mut command = Command::new("bash");
    command.arg(installation::scripts().join("shell").join(script));
    run(command, org).await;
}

/// Runs a part of the program of crates against an org.
pub async fn rust(part: &str, org: Builder) {
    let mut command = Command::new(installation::rust());
    command.arg(part);
    run(command, org).await;
}

async fn run(mut command: Command, org: Builder) {
    let okta = org.start().await.unwrap();
    let logged_in = okta.oauth().log_in_automatically(Some("grace@example.com"));
    logged_in.unwrap();
    introduce(&okta, &mut command);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let ended = command.kill_on_drop(true).output();
    let output = tokio::time::timeout(PATIENCE, ended).await;
    let output = output.expect("the script does not end").unwrap();
    let lines = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    if let Err(why) = judge(&lines) {
        panic!("{why}\n{lines}\n{errors}");
    }
    assert!(output.status.success(), "{lines}\n{errors}");
}

/// Tells the script of the org by the variables that Okta's clients read, and some of ours.
fn introduce(okta: &Emulator, command: &mut Command) {
    let (web, native) = (okta.web_app(), okta.native_app());
    let (trusted, service) = (okta.trusted_app(), okta.service_app());
    let secret = trusted.client_secret.as_deref().unwrap();
    command
        .env("OKTA_CLIENT_ORGURL", okta.org_url())
        .env("OKTA_CLIENT_TOKEN", okta.token())
        .env("OKTA_TESTING_TESTINGDISABLEHTTPSCHECK", "true")
        .env("OKTA_TESTING_DISABLEHTTPSCHECK", "true")
        .env("ISSUER", okta.issuer())
        .env("PASSWORD", okta.password())
        .env("WEB_CLIENT_ID", &web.client_id)
        .env("WEB_CLIENT_SECRET", web.client_secret.as_deref().unwrap())
        .env("NATIVE_CLIENT_ID", &native.client_id)
        .env("TRUSTED_CLIENT_ID", &trusted.client_id)
        .env("TRUSTED_CLIENT_SECRET", secret)
        .env("SERVICE_CLIENT_ID", &service.client_id)
        .env("SERVICE_KEY", service.private_key_pem.as_deref().unwrap())
        .env("SERVICE_KEY_ID", service.key_id.as_deref().unwrap());
}

/// Whether a script came to its end, did something, and failed in nothing.
fn judge(lines: &str) -> Result<(), String> {
    let failed = lines
        .lines()
        .filter(|line| line.starts_with("FAIL "))
        .count();
    if failed > 0 {
        return Err(format!("{failed} steps failed"));
    }
    if !lines.lines().any(|line| line.starts_with("ok ")) {
        return Err("no step is done".to_owned());
    }
    match lines.lines().last() {
        Some("end") => Ok(()),
        _ => Err("the script broke off".to_owned()),
    }
}

tests! {
    a_script_passes_if_it_comes_to_its_end_and_nothing_failed,
}

async fn a_script_passes_if_it_comes_to_its_end_and_nothing_failed() {
    let table = [
        ("ok one\nexpected two: reason\nend", Ok(())),
        ("ok one\nFAIL two: why\nend", Err("1 steps failed")),
        ("ok one\n", Err("the script broke off")),
        ("expected one: reason\nend", Err("no step is done")),
        ("", Err("no step is done")),
    ];
    for (lines, outcome) in table {
        assert_eq!(judge(lines), outcome.map_err(str::to_owned), "{lines}");
    }
}
