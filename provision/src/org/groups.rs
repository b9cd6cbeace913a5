//! Reading groups and who is in them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use okta_sdk::models::{Group, GroupRuleStatus};
use okta_sdk::{Client, Error};

use super::people::{self, MEMBERS};
use super::scope::{GroupScope, Scope};
use super::{Account, GroupNow, Org};
use crate::step::Members;

/// Up to this many groups are looked for by name, which takes as many requests; beyond it all groups
/// are listed.
const BY_NAME: usize = 50;

/// [`MEMBERS`], for counting.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a thousand
const PAGE_OF_MEMBERS: usize = MEMBERS as usize;

/// Groups of a page.
const GROUPS: i64 = 200;

/// Types of groups that a job may name: groups of directories and applications have names that are
/// not unique.
const NAMED: [&str; 2] = ["OKTA_GROUP", EVERYBODYS];

/// The type of the group of everybody.
const EVERYBODYS: &str = "BUILT_IN";

/// Reads the groups of the scope into `org`, which has the people already.
pub(super) async fn read(
    okta: &Client,
    scope: &Scope,
    org: &mut Org,
    at_once: usize,
) -> Result<(), Error> {
    if scope.groups.is_empty() {
        return Ok(());
    }
    let ruled = ruled(okta).await?;
    let found = find(okta, scope, at_once).await?;
    let now = &*org;
    let read = stream::iter(found).map(|(name, group)| async move {
        let members = match scope.groups.get(&name) {
            Some(group_scope) if group_scope.reads_members => {
                let reading = Reading {
                    okta,
                    scope,
                    group_scope,
                    org: now,
                };
                reading.members(&group).await?
            }
            _ => Found::default(),
        };
        Ok::<_, Error>((name, group, members))
    });
    let mut read = read.buffer_unordered(at_once);
    let (mut groups, mut unseen) = (HashMap::new(), Vec::new());
    while let Some((name, group, found)) = read.try_next().await? {
        let id = group.id.to_string();
        let is_everybodys = type_of(&group) == EVERYBODYS;
        let known = match (is_everybodys || ruled.contains(&id), found.is_all) {
            (true, _) => Members::Ruled,
            (false, true) => Members::Known,
            (false, false) => Members::Unread,
        };
        let now = GroupNow {
            id,
            description: group.profile.and_then(|it| it.description),
            members: found.members,
            known,
            is_everybodys,
            count: found.count,
        };
        groups.insert(name, now);
        unseen.extend(found.unseen);
    }
    drop(read);
    org.groups = groups;
    for (login, account) in unseen {
        org.people.entry(login).or_insert(account);
    }
    Ok(())
}

/// The ids of the groups into which active rules put people.
async fn ruled(okta: &Client) -> Result<HashSet<String>, Error> {
    let mut ruled = HashSet::new();
    let mut rules = okta.group_rules().list().limit(GROUPS).stream();
    while let Some(rule) = rules.try_next().await? {
        if rule.status != Some(GroupRuleStatus::Active) {
            continue;
        }
        let groups = rule.actions.and_then(|it| it.assign_user_to_groups);
        let groups = groups.and_then(|it| it.group_ids).unwrap_or_default();
        ruled.extend(groups.iter().map(ToString::to_string));
    }
    Ok(ruled)
}

fn type_of(group: &Group) -> &str {
    group.type_.as_ref().map_or(NAMED[0], |it| it.as_str())
}

