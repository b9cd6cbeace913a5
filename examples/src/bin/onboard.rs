//! Takes a new colleague in: the user, the groups, and the message that activates the account. A
//! second run changes nothing.
//!
//! ```text
//! cargo run -p okta-examples --bin onboard -- mary@example.com Mary Jackson --group Engineering
//! ```

use okta_examples::{Output, Settings, run};
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use okta_sdk::models::{CreateUserRequest, User, UserProfile, UserStatus};
use okta_sdk::paths::GroupUser;
use okta_sdk::shortcuts::Ensured;
use okta_sdk::{Client, Error};

/// How long Okta may take until what was done is seen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Creates a user, puts them into groups and sends them the activation message.
#[derive(Debug, Parser)]
struct Arguments {
    /// Login and email address.
    #[arg(default_value = "mary@example.com")]
    login: String,
    /// First name.
    #[arg(default_value = "Mary")]
    first_name: String,
    /// Last name.
    #[arg(default_value = "Jackson")]
    last_name: String,
    /// Groups, created where they are missing.
    #[arg(long = "group", value_name = "NAME", default_value = "Engineering")]
    groups: Vec<String>,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let login = &arguments.login;
    let org = okta_examples::connect().await?;
    let okta = &org.client;

    let user = user(okta, &arguments).await?;
    match &user {
        Ensured::Created(_) => writeln!(Output, "{login} is created")?,
        Ensured::Found(_) => writeln!(Output, "{login} was there before")?,
    }
    let user = user.into_inner();
    for name in &arguments.groups {
        join(okta, &user, name).await?;
        writeln!(Output, "{login} is in {name}")?;
    }
    if user.status == Some(UserStatus::Staged) {
        okta.users().activate(&user.id).send_email(true).await?;
        okta.users()
            .wait_for_status(&user.id, UserStatus::Provisioned, PATIENCE)
            .await?;
        writeln!(Output, "{login} has got the activation message")?;
    }
    Ok(())
}

/// The user with that login, created where there is none: not active yet, so that nobody logs in
/// before the groups are right.
async fn user(okta: &Client, arguments: &Arguments) -> Result<Ensured<User>, Error> {
    let users = okta.users();
    if let Some(user) = users.find_by_login(&arguments.login).await? {
        return Ok(Ensured::Found(user));
    }
    let profile = UserProfile::new()
        .login(&arguments.login)
        .email(&arguments.login)
        .first_name(&arguments.first_name)
        .last_name(&arguments.last_name);
    let user = users.create(CreateUserRequest::new(profile));
    Ok(Ensured::Created(user.activate(false).await?))
}

async fn join(okta: &Client, user: &User, name: &str) -> Result<(), Error> {
    let group = okta.groups().find_or_create(name).await?;
    let path = GroupUser {
        group_id: &group.get().id,
        user_id: &user.id,
    };
    okta.groups().assign_user(path).await?;
    okta.users().wait_for_group(path, PATIENCE).await
}
