//! Reading who is an administrator.

use std::collections::HashMap;

use futures::stream::{self, StreamExt, TryStreamExt};
use okta_sdk::models::AssignedRole;
use okta_sdk::paths::{GroupRoleAssignment, UserRoleAssignment};
use okta_sdk::{Client, Error};

use super::scope::Scope;
use super::{Held, Org, Targets};
use crate::desired::{Limits, Principal, Role};

/// Targets of a page.
const PAGE: i64 = 200;

/// Reads the roles of the scope into `org`, which has people and groups already.
pub(super) async fn read(
    okta: &Client,
    scope: &Scope,
    org: &mut Org,
    at_once: usize,
) -> Result<(), Error> {
    if scope.principals.is_empty() && scope.custom_roles.is_empty() && !scope.reads_roles {
        return Ok(());
    }
    let mut roles = okta.custom_roles().list().stream();
    while let Some(role) = roles.try_next().await? {
        let label = role.label.unwrap_or_default();
        org.custom_roles.insert(label, role.id.to_string());
    }
    let mut sets = okta.resource_sets().list().stream();
    while let Some(set) = sets.try_next().await? {
        let label = set.label.unwrap_or_default();
        org.resource_sets.insert(label, set.id.to_string());
    }
    for label in &scope.custom_roles {
        if let Some(id) = org.custom_roles.get(label) {
            let all = okta.custom_roles().list_permissions(id).all().await?;
            let all = all.into_iter().filter_map(|it| it.label);
            org.permissions.insert(label.clone(), all.collect());
        }
    }
    let labels = &Labels::of(org);
    let (people, groups) = (&org.people, &org.groups);
    let principals = stream::iter(scope.principals.clone());
    let held = principals.map(|principal| async move {
        let id = match &principal {
            Principal::User(login) => people.get(login).map(|it| it.id.as_str()),
            Principal::Group(name) => groups.get(name).map(|it| it.id.as_str()),
        };
        let held = match id {
            Some(id) => held_roles(okta, &principal, id, labels).await?,
            None => Vec::new(),
        };
        Ok::<_, Error>((principal, held))
    });
    let held: HashMap<_, _> = held.buffer_unordered(at_once).try_collect().await?;
    org.roles = held;
    Ok(())
}

/// Labels of custom roles and resource sets, by id.
#[derive(Debug)]
pub(crate) struct Labels {
    roles: HashMap<String, String>,
    sets: HashMap<String, String>,
}

impl Labels {
    fn of(org: &Org) -> Self {
        let turned = |ids: &HashMap<String, String>| {
            let pairs = ids.iter().map(|(label, id)| (id.clone(), label.clone()));
            pairs.collect()
        };
        Self {
            roles: turned(&org.custom_roles),
            sets: turned(&org.resource_sets),
        }
    }

    fn role(&self, role: &AssignedRole) -> Option<Role> {
        if let AssignedRole::Custom(custom) = role {
            let role_id = custom.role.to_string();
            let set_id = custom.resource_set.to_string();
            // What has lost its label is still named by its id.
            let label = self.roles.get(&role_id).cloned().unwrap_or(role_id);
            let resource_set = self.sets.get(&set_id).cloned().unwrap_or(set_id);
            return Some(Role::Custom {
                label,
                resource_set,
            });
        }
        role.type_()
            .map(|it| Role::Standard(it.as_str().to_owned()))
    }
}

/// The roles that someone has by themselves.
async fn held_roles(
    okta: &Client,
    principal: &Principal,
    id: &str,
    labels: &Labels,
) -> Result<Vec<Held>, Error> {
    let roles = match principal {
        Principal::User(_) => okta.roles().list_assigned_for_user(id).all().await?,
        Principal::Group(_) => okta.roles().list_assigned_for_group(id).all().await?,
    };
    let own = match principal {
        Principal::User(_) => "USER",
        Principal::Group(_) => "GROUP",
    };
    let own = roles.into_iter().filter(|role| {
        let how = role.assignment_type();
        how.is_none_or(|how| how.as_str() == own)
    });
    let mut held = Vec::new();
    for role in own {
        let assignment = role.id().to_string();
        let Some(role) = labels.role(&role) else {
            continue;
        };
        let limits = role.standard_type().and_then(Limits::of);
        let targets = match limits {
            Some(limits) => read_targets(okta, principal, id, &assignment, limits).await?,
            None => Targets::default(),
        };
        held.push(Held {
            id: assignment,
            role,
            targets,
        });
    }
    Ok(held)
}

/// What a standard role is limited to.
pub(crate) async fn read_targets(
    okta: &Client,
    principal: &Principal,
    id: &str,
    assignment: &str,
    limits: Limits,
) -> Result<Targets, Error> {
    let targets = okta.role_targets();
    let mut found = Targets::default();
    let (of_user, of_group) = (
        UserRoleAssignment {
            user_id: id,
            role_assignment_id: assignment,
        },
        GroupRoleAssignment {
            group_id: id,
            role_assignment_id: assignment,
        },
    );
    match limits {
        Limits::Groups => {
            let mut groups = match principal {
                Principal::User(_) => targets.list_groups_for_user(of_user).limit(PAGE).stream(),
                Principal::Group(_) => targets.list_groups_for_group(of_group).limit(PAGE).stream(),
            };
            while let Some(group) = groups.try_next().await? {
                found.groups.insert(group.id.to_string());
            }
        }
        Limits::Apps => {
            let mut apps = match principal {
                Principal::User(_) => targets.list_apps_for_user(of_user).limit(PAGE).stream(),
                Principal::Group(_) => targets.list_apps_for_group(of_group).limit(PAGE).stream(),
            };
            while let Some(app) = apps.try_next().await? {
                // All applications of an integration have no id of their own.
                match app.id.as_str() {
                    Some(id) => found.apps.insert(id.to_owned()),
                    None => found.integrations.insert(app.name.unwrap_or_default()),
                };
            }
        }
    }
    Ok(found)
}