/// The groups of the scope that are there, by the names of the scope. Okta's names do not differ by
/// case alone.
async fn find(
    okta: &Client,
    scope: &Scope,
    at_once: usize,
) -> Result<Vec<(Arc<str>, Group)>, Error> {
    let mut found = Vec::new();
    if scope.groups.len() <= BY_NAME {
        let names: Vec<Arc<str>> = scope.groups.keys().cloned().collect();
        let groups = stream::iter(names).map(|name| async move {
            let group = find_group(okta, &name).await?;
            Ok::<_, Error>(group.map(|group| (name, group)))
        });
        let mut groups = groups.buffer_unordered(at_once);
        while let Some(group) = groups.try_next().await? {
            found.extend(group);
        }
        return Ok(found);
    }
    let names = scope.groups.keys();
    let names: HashMap<String, &Arc<str>> = names.map(|it| (it.to_lowercase(), it)).collect();
    let mut groups = okta.groups().list().limit(GROUPS).stream();
    while let Some(group) = groups.try_next().await? {
        let name = group.profile.as_ref().and_then(|it| it.name.as_deref());
        let name = name.and_then(|it| names.get(&it.to_lowercase()));
        if let Some(name) = name
            && NAMED.contains(&type_of(&group))
        {
            found.push((Arc::clone(name), group));
        }
    }
    Ok(found)
}

/// The group of this name, in whatever case it is written. A look-up by `q` knows of groups that a
/// search does not know yet.
pub(crate) async fn find_group(okta: &Client, name: &str) -> Result<Option<Group>, Error> {
    let wanted = name.to_lowercase();
    let mut groups = okta.groups().list().q(name).stream();
    while let Some(group) = groups.try_next().await? {
        let found = group.profile.as_ref().and_then(|it| it.name.as_deref());
        let is_it = found.is_some_and(|found| found.to_lowercase() == wanted);
        if is_it && NAMED.contains(&type_of(&group)) {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

/// Who is in a group, as far as it matters.
#[derive(Debug, Default)]
struct Found {
    members: HashSet<Arc<str>>,
    /// Whether all members that matter are among them.
    is_all: bool,
    /// Members whom no search has shown yet.
    unseen: Vec<(Arc<str>, Account)>,
    count: usize,
}

struct Reading<'a> {
    okta: &'a Client,
    scope: &'a Scope,
    group_scope: &'a GroupScope,
    /// With its people.
    org: &'a Org,
}

impl Reading<'_> {
    async fn members(&self, group: &Group) -> Result<Found, Error> {
        let mut found = Found::default();
        let users = self.okta.groups().list_users(&group.id);
        let mut users = users.limit(MEMBERS).stream();
        while let Some(user) = users.try_next().await? {
            found.count += 1;
            // As many requests as it would take to ask for each, and the group goes on.
            let pages = found.count / PAGE_OF_MEMBERS;
            if !self.group_scope.is_exclusive && pages >= self.group_scope.named.len() {
                return self.look_up(group, found.count).await;
            }
            let login = people::login(&user).map(|it| self.org.login_of(it));
            let Some(login) = login else {
                continue;
            };
            // The text that is there already saves memory.
            let shared = self.scope.people.get_key_value(login.as_str());
            let shared = shared.map(|(login, _)| login);
            let login: Arc<str> = match shared.or_else(|| self.org.owned.get(login.as_str())) {
                Some(shared) => Arc::clone(shared),
                None if self.group_scope.is_exclusive => login.into(),
                None => continue,
            };
            if !self.org.people.contains_key(&login) {
                let wanted = self.scope.people.get(&login);
                let wanted = wanted.and_then(|it| it.attributes());
                let account = people::account(&user, wanted.as_deref());
                found.unseen.push((Arc::clone(&login), account));
            }
            found.members.insert(login);
        }
        found.is_all = true;
        Ok(found)
    }

    /// The members that the scope names, by the groups of each.
    async fn look_up(&self, group: &Group, count: usize) -> Result<Found, Error> {
        let mut found = Found {
            count,
            ..Found::default()
        };
        for login in &self.group_scope.named {
            // Somebody who is to be created is in no group.
            let Some(account) = self.org.people.get(login) else {
                continue;
            };
            let groups = self.okta.users().list_groups(&account.id).all().await?;
            if groups.iter().any(|it| it.id == group.id) {
                found.members.insert(Arc::clone(login));
            }
        }
        Ok(found)
    }
}
