//! Reading users.

use std::collections::HashMap;
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use okta_sdk::models::{User, UserStatus};
use okta_sdk::{Client, Error};

use super::groups::find_group;
use super::scope::{Scope, Wanted, differing};
use super::{Account, Org, renames};
use crate::desired::{Attributes, OwnedPeople, key};

/// Up to this many people are asked for one by one, which takes as many requests; beyond it all users
/// are listed, as many as fit a page at a time.
const ONE_BY_ONE: usize = 50;

/// Users of a page.
const PAGE: i64 = 200;

/// Members of a page.
pub(super) const MEMBERS: i64 = 1000;

/// Every user has one of these. A list without a search leaves deactivated users out.
const EVERYBODY: &str = "status pr";

/// Reads the people of the scope into `org`.
pub(super) async fn read(
    okta: &Client,
    scope: &Scope,
    org: &mut Org,
    at_once: usize,
) -> Result<(), Error> {
    let mut former = HashMap::new();
    let wanted_of = |former: &str| {
        let login = scope.former.get(former)?;
        scope.people.get(login)?.attributes()
    };
    if scope.people.len() + scope.former.len() <= ONE_BY_ONE {
        for login in scope.former.keys() {
            let account = read_account(okta, login, wanted_of(login).as_deref()).await?;
            former.extend(account.map(|it| (Arc::clone(login), it)));
        }
        let people: Vec<_> = scope.people.clone().into_iter().collect();
        let people = stream::iter(people).map(|(login, wanted)| async move {
            let found = read_account(okta, &login, wanted.attributes().as_deref()).await?;
            Ok::<_, Error>(found.map(|account| (login, account)))
        });
        let mut people = people.buffer_unordered(at_once);
        while let Some(found) = people.try_next().await? {
            org.people.extend(found);
        }
    } else {
        let mut users = okta.users().list().search(EVERYBODY).limit(PAGE).stream();
        while let Some(user) = users.try_next().await? {
            let Some(login) = login(&user) else { continue };
            if let Some((login, wanted)) = scope.people.get_key_value(login.as_str()) {
                let account = account(&user, wanted.attributes().as_deref());
                org.people.insert(Arc::clone(login), account);
            }
            if let Some((login, _)) = scope.former.get_key_value(login.as_str()) {
                let account = account(&user, wanted_of(login).as_deref());
                former.insert(Arc::clone(login), account);
            }
        }
    }
    renames::resolve(scope, org, former);
    read_owned(okta, scope, org).await
}

/// Who belongs to the job, whether the scope names them or not.
async fn read_owned(okta: &Client, scope: &Scope, org: &mut Org) -> Result<(), Error> {
    let mut users = match &scope.owned {
        None => return Ok(()),
        Some(OwnedPeople::Search(expression)) => {
            okta.users().list().search(expression).limit(PAGE).stream()
        }
        Some(OwnedPeople::Group(name)) => match find_group(okta, name).await? {
            Some(group) => okta.groups().list_users(&group.id).limit(MEMBERS).stream(),
            None => return Ok(()),
        },
    };
    while let Some(user) = users.try_next().await? {
        let Some(login) = login(&user).map(|it| org.login_of(it)) else {
            continue;
        };
        let login: Arc<str> = match scope.people.get_key_value(login.as_str()) {
            Some((shared, _)) => Arc::clone(shared),
            None => login.into(),
        };
        org.people.entry(Arc::clone(&login)).or_insert_with(|| {
            let wanted = scope.people.get(&login).and_then(Wanted::attributes);
            account(&user, wanted.as_deref())
        });
        org.owned.insert(login);
    }
    Ok(())
}

/// One user, by login or id. Okta also finds people by the part of their login before the `@`, which
/// is no login.
pub(crate) async fn read_account(
    okta: &Client,
    login: &str,
    wanted: Option<&Attributes>,
) -> Result<Option<Account>, Error> {
    match okta.users().get(login).await {
        Ok(user) => {
            let is_it = user.id == *login || self::login(&user).is_none_or(|it| it == key(login));
            Ok(is_it.then(|| account(&user, wanted)))
        }
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn account(user: &User, wanted: Option<&Attributes>) -> Account {
    let profile = wanted.map(|_| serde_json::to_value(&user.profile).unwrap_or_default());
    let now = |name: &str| profile.as_ref()?.get(name).cloned();
    Account {
        id: user.id.to_string(),
        status: user.status.clone().unwrap_or(UserStatus::Active),
        differing: differing(wanted, now),
    }
}

/// The key of a user's login.
pub(super) fn login(user: &User) -> Option<String> {
    let profile = user.profile.as_ref()?;
    Some(key(profile.login.as_deref()?))
}

/// Logins of people by id.
pub(super) fn by_id(org: &Org) -> HashMap<String, Arc<str>> {
    let people = org.people.iter();
    people
        .map(|(login, account)| (account.id.clone(), Arc::clone(login)))
        .collect()
}
