//! Administrators.

use okta_sdk::models::{AssignCustomRoleParts, AssignRole, AssignedRole};
use okta_sdk::paths::{GroupRoleAssignment, UserRoleAssignment};
use okta_sdk::{Client, Error as OktaError};

use super::{Outcome, removed};
use crate::desired::{Principal, Role};
use crate::error::Error;
use crate::once::{Once, Unique, once};

/// Ids of a custom role and of its resource set.
#[derive(Clone, Debug)]
pub(crate) struct CustomIds {
    pub(crate) role: String,
    pub(crate) resource_set: String,
}

/// Gives a role to a user or group, whose id is `id`. `custom` has the ids of a custom role.
pub(crate) async fn grant_role(
    okta: &Client,
    to: &Principal,
    id: &str,
    role: &Role,
    custom: Option<&CustomIds>,
) -> Result<Outcome, Error> {
    let made = once(
        Unique::Yes,
        || async move {
            let body = match (role, custom) {
                (Role::Standard(role), _) => AssignRole::standard(role),
                (Role::Custom { .. }, Some(ids)) => AssignRole::custom(AssignCustomRoleParts {
                    role: ids.role.as_str().into(),
                    resource_set: ids.resource_set.as_str().into(),
                }),
                (Role::Custom { label, .. }, None) => {
                    let why = format!("{label} has no id");
                    return Err(OktaError::invalid_argument("role", why));
                }
            };
            match to {
                Principal::User(_) => okta.roles().assign_to_user(id, body).await.map(drop),
                Principal::Group(_) => okta.roles().assign_to_group(id, body).await.map(drop),
            }
        },
        || async move {
            let is_held = has_role(okta, to, id, role, custom).await?;
            Ok(is_held.then_some(()))
        },
    );
    Ok(match made.await? {
        Once::Made(()) => Outcome::Created,
        Once::Found(()) => Outcome::Kept,
    })
}

/// Whether a user or group has a role by itself.
pub(crate) async fn has_role(
    okta: &Client,
    to: &Principal,
    id: &str,
    role: &Role,
    custom: Option<&CustomIds>,
) -> Result<bool, OktaError> {
    let held = match to {
        Principal::User(_) => okta.roles().list_assigned_for_user(id).all().await?,
        Principal::Group(_) => okta.roles().list_assigned_for_group(id).all().await?,
    };
    Ok(held.iter().any(|held| is_same(held, to, role, custom)))
}

/// Whether an assignment is of this role, and of the user or group by itself.
fn is_same(held: &AssignedRole, to: &Principal, role: &Role, custom: Option<&CustomIds>) -> bool {
    let own = match to {
        Principal::User(_) => "USER",
        Principal::Group(_) => "GROUP",
    };
    if held.assignment_type().is_some_and(|it| it.as_str() != own) {
        return false;
    }
    match (held, role, custom) {
        (AssignedRole::Custom(held), Role::Custom { .. }, Some(ids)) => {
            held.role == ids.role && held.resource_set == ids.resource_set
        }
        (_, Role::Standard(role), _) => held.type_().is_some_and(|it| it.as_str() == role),
        _ => false,
    }
}

/// Takes an assignment of a role.
pub(crate) async fn revoke_role(
    okta: &Client,
    from: &Principal,
    id: &str,
    assignment: &str,
) -> Result<Outcome, Error> {
    removed(match from {
        Principal::User(_) => {
            let path = UserRoleAssignment {
                user_id: id,
                role_assignment_id: assignment,
            };
            okta.roles().unassign_from_user(path).await
        }
        Principal::Group(_) => {
            let path = GroupRoleAssignment {
                group_id: id,
                role_assignment_id: assignment,
            };
            okta.roles().unassign_from_group(path).await
        }
    })
}
