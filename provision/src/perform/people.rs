//! Users.

use std::time::Duration;

use okta_sdk::models::{CreateUserRequest, UpdateUserRequest};
use okta_sdk::{Client, Error as OktaError};
use serde_json::{Value, json};

use super::{Outcome, PATIENCE};
use crate::desired::{Attributes, Person, Standing};
use crate::error::Error;
use crate::once::{Once, Unique, is_unclear, once};
use crate::org::{Account, read_account};
use crate::step::{Transition, transition};
use crate::wait::until;

/// How often a change is sent whose answer was lost and that has not come to be.
const TRIES: usize = 3;

/// Makes a user; gives the id. One that is there already is kept if it has the attributes that are
/// wanted.
pub(crate) async fn create_user(
    okta: &Client,
    person: &Person,
    is_active: bool,
) -> Result<(Outcome, String), Error> {
    let profile = person.profile();
    let profile = &*profile;
    let body: CreateUserRequest = serde_json::from_value(person.creation())?;
    let (body, login) = (&body, person.login());
    let made = once(
        Unique::Yes,
        || async move {
            let create = okta.users().create(body);
            let user = create.activate(is_active).await?;
            Ok(Account {
                id: user.id.to_string(),
                status: user.status.unwrap_or(okta_sdk::models::UserStatus::Active),
                differing: Attributes::new(),
            })
        },
        || read_account(okta, login, Some(profile)),
    );
    let (outcome, account) = match made.await? {
        Once::Made(account) => (Outcome::Created, account),
        Once::Found(account) => (Outcome::Kept, account),
    };
    let wanted = if is_active {
        Standing::Active
    } else {
        Standing::Staged
    };
    let is_away = Transition::Deactivate.is_reached(&account.status);
    if is_away || transition(&account.status, wanted).is_some() {
        let status = account.status.as_str();
        let what = format!("{login} has been created by someone else, and is {status}");
        return Err(Error::Changed(vec![what]));
    }
    match account.differing.is_empty() {
        true => Ok((outcome, account.id)),
        false => {
            let names: Vec<_> = account.differing.keys().map(String::as_str).collect();
            Err(Error::Changed(vec![format!(
                "{login} has been created by someone else, with another {}",
                names.join(", ")
            )]))
        }
    }
}

/// Changes attributes of a profile, if they are as the plan saw them.
pub(crate) async fn update_user(
    okta: &Client,
    id: &str,
    from: Option<&Attributes>,
    to: &Attributes,
) -> Result<Outcome, Error> {
    let mut outcome = Outcome::Kept;
    for left in (0..TRIES).rev() {
        let now = there(read_account(okta, id, Some(to)).await?, id)?;
        if now.differing.is_empty() {
            return Ok(outcome);
        }
        let is_other = |(name, now): (&String, &Value)| {
            from.is_some_and(|from| from.get(name).is_none_or(|from| from != now))
        };
        if let Some((name, _)) = now.differing.iter().find(|it| is_other(*it)) {
            let what = format!("{name} has been changed by someone else");
            return Err(Error::Changed(vec![what]));
        }
        outcome = Outcome::Updated;
        let body: UpdateUserRequest = serde_json::from_value(json!({ "profile": to }))?;
        match okta.users().update(id, body).await {
            Ok(_) => return Ok(outcome),
            Err(error) if is_unclear(&error) && left > 0 => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(outcome)
}

/// Gives a user another login, and waits until it is seen.
pub(crate) async fn rename_user(okta: &Client, id: &str, to: &str) -> Result<Outcome, Error> {
    let change = [("login".to_owned(), json!(to))].into();
    let outcome = update_user(okta, id, None, &change).await?;
    let seen = until(PATIENCE, || async {
        let now = read_account(okta, to, None).await?;
        Ok::<_, OktaError>(now.filter(|now| now.id == id))
    });
    if seen.await?.is_none() {
        let why = format!("Okta has taken the login {to} and does not show it");
        return Err(Error::Missing(why));
    }
    Ok(outcome)
}

fn there(account: Option<Account>, id: &str) -> Result<Account, Error> {
    account.ok_or_else(|| Error::Changed(vec![format!("the user {id} is gone")]))
}

/// Changes what a user may do with the account, and waits until it is so.
pub(crate) async fn move_account(
    okta: &Client,
    id: &str,
    transition: Transition,
) -> Result<Outcome, Error> {
    let mut tries = 0;
    loop {
        tries += 1;
        match send(okta, id, transition).await {
            // Okta may activate later than it answers.
            Ok(()) if transition == Transition::Activate => {
                return match reached(okta, id, transition, PATIENCE).await? {
                    true => Ok(Outcome::Updated),
                    false => Err(Error::Missing(format!(
                        "Okta has taken the activation, and the user is not active after {PATIENCE:?}"
                    ))),
                };
            }
            Ok(()) => return Ok(Outcome::Updated),
            Err(error) => {
                // The answer may be lost, or the account was there before.
                let is_refused = error.status().is_some_and(|it| it.is_client_error());
                let may_be_so = is_unclear(&error) || is_refused;
                if may_be_so && reached(okta, id, transition, Duration::ZERO).await? {
                    return Ok(match is_refused && tries == 1 {
                        true => Outcome::Kept,
                        false => Outcome::Updated,
                    });
                }
                if !is_unclear(&error) || tries == TRIES {
                    return Err(error.into());
                }
            }
        }
    }
}

async fn send(okta: &Client, id: &str, transition: Transition) -> Result<(), OktaError> {
    let users = okta.users();
    match transition {
        Transition::Activate => users.activate(id).send_email(true).await.map(drop),
        Transition::Unsuspend => users.unsuspend(id).await,
        Transition::Suspend => users.suspend(id).await,
        Transition::Deactivate => users.deactivate(id).send_email(false).await,
    }
}

async fn reached(
    okta: &Client,
    id: &str,
    transition: Transition,
    patience: Duration,
) -> Result<bool, OktaError> {
    let found = until(patience, || async {
        let now = read_account(okta, id, None).await?;
        let is_reached = now.is_some_and(|now| transition.is_reached(&now.status));
        Ok::<_, OktaError>(is_reached.then_some(()))
    });
    Ok(found.await?.is_some())
}
