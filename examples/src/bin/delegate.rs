//! Lets a group administer a part of the org: a custom role, the resources that it is about, and
//! the binding of both to the group. A second run changes nothing.
//!
//! ```text
//! cargo run -p okta-examples --bin delegate -- "Password desk" Support \
//!     --permission okta.users.read --permission okta.users.credentials.resetPassword
//! ```

use anyhow::Context;
use clap::Parser;
use okta_examples::{Output, Settings, run};
use okta_sdk::models::{
    CreateIamRoleRequest, CreateIamRoleRequestParts, CreateResourceSetRequest,
    CreateResourceSetRequestParts,
};
use okta_sdk::shortcuts::Delegation;
use std::io::Write as _;
use std::process::ExitCode;

/// Gives the members of a group a custom administrator role.
#[derive(Debug, Parser)]
struct Arguments {
    /// Label of the role.
    #[arg(default_value = "User reader")]
    role: String,
    /// Name of the group that gets it.
    #[arg(default_value = "Support")]
    group: String,
    /// What the role permits.
    #[arg(
        long = "permission",
        value_name = "NAME",
        default_value = "okta.users.read"
    )]
    permissions: Vec<String>,
    /// What it is about: paths of the API below the org's URL.
    #[arg(
        long = "resource",
        value_name = "PATH",
        default_value = "/api/v1/users"
    )]
    resources: Vec<String>,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(
    Arguments {
        role,
        group,
        permissions,
        resources,
    }: Arguments,
) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;
    let okta = &org.client;

    let found = okta.groups().find_by_name(&group).await?;
    let found = found.with_context(|| format!("there is no group {group}"))?;
    let url = okta.org_url().as_str();
    let resources = resources.iter().map(|path| format!("{url}{path}"));
    let made = okta
        .delegate(Delegation {
            role: CreateIamRoleRequest::new(CreateIamRoleRequestParts {
                label: role.clone(),
                description: format!("{role}, for {group}"),
                permissions,
            }),
            resource_set: CreateResourceSetRequest::new(CreateResourceSetRequestParts {
                label: format!("Resources of {role}"),
                description: format!("What {role} is about"),
                resources: resources.collect(),
            }),
            users: vec![],
            groups: vec![found.id],
        })
        .await?;

    let how = |created| match created {
        true => "created",
        false => "found",
    };
    writeln!(Output, "role: {}", how(made.role.is_created()))?;
    writeln!(
        Output,
        "resource set: {}",
        how(made.resource_set.is_created())
    )?;
    writeln!(Output, "binding: {}", how(made.binding_created))?;
    writeln!(Output, "the members of {group} are {role} from now on")?;
    Ok(())
}
