//! What happens to people over the years: they leave, come back, change their names.

use std::time::Duration;

use okta_sdk::models::{User, UserStatus};
use okta_sdk::search::field;
use okta_sdk::{Client, Error as OktaError};
use serde_json::json;

use crate::desired::key;
use crate::error::Error;
use crate::org::read_account;
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
    /// Labels of the applications that were taken from the user, who had them by themselves.
    pub applications: Vec<String>,
    /// Logins of those who have another manager now.
    pub reports: Vec<String>,
    /// Whether the account was deactivated now.
    pub is_deactivated: bool,
    /// Whether the account was deleted now.
    pub is_deleted: bool,
}

/// Lets someone leave: suspends the account at once, ends sessions, revokes tokens and grants, takes
/// applications that the user has by themselves, hands over the people whom the user manages,
/// deactivates the account and, if that is asked for and due, deletes it. It can be called again after
/// a failure, and does what is left. Someone who is not there has left.
///
/// `now` is the time in seconds since 1970, for what is due.
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
/// Okta sends an e-mail to someone who is activated. Memberships that the account still has count
/// again.
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

/// Gives someone another login, and tells it to those whom they manage (`managerId`). The e-mail
/// address and everything else stay. It can be called again after a failure, and does what is left.
///
/// # Errors
/// What Okta refuses; [`Error::Changed`] if the new login is someone else's; [`Error::Missing`] if
/// nobody has either.
pub async fn rename_login(okta: &Client, from: &str, to: &str) -> Result<Outcome, Error> {
    let old = read_account(okta, from, None).await?;
    let new = read_account(okta, to, None).await?;
    let is_case_only = key(from) == key(to);
    let outcome = match (old, new) {
        (Some(_), Some(_)) if !is_case_only => {
            return Err(Error::Changed(vec![format!(
                "{to} is someone else's login"
            )]));
        }
        (None, Some(_)) => Outcome::Kept,
        (None, None) => return Err(Error::Missing(format!("nobody has the login {from}"))),
        (Some(old), _) => {
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
