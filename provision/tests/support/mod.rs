//! An emulated org, and looking into it with the SDK alone.
// Each test program uses a part of this.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use okta_emulator::{Emulator, Seed};
use okta_provision::{Apply, Desired, Guard, Kind, Plan, Report};
use okta_sdk::Client;

/// An org with one application, Wiki, that declares every attribute.
pub async fn org() -> Emulator {
    org_of("apps: [{ label: Wiki, name: bookmark, signOnMode: BOOKMARK, settings: { app: { url: 'https://wiki.example.com' } } }]").await
}

pub async fn org_of(seed: &str) -> Emulator {
    let seed = Seed::from_yaml(seed).unwrap();
    let org = Emulator::builder().seed(seed).lax_profiles();
    org.start().await.unwrap()
}

pub fn client(org: &Emulator) -> Client {
    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token());
    okta.build().unwrap()
}

/// Allows any removal.
pub fn lax() -> Guard {
    Kind::ALL
        .into_iter()
        .fold(Guard::new(), |guard, kind| guard.allow(kind, usize::MAX))
}

/// Plans and carries out.
pub async fn provision(okta: &Client, desired: &Desired) -> Report {
    let plan = Plan::make(okta, desired, &lax()).await.unwrap();
    Apply::new(okta, plan).run().await.unwrap()
}

/// Fails unless the org needs nothing, which takes only reads to find out.
pub async fn assert_done(org: &Emulator, desired: &Desired) {
    org.clear_requests();
    let plan = Plan::make(&client(org), desired, &lax()).await.unwrap();
    assert_eq!(plan.steps(), [], "{plan}");
    assert_eq!(plan.objections(), [""; 0]);
    let requests = org.requests();
    assert!(requests.iter().all(|it| it.method == "GET"), "{requests:?}");
}

/// Members of a group by login.
pub async fn members(okta: &Client, name: &str) -> BTreeSet<String> {
    let group = okta.groups().find_by_name(name).await.unwrap().unwrap();
    let users = okta.groups().list_users(&group.id).all().await.unwrap();
    users
        .into_iter()
        .map(|user| user.profile.unwrap().login.unwrap())
        .collect()
}

/// The status of a user; nothing if there is none.
pub async fn status(okta: &Client, login: &str) -> Option<String> {
    match okta.users().get(login).await {
        Ok(user) => Some(user.status.unwrap().as_str().to_owned()),
        Err(error) if error.is_not_found() => None,
        Err(error) => panic!("{error}"),
    }
}

/// Types of the roles of a user.
pub async fn roles(okta: &Client, login: &str) -> BTreeSet<String> {
    let roles = okta.roles().list_assigned_for_user(login).all().await;
    roles
        .unwrap()
        .iter()
        .map(|role| role.type_().unwrap().as_str().to_owned())
        .collect()
}

/// How often each login is there, deactivated users included.
pub async fn logins(okta: &Client) -> BTreeMap<String, usize> {
    let mut logins = BTreeMap::new();
    let users = okta.users().list().search("status pr").all().await.unwrap();
    for user in users {
        *logins
            .entry(user.profile.unwrap().login.unwrap())
            .or_default() += 1;
    }
    logins
}

/// Names of a list.
pub fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
