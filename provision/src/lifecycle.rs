//! What happens to people over the years: they leave, come back, change their names.

mod leaving;
mod reports;

use okta_sdk::models::UserStatus;
use okta_sdk::{Client, Error as OktaError};
use serde_json::Value;

use crate::desired::{Attributes, key};
use crate::error::Error;
use crate::org::{Account, read_account};
use crate::perform::{self, Outcome};
use crate::step::Transition;

pub use leaving::{Offboarded, Offboarding, offboard};
use reports::hand_over;

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
        (Some((old, true)), None) => perform::rename_user(okta, &old.id, to).await?,
    };
    let (reports, failed) = hand_over(okta, from, to).await?;
    if let Some((_, error)) = failed.into_iter().next() {
        return Err(error);
    }
    Ok(match reports.is_empty() {
        true => outcome,
        false => Outcome::Updated,
    })
}
