//! Reading who must not lose anything.

use std::collections::{BTreeMap, HashSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use okta_sdk::models::RoleType;
use okta_sdk::{Client, Error};

use super::scope::Scope;
use super::{Guarded, Org, read_account};

/// Reads into `org` who must not lose anything: the caller, super administrators, and those whom the
/// scope protects.
pub(super) async fn read(
    okta: &Client,
    scope: &Scope,
    org: &mut Org,
    at_once: usize,
) -> Result<(), Error> {
    let mut found: BTreeMap<String, Guarded> = BTreeMap::new();
    match okta.users().get("me").await {
        Ok(user) => {
            let id = user.id.to_string();
            let login = user.profile.and_then(|it| it.login);
            let login = login.unwrap_or_else(|| id.clone());
            found.insert(id, guarded(login, "is who runs the job"));
        }
        // A service app is no user.
        Err(error) if error.status().is_some_and(|it| it.is_client_error()) => {}
        Err(error) => return Err(error),
    }
    for login in &scope.protected {
        if let Some(account) = read_account(okta, login, None).await? {
            found.insert(account.id, guarded(login.clone(), "is protected"));
        }
    }
    let admins = match okta.roles().list_users_with_assignments().all().await {
        // The plan says so.
        Err(error) if error.status().is_some_and(|it| it.as_u16() == 403) => {
            org.hides_admins = true;
            Vec::new()
        }
        admins => admins?,
    };
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
            let admin = guarded(id.clone(), "is a super administrator");
            found.entry(id).or_insert(admin);
        }
    }
    let all = stream::iter(found).map(|(id, guarded)| async move {
        let groups = okta.users().list_groups(&id).all().await?;
        let groups: HashSet<String> = groups.iter().map(|it| it.id.to_string()).collect();
        Ok::<_, Error>((id, Guarded { groups, ..guarded }))
    });
    let mut all = all.buffer_unordered(at_once);
    while let Some((id, guarded)) = all.try_next().await? {
        org.untouchable.insert(id, guarded);
    }
    Ok(())
}

fn guarded(login: String, why: &'static str) -> Guarded {
    Guarded {
        login,
        why,
        groups: HashSet::new(),
    }
}
