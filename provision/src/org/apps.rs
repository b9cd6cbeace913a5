//! Reading who has applications.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use okta_sdk::{Client, Error};
use serde_json::Value;

use super::people;
use super::scope::{AppScope, Scope, differing};
use super::{AppNow, Org};
use crate::desired::Attributes;

/// Assignments of a page.
const ASSIGNMENTS: i64 = 500;

/// Reads the applications of the scope into `org`, which has people and groups already.
pub(super) async fn read(
    okta: &Client,
    scope: &Scope,
    org: &mut Org,
    at_once: usize,
) -> Result<(), Error> {
    if scope.apps.is_empty() {
        return Ok(());
    }
    let logins = people::by_id(org);
    let names: HashMap<String, Arc<str>> = org
        .groups
        .iter()
        .map(|(name, group)| (group.id.clone(), Arc::clone(name)))
        .collect();
    let (logins, names) = (&logins, &names);
    let labels: Vec<Arc<str>> = scope.apps.keys().cloned().collect();
    let apps = stream::iter(labels).map(|label| async move {
        let (Some(id), Some(app_scope)) = (find_app(okta, &label).await?, scope.apps.get(&label))
        else {
            return Ok(None);
        };
        let app = read_app(okta, id, app_scope, logins, names).await?;
        Ok::<_, Error>(Some((label, app)))
    });
    let mut apps = apps.buffer_unordered(at_once);
    let mut found = Vec::new();
    while let Some(app) = apps.try_next().await? {
        found.extend(app);
    }
    drop(apps);
    org.apps.extend(found);
    read_givers(okta, scope, org).await
}

/// Of users who are to lose an application: whether a group whose members were not read gives it to
/// them. Okta takes no application from a user that a group of theirs gives.
async fn read_givers(okta: &Client, scope: &Scope, org: &mut Org) -> Result<(), Error> {
    for (label, app) in &org.apps {
        let Some(app_scope) = scope.apps.get(label).filter(|it| it.is_exclusive) else {
            continue;
        };
        let others = app
            .users
            .keys()
            .filter(|it| !app_scope.users.contains_key(*it));
        let others: HashMap<&str, &Arc<str>> = others
            .map(|name| {
                (
                    org.people.get(name).map_or(&**name, |it| it.id.as_str()),
                    name,
                )
            })
            .collect();
        if others.is_empty() {
            continue;
        }
        for name in app_scope.groups.keys() {
            let Some(group) = org.groups.get_mut(name).filter(|it| it.members.is_empty()) else {
                continue;
            };
            let users = okta.groups().list_users(&group.id);
            let mut users = users.limit(people::MEMBERS).stream();
            while let Some(user) = users.try_next().await? {
                let other = others.get(user.id.to_string().as_str());
                group.members.extend(other.map(|name| Arc::clone(name)));
            }
        }
    }
    Ok(())
}

/// The id of the application of this label.
pub(crate) async fn find_app(okta: &Client, label: &str) -> Result<Option<String>, Error> {
    let mut apps = okta.applications().list().q(label).stream();
    while let Some(app) = apps.try_next().await? {
        if app.label() == Some(label) {
            return Ok(Some(app.id().to_string()));
        }
    }
    Ok(None)
}

async fn read_app(
    okta: &Client,
    id: String,
    scope: &AppScope,
    logins: &HashMap<String, Arc<str>>,
    names: &HashMap<String, Arc<str>>,
) -> Result<AppNow, Error> {
    let mut app = AppNow {
        id,
        ..AppNow::default()
    };
    let mut users = okta
        .application_users()
        .list(&app.id)
        .limit(ASSIGNMENTS)
        .stream();
    while let Some(user) = users.try_next().await? {
        // Who has it by a group has no assignment of their own.
        if user.scope.as_ref().is_some_and(|it| it.as_str() != "USER") {
            continue;
        }
        let id = user.id.to_string();
        let login = logins.get(&id).cloned().unwrap_or_else(|| id.into());
        let differing = compare(scope.users.get(&login), user.profile.as_ref());
        app.users.insert(login, differing);
    }
    let mut groups = okta.application_groups().list(&app.id).stream();
    while let Some(group) = groups.try_next().await? {
        let id = group.id.to_string();
        let name = names.get(&id).cloned().unwrap_or_else(|| id.into());
        let differing = compare(scope.groups.get(&name), group.profile.as_ref());
        app.groups.insert(name, differing);
    }
    Ok(app)
}

fn compare(wanted: Option<&Attributes>, now: Option<&BTreeMap<String, Value>>) -> Attributes {
    differing(wanted, |name| now?.get(name).cloned())
}
