//! Administrators.

use okta_sdk::models::{AssignCustomRoleParts, AssignRole, AssignedRole};
use okta_sdk::paths::{GroupRoleAssignment, UserRoleAssignment};
use okta_sdk::{Client, Error as OktaError};

use super::{Outcome, removed};
use crate::desired::Principal;
use crate::error::Error;
use crate::once::{Once, Unique, once};

/// Ids of a custom role and of its resource set.
#[derive(Clone, Debug)]
pub(crate) struct CustomIds {
    pub(crate) role: String,
    pub(crate) resource_set: String,
}

/// A role as a request names it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RoleBy<'a> {
    /// The type of a standard role.
    Type(&'a str),
    /// The ids of a custom role and of its resource set.
    Ids(&'a CustomIds),
}

/// Gives a role to a user or group, whose id is `id`; gives the id of the assignment.
pub(crate) async fn grant_role(
    okta: &Client,
    to: &Principal,
    id: &str,
    role: RoleBy<'_>,
) -> Result<(Outcome, String), Error> {
    let made = once(
        Unique::Yes,
        || async move {
            let body = match role {
                RoleBy::Type(role) => AssignRole::standard(role),
                RoleBy::Ids(ids) => AssignRole::custom(AssignCustomRoleParts {
                    role: ids.role.as_str().into(),
                    resource_set: ids.resource_set.as_str().into(),
                }),
            };
            let made = match to {
                Principal::User(_) => okta.roles().assign_to_user(id, body).await?,
                Principal::Group(_) => okta.roles().assign_to_group(id, body).await?,
            };
            Ok(made.id().to_string())
        },
        || find_role(okta, to, id, role),
    );
    Ok(match made.await? {
        Once::Made(assignment) => (Outcome::Created, assignment),
        Once::Found(assignment) => (Outcome::Kept, assignment),
    })
}

/// The id of the assignment of a role that a user or group has by itself.
pub(crate) async fn find_role(
    okta: &Client,
    to: &Principal,
    id: &str,
    role: RoleBy<'_>,
) -> Result<Option<String>, OktaError> {
    let held = match to {
        Principal::User(_) => okta.roles().list_assigned_for_user(id).all().await?,
        Principal::Group(_) => okta.roles().list_assigned_for_group(id).all().await?,
    };
    let found = held.iter().find(|held| is_same(held, to, role));
    Ok(found.map(|held| held.id().to_string()))
}

/// Whether an assignment is of this role, and of the user or group by itself.
fn is_same(held: &AssignedRole, to: &Principal, role: RoleBy<'_>) -> bool {
    let own = match to {
        Principal::User(_) => "USER",
        Principal::Group(_) => "GROUP",
    };
    if held.assignment_type().is_some_and(|it| it.as_str() != own) {
        return false;
    }
    match (held, role) {
        (AssignedRole::Custom(held), RoleBy::Ids(ids)) => {
            held.role == ids.role && held.resource_set == ids.resource_set
        }
        (_, RoleBy::Type(role)) => held.type_().is_some_and(|it| it.as_str() == role),
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
