//! Gives a group a password policy: how long a password has to be, and a rule that lets its members
//! change their own. A second run changes nothing.
//!
//! ```text
//! cargo run -p okta-examples --bin password_policy -- Engineering --min-length 16
//! ```

use clap::Parser;
use okta_examples::{Output, Settings, run};
use okta_sdk::models::{
    PasswordPolicy, PasswordPolicyConditions, PasswordPolicyPasswordSettings,
    PasswordPolicyPasswordSettingsAge, PasswordPolicyPasswordSettingsComplexity,
    PasswordPolicyRule, PasswordPolicyRuleAction, PasswordPolicyRuleActions,
    PasswordPolicySettings, PolicyAccess, PolicyConditionsPeople, PolicyConditionsPeopleGroups,
    PolicyType,
};
use okta_sdk::{Client, Error, Id};
use std::io::Write as _;
use std::process::ExitCode;

/// Creates a password policy for a group, unless there is one.
#[derive(Debug, Parser)]
struct Arguments {
    /// Name of the group, created where it is missing.
    #[arg(default_value = "Engineering")]
    group: String,
    /// The least number of characters of a password.
    #[arg(long, value_name = "COUNT", default_value_t = 14)]
    min_length: u8,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(Arguments { group, min_length }: Arguments) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;
    let okta = &org.client;

    let name = format!("Passwords of {group}");
    if is_there(okta, &name).await? {
        writeln!(Output, "{name}: there before")?;
        return Ok(());
    }
    let group = okta.groups().find_or_create(&group).await?;
    let group_id = String::try_from(group.into_inner().id)?;
    let policy = policy(&name, &group_id, min_length);
    // Inactive until its rule is there: a policy without rules lets nobody do anything.
    let created = okta.policies().create(policy).activate(false).await?;
    add_rule(okta, created.id()).await?;
    okta.policies().activate(created.id()).await?;
    writeln!(
        Output,
        "{name}: created, of at least {min_length} characters"
    )?;
    Ok(())
}

async fn is_there(okta: &Client, name: &str) -> Result<bool, Error> {
    let policies = okta.policies().list(PolicyType::Password).all().await?;
    Ok(policies.iter().any(|policy| policy.name() == Some(name)))
}

fn policy(name: &str, group_id: &str, min_length: u8) -> PasswordPolicy {
    let groups = PolicyConditionsPeopleGroups::new().include([group_id]);
    let people = PolicyConditionsPeople::new().groups(groups);
    let complexity = PasswordPolicyPasswordSettingsComplexity::new()
        .min_length(min_length.into())
        .exclude_username(true);
    let age = PasswordPolicyPasswordSettingsAge::new().history_count(4);
    let password = PasswordPolicyPasswordSettings::new()
        .complexity(complexity)
        .age(age);
    PasswordPolicy::new(name)
        .conditions(PasswordPolicyConditions::new().people(people))
        .settings(PasswordPolicySettings::new().password(password))
}

/// Its members may change their password, and unlock their account by themselves.
async fn add_rule(okta: &Client, policy_id: &Id) -> Result<(), Error> {
    let allow = || PasswordPolicyRuleAction::new().access(PolicyAccess::Allow);
    let actions = PasswordPolicyRuleActions::new()
        .password_change(allow())
        .self_service_unlock(allow());
    let rule = PasswordPolicyRule::new()
        .name("Change and unlock")
        .actions(actions);
    okta.policies().create_rule(policy_id, rule).await?;
    Ok(())
}
