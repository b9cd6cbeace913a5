//! Comparing an org with what was wanted, member by member.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use okta_sdk::Client;
use okta_sdk::models::UserStatus;

use crate::wish::Wish;

/// What is not as it was wanted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// People and memberships that are not there.
    lost: usize,
    /// People and groups that are there twice.
    doubled: usize,
    /// Attributes with another value.
    wrong: usize,
    /// People, memberships and roles that should not be there.
    excess: usize,
}

impl Found {
    pub fn is_good(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            lost,
            doubled,
            wrong,
            excess,
        } = self;
        write!(
            f,
            "{lost} lost, {doubled} doubled, {wrong} wrong attributes, {excess} in excess"
        )
    }
}

pub async fn compare(okta: &Client, wish: &Wish) -> anyhow::Result<Found> {
    let mut found = Found::default();
    people(okta, wish, &mut found).await?;
    groups(okta, wish, &mut found).await?;
    Ok(found)
}

async fn people(okta: &Client, wish: &Wish, found: &mut Found) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    let mut users = okta.users().list().search("status pr").limit(200).stream();
    while let Some(user) = users.try_next().await? {
        let profile = user.profile.unwrap_or_default();
        let login = profile.login.clone().unwrap_or_default();
        let is_away = user.status == Some(UserStatus::Deprovisioned);
        match wish.people.get(&login) {
            Some(wanted) => {
                let badge: Option<usize> = profile.get_custom("badgeNumber")?;
                found.wrong += usize::from(badge != Some(wanted.badge));
                let last_name = profile.last_name.as_deref();
                found.wrong += usize::from(last_name != Some(&wanted.last_name));
                found.lost += usize::from(is_away);
            }
            None => found.excess += usize::from(!is_away && login != "admin@example.com"),
        }
        found.doubled += usize::from(!seen.insert(login));
    }
    let people = wish.people.keys();
    found.lost += people.filter(|login| !seen.contains(*login)).count();
    Ok(())
}

async fn groups(okta: &Client, wish: &Wish, found: &mut Found) -> anyhow::Result<()> {
    let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (login, person) in &wish.people {
        for group in &person.groups {
            let group = &wish.groups[*group];
            wanted.entry(group).or_default().insert(login);
        }
    }
    let mut seen = BTreeSet::new();
    let mut groups = okta
        .groups()
        .list()
        .filter("type eq \"OKTA_GROUP\"")
        .stream();
    while let Some(group) = groups.try_next().await? {
        let name = group.profile.and_then(|it| it.name).unwrap_or_default();
        let wanted = wanted.get(name.as_str()).cloned().unwrap_or_default();
        let mut members = BTreeSet::new();
        let mut users = okta.groups().list_users(&group.id).limit(1000).stream();
        while let Some(user) = users.try_next().await? {
            // Who has left counts in no group.
            if user.status != Some(UserStatus::Deprovisioned) {
                members.extend(user.profile.and_then(|it| it.login));
            }
        }
        let members: BTreeSet<&str> = members.iter().map(String::as_str).collect();
        found.lost += wanted.difference(&members).count();
        found.excess += members.difference(&wanted).count();
        let roles = okta
            .roles()
            .list_assigned_for_group(&group.id)
            .all()
            .await?;
        let is_administrator = name == wish.administrators;
        match (is_administrator, roles.len()) {
            (true, 0) => found.lost += 1,
            (true, count) => found.excess += count - 1,
            (false, count) => found.excess += count,
        }
        found.doubled += usize::from(!seen.insert(name));
    }
    found.lost += wish.groups.iter().filter(|it| !seen.contains(*it)).count();
    Ok(())
}
