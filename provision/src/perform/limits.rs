//! Standard roles that are for some groups or applications only.

use okta_sdk::Client;
use okta_sdk::paths::{
    GroupRoleAssignmentAppNameApp, GroupRoleAssignmentTargetGroup, UserRoleAssignmentAppNameApp,
    UserRoleAssignmentGroup,
};

use super::roles::{RoleBy, find_role, grant_role};
use super::{Age, Outcome, removed, settled};
use crate::desired::{Limits, Principal};
use crate::error::Error;
use crate::org::{Targets, can_act, read_account, read_targets};

/// What a role is for, by id.
#[derive(Clone, Debug)]
pub(crate) enum TargetId {
    Group(String),
    App(String),
}

impl TargetId {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Group(id) | Self::App(id) => id,
        }
    }
}

/// An assignment of a standard role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assignment<'a> {
    pub(crate) of: &'a Principal,
    /// The id of the user or group.
    pub(crate) id: &'a str,
    /// The id of the assignment.
    pub(crate) assignment: &'a str,
}

/// A standard role that is given for some groups or applications only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limited<'a> {
    pub(crate) to: &'a Principal,
    /// The id of the user or group.
    pub(crate) id: &'a str,
    /// The type of the role.
    pub(crate) role: &'a str,
    pub(crate) targets: &'a [TargetId],
    /// Whether someone who can act may have it for the whole org for a moment.
    pub(crate) may_be_unlimited: bool,
    /// Whether what it is for was made just now.
    pub(crate) age: Age,
}

/// Gives a role and limits it right after. One that is there already is limited, or is for what is
/// missing, too.
pub(crate) async fn grant_limited(okta: &Client, wanted: Limited<'_>) -> Result<Outcome, Error> {
    let Limited { to, id, role, .. } = wanted;
    let Some(limits) = Limits::of(role).filter(|_| !wanted.targets.is_empty()) else {
        let why = format!("{role} cannot be limited, and would be for the whole org");
        return Err(Error::Refused(why));
    };
    let by = RoleBy::Type(role);
    let (mut outcome, assignment) = match find_role(okta, to, id, by).await? {
        Some(assignment) => (Outcome::Kept, assignment),
        None => {
            if !wanted.may_be_unlimited && acts(okta, to, id).await? {
                let how = match to {
                    Principal::User(_) => "suspend them before",
                    Principal::Group(_) => "give it while nobody is in the group",
                };
                return Err(Error::Refused(format!(
                    "{to} would have the role {role} for the whole org until it is limited; {how}, or \
                     allow that moment"
                )));
            }
            grant_role(okta, to, id, by).await?
        }
    };
    let assignment = Assignment {
        of: to,
        id,
        assignment: &assignment,
    };
    let held = match outcome {
        // Nothing can be there yet.
        Outcome::Created => Targets::default(),
        _ => assignment.targets(okta, limits).await?,
    };
    for target in wanted.targets.iter().filter(|it| !holds(&held, it)) {
        add_target(okta, assignment, target, wanted.age).await?;
        if outcome == Outcome::Kept {
            outcome = Outcome::Updated;
        }
    }
    Ok(outcome)
}

/// Whether a user, or anybody in a group, can act.
async fn acts(okta: &Client, who: &Principal, id: &str) -> Result<bool, Error> {
    Ok(match who {
        Principal::User(_) => {
            let account = read_account(okta, id, None).await?;
            account.is_some_and(|it| can_act(&it.status))
        }
        Principal::Group(_) => {
            let mut users = okta.groups().list_users(id).limit(1).stream();
            users.try_next().await?.is_some()
        }
    })
}

fn holds(held: &Targets, target: &TargetId) -> bool {
    match target {
        TargetId::Group(id) => held.groups.contains(id),
        TargetId::App(id) => held.apps.contains(id),
    }
}

impl Assignment<'_> {
    async fn targets(&self, okta: &Client, limits: Limits) -> Result<Targets, Error> {
        Ok(read_targets(okta, self.of, self.id, self.assignment, limits).await?)
    }
}

