//! Doing one thing to an org: once, and only if it is not so already.

mod administration;
mod apps;
mod groups;
mod limits;
mod people;
mod roles;

use std::fmt;
use std::time::Duration;

use okta_sdk::Error as OktaError;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::wait::until;

pub(crate) use administration::{create_app, create_custom_role, create_resource_set};
pub(crate) use apps::{
    assign_group, assign_user, unassign_group, unassign_user, update_assignment,
};
pub(crate) use groups::{
    Seen, add_member, create_group, delete_group, describe_group, remove_member,
};
pub(crate) use limits::{Assignment, Limited, TargetId, add_target, grant_limited, remove_target};
pub(crate) use people::{create_user, move_account, rename_user, update_user};
pub(crate) use roles::{CustomIds, RoleBy, find_role, grant_role, revoke_role};

/// How something came to be as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was taken away.
    Removed,
    /// It was so already.
    Kept,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Removed => "removed",
            Self::Kept => "kept",
        })
    }
}

/// How long Okta may take to show what it has done.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Whether the objects of a request were made just now, so that Okta may not know them everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    New,
    Old,
}

/// Sends a request that is safe to repeat. One about new objects is repeated while Okta does not
/// find them.
async fn settled<F>(age: Age, send: impl Fn() -> F) -> Result<(), Error>
where
    F: Future<Output = Result<(), OktaError>>,
{
    let found = until(PATIENCE, || {
        let sent = send();
        async {
            match sent.await {
                Ok(()) => Ok(Some(())),
                Err(error) if age == Age::New && error.is_not_found() => Ok(None),
                Err(error) => Err(error),
            }
        }
    });
    match found.await? {
        Some(()) => Ok(()),
        // For Okta's words.
        None => Ok(send().await?),
    }
}

/// Whether something is gone after a request to remove it: what was not found was gone before.
fn removed(answer: Result<(), OktaError>) -> Result<Outcome, Error> {
    match answer {
        Ok(()) => Ok(Outcome::Removed),
        Err(error) if error.is_not_found() => Ok(Outcome::Kept),
        Err(error) => Err(error.into()),
    }
}
