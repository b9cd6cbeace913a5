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
    // What is wanted of who has a login now.
    let wanted_of = |login: &str| scope.people.get(scope.former.get(login)?);
    if scope.people.len() + scope.former.len() <= ONE_BY_ONE {
        let people = scope.people.iter();
        let people = people.map(|(login, wanted)| (Arc::clone(login), Some(wanted.clone())));
        org.people = one_by_one(okta, people.collect(), at_once).await?;
        let logins = scope.former.keys();
        let logins = logins.map(|login| (Arc::clone(login), wanted_of(login).cloned()));
        former = one_by_one(okta, logins.collect(), at_once).await?;
    } else {
        let mut users = okta.users().list().search(EVERYBODY).limit(PAGE).stream();
        while let Some(user) = users.try_next().await? {
            let Some(login) = login(&user) else { continue };
            if let Some((login, wanted)) = scope.people.get_key_value(login.as_str()) {
                let account = account(&user, wanted.attributes().as_deref());
                org.people.insert(Arc::clone(login), account);
            }
            if let Some((login, _)) = scope.former.get_key_value(login.as_str()) {
                let wanted = wanted_of(login).and_then(Wanted::attributes);
                former.insert(Arc::clone(login), account(&user, wanted.as_deref()));
            }
        }
    }
    renames::resolve(scope, org, former);
    read_owned(okta, scope, org).await
}

/// Accounts by login, each asked for by itself.
async fn one_by_one(
    okta: &Client,
    logins: Vec<(Arc<str>, Option<Wanted>)>,
    at_once: usize,
) -> Result<HashMap<Arc<str>, Account>, Error> {
    let accounts = stream::iter(logins).map(|(login, wanted)| async move {
        let wanted = wanted.as_ref().and_then(Wanted::attributes);
        let found = read_account(okta, &login, wanted.as_deref()).await?;
        Ok::<_, Error>(found.map(|account| (login, account)))
    });
    let accounts = accounts.buffer_unordered(at_once);
    accounts
        .try_filter_map(async |found| Ok(found))
        .try_collect()
        .await
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
