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
use okta_provision::{Error, Offboarded, Offboarding};
use okta_sdk::models::UserStatus;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

/// Ends a user's access to everything. What Okta refuses does not keep the account from being
/// deactivated, and is told at the end.
///
/// Exit status: 0 if the user has left, 1 if not, or if something was refused.
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
    match okta_provision::offboard(&org.client, login, &arguments.how(), now).await {
        Ok(done) => {
            done.status_before
                .as_ref()
                .with_context(|| format!("there is no user {login}"))?;
            tell(login, &done, true)
        }
        Err(Error::Offboarding { done, failures }) => {
            tell(login, &done, false)?;
            Err(Error::Offboarding { done, failures }.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Says what was done: everything, or what was not refused.
fn tell(login: &str, done: &Offboarded, is_all: bool) -> anyhow::Result<()> {
    let was_away = done.status_before == Some(UserStatus::Deprovisioned);
    if done.status_before == Some(UserStatus::Active) {
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
    if is_all && !was_away {
        writeln!(Output, "factors removed")?;
        writeln!(Output, "sessions, tokens and grants ended")?;
    }
    if done.is_deleted {
        writeln!(Output, "{login} is deleted")?;
    } else if done.is_deactivated {
        writeln!(Output, "{login} is deactivated")?;
    } else if was_away {
        writeln!(Output, "{login} was deactivated before")?;
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
