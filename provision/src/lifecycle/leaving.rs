//! Someone leaves.

use std::time::Duration;

use okta_sdk::Client;
use okta_sdk::models::{GroupType, RoleAssignmentType, User, UserStatus};
use okta_sdk::search::field;

use super::reports::hand_over;
use crate::desired::Principal;
use crate::error::Error;
use crate::org::read_account;
use crate::perform::{self, Outcome};
use crate::report::Failure;
use crate::step::Transition;

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
/// user manages, deactivates the account and, if that is asked for and due, deletes it. Someone who is not
/// there has left.
///
/// What Okta refuses does not keep the account from being deactivated. It can be called again after a
/// failure, and does what is left: an account that is deactivated already is taken out of its groups.
/// Groups that a directory or an application fills are left to these.
///
/// `now` is the time in seconds since 1970, for what is due. Reading and taking roles needs
/// `okta.roles.manage` beside the scopes for users, groups, applications and their grants.
///
/// # Errors
/// [`Error::Offboarding`] with all that was refused and with what was done; [`Error::Missing`] if the
/// successor is not there, and nothing is done then; credentials that are no good.
pub async fn offboard(
    okta: &Client,
    login: &str,
    how: &Offboarding,
    now: i64,
) -> Result<Offboarded, Error> {
    let user = match okta.users().get(login).await {
        Ok(user) => user,
        Err(error) if error.is_not_found() => return Ok(Offboarded::default()),
        Err(error) => return Err(error.into()),
    };
    if let Some(successor) = &how.successor
        && read_account(okta, successor, None).await?.is_none()
    {
        return Err(Error::Missing(format!("there is no successor {successor}")));
    }
    let mut leaving = Leaving {
        okta,
        login,
        id: user.id.to_string(),
        done: Offboarded::default(),
        failures: Vec::new(),
    };
    leaving.done.status_before.clone_from(&user.status);
    leaving.leave(&user, how, now).await?;
    let Leaving { done, failures, .. } = leaving;
    match failures.is_empty() {
        true => Ok(done),
        false => Err(Error::Offboarding {
            done: Box::new(done),
            failures,
        }),
    }
}

/// Someone who is leaving.
struct Leaving<'a> {
    okta: &'a Client,
    login: &'a str,
    id: String,
    done: Offboarded,
    failures: Vec<Failure>,
}

