//! What happens to people over the years: they leave, come back, change their names.

use std::time::Duration;

use okta_sdk::models::{GroupType, RoleAssignmentType, User, UserStatus};
use okta_sdk::search::field;
use okta_sdk::{Client, Error as OktaError};
use serde_json::{Value, json};

use crate::desired::{Attributes, Principal, key};
use crate::error::Error;
use crate::org::{Account, read_account};
use crate::perform::{self, Outcome, PATIENCE};
use crate::step::Transition;
use crate::wait::until;

/// How someone leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offboarding {
    successor: Option<String>,
    delete_after: Option<Duration>,
}

impl Offboarding {
    /// The account is deactivated and stays.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Who becomes the manager (`managerId`) of those whom the leaver manages, by login.
    #[must_use]
    pub fn successor(mut self, login: impl Into<String>) -> Self {
        self.successor = Some(login.into());
        self
    }

    /// Deletes the account once it has been deactivated for so long: call [`offboard`] again then.
    #[must_use]
    pub const fn delete_after(mut self, time: Duration) -> Self {
        self.delete_after = Some(time);
        self
    }
}

/// What [`offboard`] has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Offboarded {
    /// The status that the account had before; none if there is no such user.
    pub status_before: Option<UserStatus>,
    /// Labels of the roles that were taken from the user, who had them by themselves.
    pub roles: Vec<String>,
    /// Names of the groups that the user was taken out of.
    pub groups: Vec<String>,
    /// Labels of the applications that were taken from the user, who had them by themselves.
    pub applications: Vec<String>,
    /// Logins of those who have another manager now.
    pub reports: Vec<String>,
    /// Whether the account was deactivated now.
    pub is_deactivated: bool,
    /// Whether the account was deleted now.
    pub is_deleted: bool,
}

/// Lets someone leave: suspends the account at once, ends sessions, revokes tokens and grants, takes the
/// roles that the user has by themselves, removes the second factors, takes the user out of the groups
/// of Okta's own, takes applications that the user has by themselves, hands over the people whom the
/// user manages, deactivates the account and, if that is asked for and due, deletes it. It can be called
/// again after a failure, and does what is left. Someone who is not there has left.
///
/// Groups that a directory or an application fills are left to these. What an account that is deactivated
/// already still has is not looked at.
///
/// `now` is the time in seconds since 1970, for what is due. Reading and taking roles needs
/// `okta.roles.manage` beside the scopes for users, groups, applications and their grants.
///
/// # Errors
/// What Okta refuses, and [`Error::Missing`] if the successor is not there. What was done before stays.
pub async fn offboard(
    okta: &Client,
    login: &str,
    how: &Offboarding,
    now: i64,
) -> Result<Offboarded, Error> {
    let mut done = Offboarded::default();
    let user = match okta.users().get(login).await {
        Ok(user) => user,
        Err(error) if error.is_not_found() => return Ok(done),
        Err(error) => return Err(error.into()),
    };
    done.status_before.clone_from(&user.status);
    if let Some(successor) = &how.successor
        && read_account(okta, successor, None).await?.is_none()
    {
        return Err(Error::Missing(format!("there is no successor {successor}")));
    }
    let id = user.id.to_string();
    let is_away = user.status == Some(UserStatus::Deprovisioned);
    if !is_away {
        if user.status == Some(UserStatus::Active) {
            perform::move_account(okta, &id, Transition::Suspend).await?;
        }
        okta.users().revoke_sessions(&id).oauth_tokens(true).await?;
        okta.user_grants().revoke_all(&id).await?;
        done.roles = take_roles(okta, login, &id).await?;
        okta.users().reset_factors(&id).await?;
        done.groups = leave_groups(okta, &id).await?;
        done.applications = take_applications(okta, &id).await?;
    }
    if let Some(successor) = &how.successor {
        done.reports = hand_over(okta, login, successor).await?;
    }
    if !is_away {
        perform::move_account(okta, &id, Transition::Deactivate).await?;
        done.is_deactivated = true;
    } else if how
        .delete_after
        .is_some_and(|time| is_due(&user, time, now))
    {
        okta.users().delete(&id).send_email(false).await?;
        done.is_deleted = true;
    }
    Ok(done)
}

/// Takes the roles that the user has by themselves; those of groups go with the groups.
async fn take_roles(okta: &Client, login: &str, id: &str) -> Result<Vec<String>, Error> {
    let holder = Principal::user(login);
    let roles = okta.roles().list_assigned_for_user(id).all().await?;
    let mut taken = Vec::new();
    for role in roles {
        if role.assignment_type() == Some(&RoleAssignmentType::Group) {
            continue;
        }
        let assignment = role.id().to_string();
        if perform::revoke_role(okta, &holder, id, &assignment).await? == Outcome::Removed {
            taken.push(role.label().unwrap_or(&assignment).to_owned());
        }
    }
    Ok(taken)
}

/// Takes the user out of the groups of Okta's own.
async fn leave_groups(okta: &Client, id: &str) -> Result<Vec<String>, Error> {
    let mut left = Vec::new();
    for group in okta.users().list_groups(id).all().await? {
        // Everyone has everyone, and other kinds are filled by others.
        if group.type_ != Some(GroupType::OktaGroup) {
            continue;
        }
        let group_id = group.id.to_string();
        if perform::remove_member(okta, &group_id, id).await? == Outcome::Removed {
            left.push(group.profile.and_then(|it| it.name).unwrap_or(group_id));
        }
    }
    Ok(left)
}

