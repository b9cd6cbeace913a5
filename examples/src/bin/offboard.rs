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
use okta_sdk::models::{GroupType, RoleAssignmentType, UserStatus};
use okta_sdk::paths::{GroupUser, UserRoleAssignment};
use okta_sdk::{Client, Error, Id};
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
    let okta = &org.client;
    let users = okta.users();

    let user = users.find_by_login(login).await?;
    let user = user.with_context(|| format!("there is no user {login}"))?;
    let was_away = user.status == Some(UserStatus::Deprovisioned);
    if !was_away {
        let id = &user.id;
        // First of all nobody logs in again.
        if user.status == Some(UserStatus::Active) {
            users.suspend(id).await?;
            writeln!(Output, "suspended")?;
        }
        users.reset_factors(id).await?;
        writeln!(Output, "factors removed")?;
        for role in take_roles(okta, id).await? {
            writeln!(Output, "role taken: {role}")?;
        }
        for group in leave_groups(okta, id).await? {
            writeln!(Output, "group left: {group}")?;
        }
    }

    let now = DateTime::<Utc>::from(SystemTime::now()).timestamp();
    let done = okta_provision::offboard(okta, login, &arguments.how(), now).await?;
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

/// Takes the roles that the user has in person; those of groups go with the groups.
async fn take_roles(okta: &Client, user_id: &Id) -> Result<Vec<String>, Error> {
    let mut taken = Vec::new();
    let roles = okta.roles().list_assigned_for_user(user_id).all().await?;
    let own = roles
        .iter()
        .filter(|role| role.assignment_type() == Some(&RoleAssignmentType::User));
    for role in own {
        let path = UserRoleAssignment {
            user_id,
            role_assignment_id: role.id(),
        };
        okta.roles().unassign_from_user(path).await?;
        taken.push(role.label().unwrap_or_default().to_owned());
    }
    Ok(taken)
}

/// Leaves the groups of the org's own. Those that a directory or an application fills are theirs,
/// and Everyone has everyone.
async fn leave_groups(okta: &Client, user_id: &Id) -> Result<Vec<String>, Error> {
    let mut left = Vec::new();
    let groups = okta.users().list_groups(user_id).all().await?;
    let own = groups
        .into_iter()
        .filter(|group| group.type_ == Some(GroupType::OktaGroup));
    for group in own {
        let group_id = &group.id;
        okta.groups()
            .unassign_user(GroupUser { group_id, user_id })
            .await?;
        left.extend(group.profile.and_then(|profile| profile.name));
    }
    Ok(left)
}