impl Leaving<'_> {
    /// The result, or nothing if it is a failure, which is noted. What would fail with everything else,
    /// too, ends it.
    fn note<T>(&mut self, what: &str, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Ok(result) => Ok(Some(result)),
            Err(error) if error.is_hopeless() => Err(error),
            Err(error) => {
                self.failures.push(Failure::new(what.to_owned(), &error));
                Ok(None)
            }
        }
    }

    async fn leave(&mut self, user: &User, how: &Offboarding, now: i64) -> Result<(), Error> {
        let (okta, id) = (self.okta, self.id.clone());
        let id = id.as_str();
        let is_away = user.status == Some(UserStatus::Deprovisioned);
        if user.status == Some(UserStatus::Active) {
            let suspended = perform::move_account(okta, id, Transition::Suspend).await;
            self.note("suspend the account", suspended)?;
        }
        if !is_away {
            let ended = okta.users().revoke_sessions(id).oauth_tokens(true).await;
            self.note("end sessions", ended.map_err(Error::from))?;
            let revoked = okta.user_grants().revoke_all(id).await;
            self.note("revoke grants", revoked.map_err(Error::from))?;
            self.take_roles().await?;
            let reset = okta.users().reset_factors(id).await;
            self.note("remove second factors", reset.map_err(Error::from))?;
        }
        self.leave_groups().await?;
        if !is_away {
            self.take_applications().await?;
        }
        if let Some(successor) = &how.successor {
            let handed = hand_over(okta, self.login, successor).await;
            if let Some((reports, failed)) = self.note("hand over reports", handed)? {
                self.done.reports = reports;
                for (login, error) in failed {
                    self.note(&format!("hand over {login}"), Err::<(), _>(error))?;
                }
            }
        }
        if !is_away {
            let moved = perform::move_account(okta, id, Transition::Deactivate).await;
            let moved = self.note("deactivate the account", moved)?;
            self.done.is_deactivated = moved.is_some();
        } else if how.delete_after.is_some_and(|time| is_due(user, time, now)) {
            let deleted = okta.users().delete(id).send_email(false).await;
            let deleted = self.note("delete the account", deleted.map_err(Error::from))?;
            self.done.is_deleted = deleted.is_some();
        }
        Ok(())
    }

    /// Takes the roles that the user has by themselves; those of groups go with the groups.
    async fn take_roles(&mut self) -> Result<(), Error> {
        let holder = Principal::user(self.login);
        let roles = self
            .okta
            .roles()
            .list_assigned_for_user(&self.id)
            .all()
            .await;
        let roles = self.note("read the roles", roles.map_err(Error::from))?;
        for role in roles.into_iter().flatten() {
            if role.assignment_type() == Some(&RoleAssignmentType::Group) {
                continue;
            }
            let assignment = role.id().to_string();
            let label = role.label().unwrap_or(&assignment).to_owned();
            let taken = perform::revoke_role(self.okta, &holder, &self.id, &assignment).await;
            if self.note(&format!("take the role {label}"), taken)? == Some(Outcome::Removed) {
                self.done.roles.push(label);
            }
        }
        Ok(())
    }

    /// Takes the user out of the groups of Okta's own.
    async fn leave_groups(&mut self) -> Result<(), Error> {
        let groups = self.okta.users().list_groups(&self.id).all().await;
        let groups = self.note("read the groups", groups.map_err(Error::from))?;
        for group in groups.into_iter().flatten() {
            // Everyone has everyone, and other kinds are filled by others.
            if group.type_ != Some(GroupType::OktaGroup) {
                continue;
            }
            let id = group.id.to_string();
            let name = group.profile.and_then(|it| it.name);
            let name = name.unwrap_or_else(|| id.clone());
            let left = perform::remove_member(self.okta, &id, &self.id).await;
            if self.note(&format!("leave the group {name}"), left)? == Some(Outcome::Removed) {
                self.done.groups.push(name);
            }
        }
        Ok(())
    }

    async fn take_applications(&mut self) -> Result<(), Error> {
        let mine = field("user.id").eq(self.id.as_str());
        let apps = self.okta.applications().list().filter(mine).all().await;
        let apps = self.note("read the applications", apps.map_err(Error::from))?;
        for app in apps.into_iter().flatten() {
            let id = app.id().to_string();
            let label = app.label().unwrap_or(&id).to_owned();
            let taken = take_application(self.okta, &id, &self.id).await;
            let what = format!("take the application {label}");
            if self.note(&what, taken)? == Some(Outcome::Removed) {
                self.done.applications.push(label);
            }
        }
        Ok(())
    }
}

/// Takes an application that a user has by themselves.
async fn take_application(okta: &Client, app_id: &str, user_id: &str) -> Result<Outcome, Error> {
    let path = okta_sdk::paths::AppUser { app_id, user_id };
    let is_own = match okta.application_users().get(path).await {
        Ok(user) => user.scope.as_ref().is_none_or(|it| it.as_str() == "USER"),
        Err(error) if error.is_not_found() => false,
        Err(error) => return Err(error.into()),
    };
    match is_own {
        true => perform::unassign_user(okta, path).await,
        false => Ok(Outcome::Kept),
    }
}

/// Whether a deactivated account has been so for this long.
fn is_due(user: &User, time: Duration, now: i64) -> bool {
    let since = user.status_changed.as_ref();
    let since = since.and_then(|it| it.to_utc().ok().flatten());
    let wait = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    since.is_some_and(|since| since.timestamp().saturating_add(wait) <= now)
}
