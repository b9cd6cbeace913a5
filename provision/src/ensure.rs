//! Single things that should be so. Each can be used alone, and calling it again changes nothing.

use std::collections::BTreeSet;

use okta_sdk::models::{Application, CreateGroupRuleRequest, GroupRuleStatus};
use okta_sdk::shortcuts::ExpressionRule;
use okta_sdk::{Client, Error as OktaError};

use crate::desired::{Attributes, Person, Principal, Role, Target};
use crate::error::Error;
use crate::once::{Once, Unique, once};
use crate::org::{find_app, find_group, read_account};
use crate::perform::{self, Age, CustomIds, Limited, Outcome, RoleBy, TargetId};
use crate::plan::Guard;
use crate::step::transition;

/// Something that is as it should be, and how that came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ensured {
    /// Its id.
    pub id: String,
    /// What had to be done.
    pub outcome: Outcome,
}

/// A user with these attributes and this standing. Attributes that `person` does not have are left
/// as they are.
///
/// # Errors
/// What Okta refuses. One whose answer is lost is looked up before it is sent again.
pub async fn ensure_user(okta: &Client, person: &Person) -> Result<Ensured, Error> {
    let profile = person.profile();
    let Some(now) = read_account(okta, person.login(), Some(&*profile)).await? else {
        let (outcome, id) = perform::create_user(okta, person, person.is_created_active()).await?;
        return Ok(Ensured { id, outcome });
    };
    let mut outcome = Outcome::Kept;
    if !now.differing.is_empty() {
        outcome = perform::update_user(okta, &now.id, None, &profile).await?;
    }
    let wanted = person.wanted_standing();
    if let Some(transition) = wanted.and_then(|wanted| transition(&now.status, wanted)) {
        outcome = perform::move_account(okta, &now.id, transition).await?;
    }
    let id = now.id;
    Ok(Ensured { id, outcome })
}

/// A group of this name, with this description if one is given.
///
/// # Errors
/// What Okta refuses.
pub async fn ensure_group(
    okta: &Client,
    name: &str,
    description: Option<&str>,
) -> Result<Ensured, Error> {
    let (mut outcome, id) = match find_group(okta, name).await? {
        Some(group) => (Outcome::Kept, group.id.to_string()),
        None => perform::create_group(okta, name, description).await?,
    };
    if let (Outcome::Kept, Some(wanted)) = (outcome, description) {
        outcome = perform::describe_group(okta, &id, perform::Seen::Anything, wanted).await?;
    }
    Ok(Ensured { id, outcome })
}

/// A user who is in a group, both by id. Okta does not say whether they were in it before, so that
/// the outcome is [`Outcome::Created`] or the user's groups have to be read, which is done first.
///
/// # Errors
/// What Okta refuses.
pub async fn ensure_membership(
    okta: &Client,
    group_id: &str,
    user_id: &str,
) -> Result<Outcome, Error> {
    let groups = okta.users().list_groups(user_id).all().await?;
    if groups.iter().any(|group| group.id == *group_id) {
        return Ok(Outcome::Kept);
    }
    perform::add_member(okta, group_id, user_id, Age::New).await
}

/// Members of a group, by id: those who are missing are added, then the others are removed. Gives
/// who was added and who was removed.
///
/// # Errors
/// What Okta refuses; what was done before stays.
pub async fn set_members<'a>(
    okta: &Client,
    group_id: &str,
    user_ids: impl IntoIterator<Item = &'a str>,
) -> Result<(Vec<String>, Vec<String>), Error> {
    let wanted: BTreeSet<String> = user_ids.into_iter().map(str::to_owned).collect();
    let members = okta.groups().list_users(group_id).limit(1000).all().await?;
    let members: BTreeSet<String> = members.iter().map(|user| user.id.to_string()).collect();
    let added: Vec<String> = wanted.difference(&members).cloned().collect();
    let removed: Vec<String> = members.difference(&wanted).cloned().collect();
    for id in &added {
        perform::add_member(okta, group_id, id, Age::New).await?;
    }
    for id in &removed {
        perform::remove_member(okta, group_id, id).await?;
    }
    Ok((added, removed))
}

/// An application with the label of `app`. One that is there is left as it is.
///
/// Okta lets two applications have the same label. One whose answer is lost is looked for a few
/// seconds before it is sent again.
///
/// # Errors
/// What Okta refuses, and [`Error::Missing`] if `app` has no label.
pub async fn ensure_app(okta: &Client, app: impl Into<Application>) -> Result<Ensured, Error> {
    let app = &app.into();
    let Some(label) = app.label() else {
        let why = "an application without a label cannot be found again; give it one";
        return Err(Error::Missing(why.to_owned()));
    };
    let body = serde_json::to_value(app)?;
    let (outcome, id) = perform::create_app(okta, label, &body).await?;
    Ok(Ensured { id, outcome })
}