/// Makes a role be for another group or application. The first one ends that it is for the whole org.
pub(crate) async fn add_target(
    okta: &Client,
    role: Assignment<'_>,
    target: &TargetId,
    age: Age,
) -> Result<(), Error> {
    let targets = okta.role_targets();
    let Assignment { id, assignment, .. } = role;
    match target {
        TargetId::Group(group) => {
            settled(age, || async {
                match role.of {
                    Principal::User(_) => {
                        let path = user_group(id, assignment, group);
                        targets.assign_group_for_user(path).await
                    }
                    Principal::Group(_) => {
                        let path = group_group(id, assignment, group);
                        targets.assign_group_for_group(path).await
                    }
                }
            })
            .await
        }
        TargetId::App(app) => {
            let name = &app_name(okta, app).await?;
            settled(age, || async {
                match role.of {
                    Principal::User(_) => {
                        let path = user_app(id, assignment, name, app);
                        targets.assign_app_instance_for_user(path).await
                    }
                    Principal::Group(_) => {
                        let path = group_app(id, assignment, name, app);
                        targets.assign_app_instance_for_group(path).await
                    }
                }
            })
            .await
        }
    }
}

/// Takes something from what a role is for. The last one stays, since the role would be for the whole org
/// without it.
pub(crate) async fn remove_target(
    okta: &Client,
    role: Assignment<'_>,
    target: &TargetId,
) -> Result<Outcome, Error> {
    let limits = match target {
        TargetId::Group(_) => Limits::Groups,
        TargetId::App(_) => Limits::Apps,
    };
    let held = role.targets(okta, limits).await?;
    if !holds(&held, target) {
        return Ok(Outcome::Kept);
    }
    if held.len() == 1 {
        return Err(Error::Refused(format!(
            "it is the last thing that the role of {} is limited to, and stays",
            role.of
        )));
    }
    let targets = okta.role_targets();
    let Assignment { id, assignment, .. } = role;
    removed(match target {
        TargetId::Group(group) => match role.of {
            Principal::User(_) => {
                let path = user_group(id, assignment, group);
                targets.unassign_group_for_user(path).await
            }
            Principal::Group(_) => {
                let path = group_group(id, assignment, group);
                targets.unassign_group_for_group(path).await
            }
        },
        TargetId::App(app) => {
            let name = &app_name(okta, app).await?;
            match role.of {
                Principal::User(_) => {
                    let path = user_app(id, assignment, name, app);
                    targets.unassign_app_instance_for_user(path).await
                }
                Principal::Group(_) => {
                    let path = group_app(id, assignment, name, app);
                    targets.unassign_app_instance_for_group(path).await
                }
            }
        }
    })
}

/// The name of the integration that an application is of, which paths of targets have beside the id.
async fn app_name(okta: &Client, id: &str) -> Result<String, Error> {
    let app = serde_json::to_value(okta.applications().get(id).await?)?;
    let name = app.get("name").and_then(serde_json::Value::as_str);
    name.map(str::to_owned)
        .ok_or_else(|| Error::Missing(format!("the application {id} has no name")))
}

fn user_group<'a>(
    user_id: &'a str,
    role_assignment_id: &'a str,
    group_id: &'a str,
) -> UserRoleAssignmentGroup<&'a str, &'a str, &'a str> {
    UserRoleAssignmentGroup {
        user_id,
        role_assignment_id,
        group_id,
    }
}

fn group_group<'a>(
    group_id: &'a str,
    role_assignment_id: &'a str,
    target_group_id: &'a str,
) -> GroupRoleAssignmentTargetGroup<&'a str, &'a str, &'a str> {
    GroupRoleAssignmentTargetGroup {
        group_id,
        role_assignment_id,
        target_group_id,
    }
}

fn user_app<'a>(
    user_id: &'a str,
    role_assignment_id: &'a str,
    app_name: &'a str,
    app_id: &'a str,
) -> UserRoleAssignmentAppNameApp<&'a str, &'a str, &'a str, &'a str> {
    UserRoleAssignmentAppNameApp {
        user_id,
        role_assignment_id,
        app_name,
        app_id,
    }
}

fn group_app<'a>(
    group_id: &'a str,
    role_assignment_id: &'a str,
    app_name: &'a str,
    app_id: &'a str,
) -> GroupRoleAssignmentAppNameApp<&'a str, &'a str, &'a str, &'a str> {
    GroupRoleAssignmentAppNameApp {
        group_id,
        role_assignment_id,
        app_name,
        app_id,
    }
}
