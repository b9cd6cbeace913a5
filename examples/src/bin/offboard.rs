//! Lets a colleague go: ends what they have open, takes what they were given, and deactivates the
//! account. Nothing is deleted unless that is asked for, and a second run changes nothing.
//!
//! ```text
//! cargo run -p okta-examples --bin offboard -- alan@example.com
//! ```

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Parser;
use okta_examples::{Output, Settings, run};
use okta_provision::Offboarding;
use okta_sdk::models::UserStatus;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

/// Ends a user's access to everything. Called again after a failure, it does what is left.
///
/// Exit status: 0 if the user has left, 1 if not.
#[derive(Debug, Parser)]
struct Arguments {
    /// Login of the user.
    #[arg(default_value = "alan@example.com")]
    login: String,
    /// Who becomes the manager of those whom the user manages, by login.
    #[arg(long, value_name = "LOGIN")]
    successor: Option<String>,
    /// Delete the account if it has been deactivated for so many days.
    #[arg(long, value_name = "DAYS")]
    delete_after: Option<u32>,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let login = &arguments.login;
    let org = okta_examples::connect().await?;
    let now = DateTime::<Utc>::from(SystemTime::now()).timestamp();
    let done = okta_provision::offboard(&org.client, login, &arguments.how(), now).await?;

    let before = done.status_before;
    let before = before.with_context(|| format!("there is no user {login}"))?;
    let was_away = before == UserStatus::Deprovisioned;
    if before == UserStatus::Active {
        writeln!(Output, "suspended")?;
    }
    for role in &done.roles {
        writeln!(Output, "role taken: {role}")?;
    }
    for group in &done.groups {
        writeln!(Output, "group left: {group}")?;
    }
    for app in &done.applications {
        writeln!(Output, "application taken: {app}")?;
    }
    for report in &done.reports {
        writeln!(Output, "has another manager: {report}")?;
    }
    match (done.is_deleted, was_away) {
        (true, _) => writeln!(Output, "{login} is deleted")?,
        (false, true) => writeln!(Output, "{login} was deactivated before")?,
        (false, false) => {
            writeln!(Output, "factors removed")?;
            writeln!(Output, "sessions, tokens and grants ended")?;
            writeln!(Output, "{login} is deactivated")?;
        }
    }
    Ok(())
}

impl Arguments {
    fn how(&self) -> Offboarding {
        let mut how = Offboarding::new();
        if let Some(login) = &self.successor {
            how = how.successor(login);
        }
        if let Some(days) = self.delete_after {
            how = how.delete_after(Duration::from_secs(u64::from(days) * 86_400));
        }
        how
    }
}
