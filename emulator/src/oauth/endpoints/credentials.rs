//! Names and passwords.

use secrecy::ExposeSecret;

use crate::org::Org;
use crate::org::credentials::Password;
use crate::org::users::Status;

/// The user whose name and password these are, if the user may log in.
pub(crate) fn verified(org: &Org, name: &str, password: &str) -> Option<u64> {
    let position = org.find_user(name).ok()?;
    let user = org.users.get(position)?;
    let right = match &user.credentials.password {
        Some(Password::Known(known)) => known.expose_secret() == password,
        Some(Password::Imported) | None => false,
    };
    (right && user.status == Status::Active).then_some(position)
}