async fn take_applications(okta: &Client, id: &str) -> Result<Vec<String>, Error> {
    let mine = field("user.id").eq(id);
    let apps = okta.applications().list().filter(mine).all().await?;
    let mut taken = Vec::new();
    for app in apps {
        let app_id = app.id().to_string();
        let path = okta_sdk::paths::AppUser {
            app_id: app_id.as_str(),
            user_id: id,
        };
        let is_own = match okta.application_users().get(path).await {
            Ok(user) => user.scope.as_ref().is_none_or(|it| it.as_str() == "USER"),
            Err(error) if error.is_not_found() => false,
            Err(error) => return Err(error.into()),
        };
        if is_own && perform::unassign_user(okta, path).await? == Outcome::Removed {
            taken.push(app.label().unwrap_or(&app_id).to_owned());
        }
    }
    Ok(taken)
}

/// Gives those whom `from` manages to another manager; their logins.
async fn hand_over(okta: &Client, from: &str, to: &str) -> Result<Vec<String>, Error> {
    let managed = field("profile.managerId").eq(from);
    let users = okta.users().list().search(managed).all().await?;
    let change = [("managerId".to_owned(), json!(to))].into();
    let mut reports = Vec::new();
    for user in users {
        if user.status == Some(UserStatus::Deprovisioned) {
            continue;
        }
        let id = user.id.to_string();
        if perform::update_user(okta, &id, None, &change).await? == Outcome::Updated {
            let login = user.profile.and_then(|it| it.login);
            reports.push(login.unwrap_or(id));
        }
    }
    reports.sort();
    Ok(reports)
}

/// Whether a deactivated account has been so for this long.
fn is_due(user: &User, time: Duration, now: i64) -> bool {
    let since = user.status_changed.as_ref();
    let since = since.and_then(|it| it.to_utc().ok().flatten());
    let wait = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    since.is_some_and(|since| since.timestamp().saturating_add(wait) <= now)
}

/// Lets someone come back: a deactivated or staged account is activated, a suspended one unsuspended.
/// Okta sends an e-mail to someone who is activated. Memberships and roles that the account still has
/// count again; what [`offboard`] has taken does not come back.
///
/// # Errors
/// What Okta refuses, that the user is not there included.
pub async fn rehire(okta: &Client, login: &str) -> Result<Outcome, Error> {
    let user = okta.users().get(login).await?;
    let transition = match user.status {
        Some(UserStatus::Deprovisioned | UserStatus::Staged) => Transition::Activate,
        Some(UserStatus::Suspended) => Transition::Unsuspend,
        _ => return Ok(Outcome::Kept),
    };
    perform::move_account(okta, &user.id.to_string(), transition).await
}

/// How someone is known, whatever their login.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Identity {
    /// Okta's id of the user.
    Id(String),
    /// An attribute of the profile that no two people share, such as `employeeNumber`, and its value.
    /// An empty value is nobody's.
    Attribute(String, Value),
}

impl Identity {
    /// Okta's id of the user.
    pub fn id(id: impl Into<String>) -> Self {
        Self::Id(id.into())
    }

    /// An attribute of the profile that no two people share, and its value.
    pub fn attribute(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::Attribute(name.into(), value.into())
    }

    /// The account of this login, and whether it is who is meant.
    async fn find(&self, okta: &Client, login: &str) -> Result<Option<(Account, bool)>, OktaError> {
        let wanted = match self {
            Self::Id(_) => None,
            Self::Attribute(name, value) => Some(Attributes::from([(name.clone(), value.clone())])),
        };
        let account = read_account(okta, login, wanted.as_ref()).await?;
        Ok(account.map(|account| {
            let is_meant = match self {
                Self::Id(id) => account.id == *id,
                Self::Attribute(_, Value::Null) => false,
                Self::Attribute(_, value) => *value != "" && account.differing.is_empty(),
            };
            (account, is_meant)
        }))
    }
}

/// Gives someone another login, and tells it to those whom they manage (`managerId`). The e-mail
/// address and everything else stay. It can be called again after a failure, and does what is left.
///
/// `who` says whose login it is. Without it, someone else who has got the new login since could not be
/// told from the one who has been renamed.
///
/// # Errors
/// What Okta refuses; [`Error::Changed`] if the old or the new login is someone else's;
/// [`Error::Missing`] if nobody has either.
pub async fn rename_login(
    okta: &Client,
    from: &str,
    to: &str,
    who: &Identity,
) -> Result<Outcome, Error> {
    let elses = |login: &str| Error::Changed(vec![format!("{login} is someone else's login")]);
    let is_case_only = key(from) == key(to);
    let new = match is_case_only {
        // Both logins are those of one account.
        true => None,
        false => who.find(okta, to).await?,
    };
    let outcome = match (who.find(okta, from).await?, new) {
        (_, Some((_, false))) | (Some((_, true)), Some(_)) => return Err(elses(to)),
        // The old login may be given to someone else afterwards, whose people are not handed over.
        (Some((_, false)), Some((_, true))) => return Ok(Outcome::Kept),
        (None, Some((_, true))) => Outcome::Kept,
        (Some((_, false)), None) => return Err(elses(from)),
        (None, None) => return Err(Error::Missing(format!("nobody has the login {from}"))),
        (Some((old, true)), None) => {
            let change = [("login".to_owned(), json!(to))].into();
            let outcome = perform::update_user(okta, &old.id, None, &change).await?;
            let seen = until(PATIENCE, || async {
                let now = read_account(okta, to, None).await?;
                Ok::<_, OktaError>(now.filter(|now| now.id == old.id))
            });
            if seen.await?.is_none() {
                let why = format!("Okta has taken the login {to} and does not show it");
                return Err(Error::Missing(why));
            }
            outcome
        }
    };
    let reports = hand_over(okta, from, to).await?;
    Ok(match reports.is_empty() {
        true => outcome,
        false => Outcome::Updated,
    })
}
