//! Who has an application.

use okta_sdk::models::{
    AppUser as Assignment, AppUserUpdateRequest, ApplicationGroupAssignment, JsonPatchOperation,
    PatchAction,
};
use okta_sdk::paths::{AppGroup, AppUser};
use okta_sdk::{Client, Error as OktaError};
use serde_json::Value;

use super::{Age, Outcome, removed, settled};
use crate::desired::Attributes;
use crate::error::Error;
use crate::once::{Once, Unique, once};

/// Okta's code for what it does not take from a user, since a group gives it.
const BY_GROUP: &str = "E0000046";

/// Gives an application to a user, by themselves.
pub(crate) async fn assign_user(
    okta: &Client,
    app_id: &str,
    user_id: &str,
    profile: &Attributes,
) -> Result<Outcome, Error> {
    let path = AppUser { app_id, user_id };
    let made = once(
        Unique::Yes,
        || async move {
            let mut body = Assignment::new(user_id);
            body.scope = Some("USER".into());
            if !profile.is_empty() {
                body.profile = Some(profile.clone());
            }
            okta.application_users()
                .assign(app_id, body)
                .await
                .map(drop)
        },
        || async move {
            match okta.application_users().get(path).await {
                Ok(found) => {
                    let scope = found.scope.as_ref();
                    Ok(scope.is_none_or(|it| it.as_str() == "USER").then_some(()))
                }
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(error),
            }
        },
    );
    Ok(match made.await? {
        Once::Made(()) => Outcome::Created,
        Once::Found(()) => Outcome::Kept,
    })
}

/// Changes attributes of a user's profile in an application, if they are as the plan saw them.
pub(crate) async fn update_assignment(
    okta: &Client,
    path: AppUser<&str, &str>,
    from: Option<&Attributes>,
    to: &Attributes,
) -> Result<Outcome, Error> {
    let now = okta.application_users().get(path).await?.profile;
    let now = now.unwrap_or_default();
    for (name, from) in from.into_iter().flatten() {
        let value = now.get(name).unwrap_or(&Value::Null);
        if value != from && to.get(name) != Some(value) {
            let what = format!("{name} has been changed by someone else");
            return Err(Error::Changed(vec![what]));
        }
    }
    if to.iter().all(|(name, to)| now.get(name) == Some(to)) {
        return Ok(Outcome::Kept);
    }
    let mut body = AppUserUpdateRequest::default();
    body.profile = Some(to.clone());
    let body = &body;
    // Sent again, it says the same.
    once(
        Unique::Yes,
        || async move {
            let users = okta.application_users();
            users.update(path, body).await.map(drop)
        },
        || async move {
            let now = okta.application_users().get(path).await?.profile;
            let now = now.unwrap_or_default();
            let is_so = to.iter().all(|(name, to)| now.get(name) == Some(to));
            Ok(is_so.then_some(()))
        },
    )
    .await?;
    Ok(Outcome::Updated)
}

/// Takes an application from a user. Okta refuses that while a group of the user gives it.
pub(crate) async fn unassign_user(
    okta: &Client,
    path: AppUser<&str, &str>,
) -> Result<Outcome, Error> {
    match okta.application_users().unassign(path).await {
        Err(error) if error.code() == Some(BY_GROUP) => Ok(Outcome::Kept),
        answer => removed(answer),
    }
}

/// Gives an application to the members of a group. Of an assignment that is there, only the
/// attributes of `profile` are changed.
pub(crate) async fn assign_group(
    okta: &Client,
    path: AppGroup<&str, &str>,
    profile: &Attributes,
    age: Age,
) -> Result<Outcome, Error> {
    let groups = okta.application_groups();
    match groups.get(path).await {
        Ok(_) if profile.is_empty() => return Ok(Outcome::Kept),
        Ok(_) => {
            let patch = profile.iter().map(|(name, value)| {
                let mut operation = JsonPatchOperation::new();
                operation.op = Some(PatchAction::Replace);
                // As JSON pointers write it.
                let name = name.replace('~', "~0").replace('/', "~1");
                operation.path = Some(format!("/profile/{name}"));
                operation.value = Some(value.clone());
                operation
            });
            let patch: Vec<_> = patch.collect();
            groups.update(path).body(patch).await?;
            return Ok(Outcome::Updated);
        }
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.into()),
    }
    settled(age, || {
        let mut body = ApplicationGroupAssignment::default();
        body.profile = (!profile.is_empty()).then(|| profile.clone());
        let assign = groups.assign(path).body(body);
        async move { assign.await.map(drop) }
    })
    .await?;
    Ok(Outcome::Created)
}

pub(crate) async fn unassign_group(
    okta: &Client,
    path: AppGroup<&str, &str>,
) -> Result<Outcome, Error> {
    let answer: Result<(), OktaError> = okta.application_groups().unassign(path).await;
    removed(answer)
}
