//! Who has an application.

use okta_sdk::models::{AppUser as Assignment, AppUserUpdateRequest, ApplicationGroupAssignment};
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
            okta.application_users().assign(app_id, body).await?;
            Ok(profile.clone())
        },
        || async move {
            match okta.application_users().get(path).await {
                Ok(found) => {
                    let scope = found.scope.as_ref();
                    let is_own = scope.is_none_or(|it| it.as_str() == "USER");
                    Ok(is_own.then(|| found.profile.unwrap_or_default()))
                }
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(error),
            }
        },
    );
    let (outcome, now) = match made.await? {
        Once::Made(now) => (Outcome::Created, now),
        Once::Found(now) => (Outcome::Kept, now),
    };
    match profile
        .iter()
        .find(|(name, to)| now.get(*name) != Some(*to))
    {
        None => Ok(outcome),
        Some((name, _)) => Err(Error::Changed(vec![format!(
            "the user was given the application by someone else, with another {name}"
        )])),
    }
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
/// attributes of `profile` are changed, if they are as the plan saw them.
pub(crate) async fn assign_group(
    okta: &Client,
    path: AppGroup<&str, &str>,
    from: Option<&Attributes>,
    profile: &Attributes,
    age: Age,
) -> Result<Outcome, Error> {
    let groups = okta.application_groups();
    let mut body = ApplicationGroupAssignment::default();
    let outcome = match groups.get(path).await {
        Ok(now) => {
            let mut merged = now.profile.unwrap_or_default();
            let differs = |(name, to): &(&String, &Value)| merged.get(*name) != Some(*to);
            let mut differing = profile.iter().filter(differs).peekable();
            if differing.peek().is_none() {
                return Ok(Outcome::Kept);
            }
            for (name, _) in differing {
                let now = merged.get(name).unwrap_or(&Value::Null);
                let then = from.map(|from| from.get(name).unwrap_or(&Value::Null));
                if then.is_none_or(|then| then != now) {
                    let what = format!("{name} has been changed by someone else");
                    return Err(Error::Changed(vec![what]));
                }
            }
            merged.extend(profile.clone());
            body.priority = now.priority;
            body.profile = Some(merged);
            Outcome::Updated
        }
        Err(error) if error.is_not_found() => {
            body.profile = (!profile.is_empty()).then(|| profile.clone());
            Outcome::Created
        }
        Err(error) => return Err(error.into()),
    };
    let (groups, body) = (&groups, &body);
    settled(age, || async move {
        groups.assign(path).body(body).await.map(drop)
    })
    .await?;
    Ok(outcome)
}

pub(crate) async fn unassign_group(
    okta: &Client,
    path: AppGroup<&str, &str>,
) -> Result<Outcome, Error> {
    let answer: Result<(), OktaError> = okta.application_groups().unassign(path).await;
    removed(answer)
}
