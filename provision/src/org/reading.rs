//! Reading an org.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use okta_sdk::models::{AssignedRole, Group, RoleType};
use okta_sdk::{Client, Error};
use serde_json::Value;

use super::people::{self, MEMBERS};
use super::scope::{AppScope, GroupScope, Scope, differing};
use super::{Account, AppNow, GroupNow, Held, Org};
use crate::desired::{Attributes, Principal, Role};

/// Up to this many groups are looked for by name, which takes as many requests; beyond it all groups
/// are listed.
const BY_NAME: usize = 50;

/// [`MEMBERS`], for counting.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a thousand
const PAGE_OF_MEMBERS: usize = MEMBERS as usize;

/// Assignments of a page.
const ASSIGNMENTS: i64 = 500;

/// Groups of a page.
const GROUPS: i64 = 200;

impl Org {
    /// Reads what the scope names, with at most `at_once` requests at a time.
    pub(crate) async fn read(okta: &Client, scope: &Scope, at_once: usize) -> Result<Self, Error> {
        let mut org = Self::default();
        people::read(okta, scope, &mut org, at_once).await?;
        read_groups(okta, scope, &mut org, at_once).await?;
        read_apps(okta, scope, &mut org, at_once).await?;
        read_roles(okta, scope, &mut org, at_once).await?;
        if scope.has_removals {
            read_untouchable(okta, &mut org, at_once).await?;
        }
        Ok(org)
    }
}

async fn read_groups(
    okta: &Client,
    scope: &Scope,
    org: &mut Org,
    at_once: usize,
) -> Result<(), Error> {
    let mut found: Vec<(Arc<str>, Group)> = Vec::new();
    if scope.groups.len() <= BY_NAME {
        let names: Vec<Arc<str>> = scope.groups.keys().cloned().collect();
        let groups = stream::iter(names).map(|name| async move {
            let group = okta.groups().find_by_name(&*name).await?;
            Ok::<_, Error>(group.map(|group| (name, group)))
        });
        let mut groups = groups.buffer_unordered(at_once);
        while let Some(group) = groups.try_next().await? {
            found.extend(group);
        }
    } else {
        let own = "type eq \"OKTA_GROUP\"";
        let mut groups = okta.groups().list().filter(own).limit(GROUPS).stream();
        while let Some(group) = groups.try_next().await? {
            let name = group.profile.as_ref().and_then(|it| it.name.as_deref());
            if let Some((name, _)) = name.and_then(|name| scope.groups.get_key_value(name)) {
                found.push((Arc::clone(name), group));
            }
        }
    }
    // Members are known by login; the shared text of the scope saves memory.
    let read = stream::iter(found).map(|(name, group)| async move {
        let members = match scope.groups.get(&name) {
            Some(group_scope) if group_scope.reads_members => {
                read_members(okta, scope, group_scope, &group).await?
            }
            _ => Members::default(),
        };
        Ok::<_, Error>((name, group, members))
    });
    let mut read = read.buffer_unordered(at_once);
    while let Some((name, group, members)) = read.try_next().await? {
        let description = group.profile.as_ref().and_then(|it| it.description.clone());
        let mut now = GroupNow {
            id: group.id.to_string(),
            description,
            count: members.count,
            ..GroupNow::default()
        };
        for (login, account) in members.of_interest {
            // Someone whom no search has shown yet.
            if let Some(account) = account {
                org.people.entry(Arc::clone(&login)).or_insert(account);
            }
            now.members.insert(login);
        }
        org.groups.insert(name, now);
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Members {
    /// With the account, unless only the login was of interest.
    of_interest: Vec<(Arc<str>, Option<Account>)>,
    count: usize,
}

async fn read_members(
    okta: &Client,
    scope: &Scope,
    group_scope: &GroupScope,
    group: &Group,
) -> Result<Members, Error> {
    let mut members = Members::default();
    let mut users = okta.groups().list_users(&group.id).limit(MEMBERS).stream();
    while let Some(user) = users.try_next().await? {
        members.count += 1;
        let Some(login) = people::login(&user) else {
            continue;
        };
        match scope.people.get_key_value(login.as_str()) {
            Some((login, wanted)) => {
                let account = people::account(&user, wanted.attributes());
                members.of_interest.push((Arc::clone(login), Some(account)));
            }
            None if group_scope.is_exclusive => {
                let account = people::account(&user, None);
                members.of_interest.push((login.into(), Some(account)));
            }
            None => {}
        }
        // As many requests as it would take to ask for each, and the group may go on.
        let pages = members.count / PAGE_OF_MEMBERS;
        if !group_scope.is_exclusive && pages >= group_scope.named.len() {
            return look_up_members(okta, group_scope, group, members.count).await;
        }
    }
    Ok(members)
}

/// The members that the scope names, by the groups of each.
async fn look_up_members(
    okta: &Client,
    scope: &GroupScope,
    group: &Group,
    count: usize,
) -> Result<Members, Error> {
    let mut members = Members {
        count,
        ..Members::default()
    };
    for login in &scope.named {
        match okta.users().list_groups(&**login).all().await {
            Ok(groups) if groups.iter().any(|it| it.id == group.id) => {
                members.of_interest.push((Arc::clone(login), None));
            }
            Ok(_) => {}
            // Somebody who is to be created.
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(members)
}

async fn read_apps(
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

async fn read_roles(
    okta: &Client,
    scope: &Scope,
    org: &mut Org,
    at_once: usize,
) -> Result<(), Error> {
    if scope.principals.is_empty() {
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
    let held = own.filter_map(|role| {
        let id = role.id().to_string();
        labels.role(&role).map(|role| Held { id, role })
    });
    Ok(held.collect())
}

/// Who must not lose anything: the caller, and super administrators.
async fn read_untouchable(okta: &Client, org: &mut Org, at_once: usize) -> Result<(), Error> {
    match okta.users().get("me").await {
        Ok(user) => {
            let id = user.id.to_string();
            org.untouchable.insert(id, "is who runs the job");
        }
        // A service app is no user.
        Err(error) if error.status().is_some_and(|it| it.is_client_error()) => {}
        Err(error) => return Err(error),
    }
    let admins = okta.roles().list_users_with_assignments().all().await?;
    let admins = stream::iter(admins).map(|admin| async move {
        let roles = okta.roles().list_assigned_for_user(&admin.id).all().await?;
        let is_super = roles
            .iter()
            .any(|role| role.type_() == Some(&RoleType::SuperAdmin));
        Ok::<_, Error>(is_super.then(|| admin.id.to_string()))
    });
    let mut admins = admins.buffer_unordered(at_once);
    while let Some(admin) = admins.try_next().await? {
        if let Some(id) = admin {
            let why = "is a super administrator";
            org.untouchable.entry(id).or_insert(why);
        }
    }
    Ok(())
}
