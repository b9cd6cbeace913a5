//! What the org has already, as far as it matters.

use std::collections::{HashMap, HashSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use futures::{TryFutureExt, future, try_join};
use okta_sdk::{Client, Error, Id};
use serde_json::Value;

use crate::people::{self, Person};

/// Users, groups and applications of the org, of those that the people name.
#[derive(Debug, Default)]
pub struct State {
    /// By login.
    pub users: HashMap<String, User>,
    /// By name.
    pub groups: HashMap<String, Holder>,
    /// By label.
    pub apps: HashMap<String, Holder>,
}

/// A user that is there.
#[derive(Debug, Default)]
pub struct User {
    pub id: Id,
    /// The profile as JSON, to compare attributes by name, custom ones included.
    pub profile: Value,
    /// Types of the roles that the user has, itself or by a group. Read only where roles are
    /// wanted.
    pub roles: HashSet<String>,
}

/// A group or an application that is there, and the ids of its users. Who has an application by a
/// group has it.
#[derive(Debug, Default)]
pub struct Holder {
    pub id: Id,
    pub users: HashSet<Id>,
}

impl State {
    /// Reads it, with at most three times `concurrency` requests at a time.
    pub async fn read(okta: &Client, people: &[Person], concurrency: usize) -> Result<Self, Error> {
        let users = people
            .iter()
            .map(|person| user(okta, person).map_ok(|user| Some((person.login.clone(), user?))));
        let groups = people::all_groups(people)
            .into_iter()
            .map(|name| group(okta, name).map_ok(move |group| Some((name.to_owned(), group?))));
        let apps = people::all_apps(people)
            .into_iter()
            .map(|label| app(okta, label).map_ok(move |app| Some((label.to_owned(), app?))));
        let (users, groups, apps) = try_join!(
            all(users, concurrency),
            all(groups, concurrency),
            all(apps, concurrency)
        )?;
        Ok(Self {
            users,
            groups,
            apps,
        })
    }
}

/// What the futures find, by name.
async fn all<T>(
    found: impl Iterator<Item = impl Future<Output = Result<Option<(String, T)>, Error>>>,
    concurrency: usize,
) -> Result<HashMap<String, T>, Error> {
    let found = stream::iter(found).buffer_unordered(concurrency);
    found.try_filter_map(future::ok).try_collect().await
}

async fn user(okta: &Client, person: &Person) -> Result<Option<User>, Error> {
    let user = match okta.users().get(&person.login).await {
        Ok(user) => user,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut roles = HashSet::new();
    if !person.roles.is_empty() {
        for role in okta.roles().list_assigned_for_user(&user.id).all().await? {
            roles.extend(role.type_().map(|role| role.as_str().to_owned()));
        }
    }
    let profile = serde_json::to_value(&user.profile).unwrap_or_default();
    Ok(Some(User {
        id: user.id,
        profile,
        roles,
    }))
}

async fn group(okta: &Client, name: &str) -> Result<Option<Holder>, Error> {
    let Some(id) = find_group(okta, name).await? else {
        return Ok(None);
    };
    let members = okta.groups().list_users(&id).limit(1000).all().await?;
    let users = members.into_iter().map(|user| user.id).collect();
    Ok(Some(Holder { id, users }))
}

async fn app(okta: &Client, label: &str) -> Result<Option<Holder>, Error> {
    let Some(id) = find_app(okta, label).await? else {
        return Ok(None);
    };
    let assigned = okta.application_users().list(&id).limit(500).all().await?;
    let users = assigned.into_iter().map(|user| user.id).collect();
    Ok(Some(Holder { id, users }))
}

/// The id of the group of this name.
pub async fn find_group(okta: &Client, name: &str) -> Result<Option<Id>, Error> {
    let group = okta.groups().find_by_name(name).await?;
    Ok(group.map(|group| group.id))
}

/// The id of the application of this label.
pub async fn find_app(okta: &Client, label: &str) -> Result<Option<Id>, Error> {
    let mut apps = okta.applications().list().q(label).stream();
    while let Some(app) = apps.try_next().await? {
        if app.label() == Some(label) {
            return Ok(Some(app.id().clone()));
        }
    }
    Ok(None)
}
