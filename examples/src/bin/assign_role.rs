//! Makes a user an administrator of some kind, unless they are one.
//!
//! ```text
//! cargo run -p okta-examples --bin assign_role -- grace@example.com HELP_DESK_ADMIN
//! ```

use clap::Parser;
use okta_examples::{Output, Settings, run};
use okta_sdk::models::{AssignRole, RoleType};
use std::io::Write as _;
use std::process::ExitCode;

/// Assigns a standard administrator role to a user.
#[derive(Debug, Parser)]
struct Arguments {
    /// Login or id of the user.
    #[arg(default_value = "grace@example.com")]
    user: String,
    /// Type of the role.
    #[arg(default_value = "HELP_DESK_ADMIN", value_parser = role)]
    role: RoleType,
}

/// Okta adds roles, so that one we do not know is no error of a program; of a person it is.
fn role(text: &str) -> Result<RoleType, String> {
    match RoleType::from(text) {
        RoleType::Unrecognized(_) => Err(format!("write one of {}", RoleType::VALUES.join(", "))),
        known => Ok(known),
    }
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(Arguments { user, role }: Arguments) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;
    let (users, roles) = (org.client.users(), org.client.roles());

    // Roles are assigned by id; a login will do to find it.
    let id = users.get(&user).await?.id;
    let assignment = AssignRole::standard(&role);
    match roles.assign_to_user(&id, assignment).await {
        Ok(_) => writeln!(Output, "{user} is {role} from now on")?,
        Err(error) if error.is_conflict() => writeln!(Output, "{user} was {role} before")?,
        Err(error) => return Err(error.into()),
    }

    for role in roles.list_assigned_for_user(&id).all().await? {
        writeln!(
            Output,
            "{:22}  {}",
            role.id(),
            role.label().unwrap_or_default()
        )?;
    }
    Ok(())
}