/// A user who has an application by themselves, both by id, with these attributes of the profile in
/// the application.
///
/// # Errors
/// What Okta refuses.
pub async fn ensure_assignment(
    okta: &Client,
    app_id: &str,
    user_id: &str,
    profile: &Attributes,
) -> Result<Outcome, Error> {
    let path = okta_sdk::paths::AppUser { app_id, user_id };
    match okta.application_users().get(path).await {
        Ok(now) if now.scope.as_ref().is_none_or(|it| it.as_str() == "USER") => {
            perform::update_assignment(okta, path, None, profile).await
        }
        Ok(_) => perform::assign_user(okta, app_id, user_id, profile).await,
        Err(error) if error.is_not_found() => {
            perform::assign_user(okta, app_id, user_id, profile).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A user or group that has a role by itself. Custom roles and resource sets have to exist.
///
/// A standard role that is to be for some groups or applications is limited to these if it is for the
/// whole org; if it is for others, it is for these, too. Someone who can act already, or a group with
/// members, is not given such a role unless `guard` [allows](Guard::allow_unlimited_moment) it.
///
/// # Errors
/// What Okta refuses; [`Error::Missing`] if the group, or what the role is for, is not there;
/// [`Error::Refused`] if `guard` stands against it, or if Okta cannot limit the role like this.
pub async fn ensure_role(
    okta: &Client,
    to: &Principal,
    role: &Role,
    guard: &Guard,
) -> Result<Outcome, Error> {
    if let Some(why) = role.unfit() {
        return Err(Error::Refused(format!("{to}: {why}")));
    }
    let id = match to {
        Principal::User(login) => okta.users().get(&**login).await?.id.to_string(),
        Principal::Group(name) => group_id(okta, name).await?,
    };
    let custom;
    let by = match role {
        Role::Standard(role) => RoleBy::Type(role),
        Role::Limited {
            role,
            targets: wanted,
        } => {
            let targets = target_ids(okta, wanted).await?;
            let limited = Limited {
                to,
                id: &id,
                role,
                targets: &targets,
                may_be_unlimited: guard.allows_unlimited_moment(),
                age: Age::New,
            };
            return perform::grant_limited(okta, limited).await;
        }
        Role::Custom {
            label,
            resource_set,
        } => {
            custom = CustomIds {
                role: okta.custom_roles().get(label).await?.id.to_string(),
                resource_set: okta.resource_sets().get(resource_set).await?.id.to_string(),
            };
            RoleBy::Ids(&custom)
        }
    };
    if perform::find_role(okta, to, &id, by).await?.is_some() {
        return Ok(Outcome::Kept);
    }
    Ok(perform::grant_role(okta, to, &id, by).await?.0)
}

async fn target_ids(okta: &Client, targets: &BTreeSet<Target>) -> Result<Vec<TargetId>, Error> {
    let mut ids = Vec::new();
    for target in targets {
        ids.push(match target {
            Target::Group(name) => TargetId::Group(group_id(okta, name).await?),
            Target::App(label) => {
                let id = find_app(okta, label).await?;
                let missing = || Error::Missing(format!("there is no application {label}"));
                TargetId::App(id.ok_or_else(missing)?)
            }
        });
    }
    Ok(ids)
}

async fn group_id(okta: &Client, name: &str) -> Result<String, Error> {
    let group = find_group(okta, name).await?;
    group
        .map(|group| group.id.to_string())
        .ok_or_else(|| Error::Missing(format!("there is no group {name}")))
}

/// A group rule of this name that is active. One that is there with another expression or other
/// groups is an error, since Okta does not let a rule change what it assigns.
///
/// # Errors
/// What Okta refuses, and [`Error::Changed`] if there is another rule of this name.
pub async fn ensure_rule(okta: &Client, rule: ExpressionRule) -> Result<Ensured, Error> {
    let wanted = &rule;
    let found = once(
        Unique::Yes,
        || async move {
            if let Some(found) = find_rule(okta, wanted).await? {
                return Ok((found, Outcome::Kept));
            }
            let body = CreateGroupRuleRequest::from_expression(wanted.clone());
            let rule = okta.group_rules().create(body).await?;
            let found = FoundRule {
                id: rule.id.to_string(),
                is_active: false,
                is_same: true,
            };
            Ok((found, Outcome::Created))
        },
        || async move {
            let found = find_rule(okta, wanted).await?;
            Ok(found.map(|found| (found, Outcome::Created)))
        },
    );
    let (found, mut outcome) = match found.await? {
        Once::Made(made) => made,
        Once::Found((found, _)) => (found, Outcome::Kept),
    };
    if !found.is_same {
        let why = format!(
            "there is another group rule {}, with another expression or other groups; delete it, or \
             give this one another name",
            rule.name
        );
        return Err(Error::Changed(vec![why]));
    }
    if !found.is_active {
        okta.group_rules().activate(&found.id).await?;
        if outcome == Outcome::Kept {
            outcome = Outcome::Updated;
        }
    }
    let id = found.id;
    Ok(Ensured { id, outcome })
}

struct FoundRule {
    id: String,
    is_active: bool,
    is_same: bool,
}

async fn find_rule(okta: &Client, wanted: &ExpressionRule) -> Result<Option<FoundRule>, OktaError> {
    let mut rules = okta.group_rules().list().search(&wanted.name).stream();
    while let Some(rule) = rules.try_next().await? {
        if rule.name.as_deref() != Some(wanted.name.as_str()) {
            continue;
        }
        let conditions = rule.conditions.and_then(|it| it.expression);
        let expression = conditions.and_then(|it| it.value);
        let groups = rule.actions.and_then(|it| it.assign_user_to_groups);
        let groups = groups.and_then(|it| it.group_ids).unwrap_or_default();
        let groups: BTreeSet<String> = groups.iter().map(ToString::to_string).collect();
        let wanted_groups = wanted.group_ids.iter().map(ToString::to_string).collect();
        return Ok(Some(FoundRule {
            id: rule.id.to_string(),
            is_active: rule.status == Some(GroupRuleStatus::Active),
            is_same: expression.as_ref() == Some(&wanted.expression) && groups == wanted_groups,
        }));
    }
    Ok(None)
}
