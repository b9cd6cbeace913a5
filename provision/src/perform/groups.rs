//! Groups and who is in them.

use okta_sdk::Client;
use okta_sdk::models::{GroupRequest, OktaUserGroupProfile};
use okta_sdk::paths::GroupUser;

use super::{Age, Outcome, removed, settled};
use crate::error::Error;
use crate::once::{Once, Unique, once};
use crate::org::find_group;

/// Makes a group; gives the id.
pub(crate) async fn create_group(
    okta: &Client,
    name: &str,
    description: Option<&str>,
) -> Result<(Outcome, String), Error> {
    let made = once(
        Unique::Yes,
        || async move {
            let mut profile = OktaUserGroupProfile::new().name(name);
            profile.description = description.map(str::to_owned);
            let group = GroupRequest::new().profile(profile);
            Ok(okta.groups().add(group).await?.id.to_string())
        },
        || async move {
            let found = find_group(okta, name).await?;
            Ok(found.map(|group| group.id.to_string()))
        },
    );
    Ok(match made.await? {
        Once::Made(id) => (Outcome::Created, id),
        Once::Found(id) => (Outcome::Kept, id),
    })
}

/// What a plan has seen of a description.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seen<'a> {
    /// This one, or none.
    As(Option<&'a str>),
    /// Whatever it is, it may be changed.
    Anything,
}

/// Changes the description of a group and nothing else of its profile, if it is as the plan saw it.
pub(crate) async fn describe_group(
    okta: &Client,
    id: &str,
    from: Seen<'_>,
    to: &str,
) -> Result<Outcome, Error> {
    let group = okta.groups().get(id).await?;
    let mut profile = serde_json::to_value(&group.profile)?;
    let now = profile.get("description").and_then(|it| it.as_str());
    if now.unwrap_or_default() == to {
        return Ok(Outcome::Kept);
    }
    if matches!(from, Seen::As(from) if from != now) {
        let what = "the description has been changed by someone else";
        return Err(Error::Changed(vec![what.to_owned()]));
    }
    if let Some(members) = profile.as_object_mut() {
        members.insert("description".to_owned(), to.into());
    }
    let profile: OktaUserGroupProfile = serde_json::from_value(profile)?;
    let body = GroupRequest::new().profile(profile);
    okta.groups().replace(id, body).await?;
    Ok(Outcome::Updated)
}

pub(crate) async fn delete_group(okta: &Client, id: &str) -> Result<Outcome, Error> {
    removed(okta.groups().delete(id).await)
}

/// Adds a user to a group. Okta does not say whether they were in it before.
pub(crate) async fn add_member(
    okta: &Client,
    group_id: &str,
    user_id: &str,
    age: Age,
) -> Result<Outcome, Error> {
    let path = GroupUser { group_id, user_id };
    settled(age, || okta.groups().assign_user(path).into_future()).await?;
    Ok(Outcome::Created)
}

pub(crate) async fn remove_member(
    okta: &Client,
    group_id: &str,
    user_id: &str,
) -> Result<Outcome, Error> {
    let path = GroupUser { group_id, user_id };
    removed(okta.groups().unassign_user(path).await)
}
